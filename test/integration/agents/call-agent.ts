import { join } from 'node:path'
import { commonFields } from '../../support/claude-input.ts'
import { type CliResult, runCli } from '../../support/run-cli.ts'
import type { TestRepository } from '../../support/repository.ts'

const names: Readonly<Record<string, string>> = {
  'session-start': 'SessionStart',
  'pre-tool-use': 'PreToolUse',
  'worktree-create': 'WorktreeCreate',
  'worktree-remove': 'WorktreeRemove',
  stop: 'Stop',
  'subagent-stop': 'SubagentStop',
  'session-end': 'SessionEnd',
}

export interface AgentResult extends CliResult {
  /** What was answered, undefined where nothing was. */
  readonly answer: {
    readonly systemMessage?: string
    readonly hookSpecificOutput?: {
      readonly hookEventName: string
      readonly additionalContext?: string
      readonly permissionDecision?: string
      readonly permissionDecisionReason?: string
    }
  }
}

/** Calls one of the hooks as an agent in `cwd` does. */
export async function callAgent(
  repository: TestRepository,
  event: string,
  cwd: string,
  fields: Readonly<Record<string, unknown>> = {},
  env: Readonly<Record<string, string>> = {},
): Promise<AgentResult> {
  const input = JSON.stringify({ ...commonFields(cwd, names[event] ?? event), ...fields })
  return callRaw(repository, event, input, env)
}

export async function callRaw(
  repository: TestRepository,
  event: string,
  input: string,
  env: Readonly<Record<string, string>> = {},
): Promise<AgentResult> {
  const result = await runCli(['agent', event], { cwd: repository.parent, env: { ...repository.env, ...env }, input })
  let answer: AgentResult['answer'] = {}
  if (result.stdout.startsWith('{')) answer = JSON.parse(result.stdout) as AgentResult['answer']
  return { ...result, answer }
}

/** Nothing on standard output, nothing to see, and the agent goes on. */
export const silence = { status: 0, stdout: '', stderr: '' }

export function envFileOf({ parent }: TestRepository): string {
  return join(parent, 'claude-env.sh')
}
