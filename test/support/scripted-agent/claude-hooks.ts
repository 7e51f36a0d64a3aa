import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { runProgram } from '../run-cli.ts'
import { commonFields } from '../claude-input.ts'

interface Settings {
  readonly hooks: Readonly<
    Record<string, readonly { readonly matcher?: string; readonly hooks: readonly { readonly command: string }[] }[]>
  >
}

interface Answer {
  readonly hookSpecificOutput?: {
    readonly hookEventName: string
    readonly additionalContext?: string
    readonly permissionDecision?: string
    readonly permissionDecisionReason?: string
  }
}

export interface Conversation {
  readonly id: string
  readonly directory: string
  readonly env: Readonly<Record<string, string>>
}

/**
 * Starts the hooks that the settings in an agent's directory have for an event, as Claude Code does: with a shell, where the agent is, and its JSON on
 * standard input. Gives what the agent is told; rejects where it is stopped.
 */
export async function callHooks(
  { id, directory, env }: Conversation,
  event: string,
  fields: Readonly<Record<string, unknown>>,
): Promise<string> {
  const { hooks } = JSON.parse(await readFile(join(directory, '.claude/settings.json'), 'utf8')) as Settings
  const tool = String(fields['tool_name'] ?? '')
  const groups = (hooks[event] ?? []).filter(({ matcher }) => matcher === undefined || new RegExp(`^(?:${matcher})$`).test(tool))
  const input = JSON.stringify({ ...commonFields(directory, event), ...fields, session_id: id })
  const said: string[] = []
  for (const { command } of groups.flatMap((group) => group.hooks)) {
    const { status, stdout, stderr } = await runProgram('sh', ['-c', command], { cwd: directory, env, input })
    if (status !== 0 || stderr !== '') throw new Error(`a hook for ${event} ended with ${status}: ${stderr}`)
    const { hookSpecificOutput: output } = (stdout === '' ? {} : JSON.parse(stdout)) as Answer
    if (output?.permissionDecision === 'deny') throw new Error(`${tool} was stopped: ${output.permissionDecisionReason}`)
    if (output?.additionalContext !== undefined) said.push(output.additionalContext)
  }
  return said.join('\n')
}
