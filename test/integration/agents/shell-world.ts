import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect } from 'vitest'
import type { AgentCall } from '../../../src/agents/hooks/agent-call.ts'
import { preToolUse } from '../../../src/agents/hooks/pre-tool-use.ts'
import type { TrashItem } from '../../../src/operations/trash/item.ts'
import { retireSession } from '../../../src/sessions/retire-session.ts'
import { type Engine, makeEngine } from '../sessions/engine.ts'
import { commonFields } from '../../support/claude-input.ts'

export interface ShellWorld {
  readonly engine: Engine
  readonly main: string
  readonly login: string
  readonly search: string
  /** A session that was put away. */
  readonly item: TrashItem
  /** What the agent is answered: `deny: …`, `warn: …` or nothing. In the session login, unless told otherwise. */
  judge(command: string, cwd?: string, tool?: string, agent?: string): Promise<string>
}

/** Two sessions at work, one that was put away. */
export async function makeShellWorld(): Promise<ShellWorld> {
  const engine = await makeEngine()
  const { path: login } = await engine.start('login')
  const { path: search } = await engine.start('search')
  const { path: gone } = await engine.start('gone')
  await writeFile(join(gone, 'new.txt'), 'x')
  const { context } = await engine.open()
  const target = await engine.session('gone')
  const { item } = await retireSession(context, target, {
    reason: 'test',
    event: 'ended',
    tip: target.worktree.head,
    content: 'any',
    deleteBranch: false,
  })
  const main = engine.path
  for (const root of [login, main]) await mkdir(join(root, 'src'))
  async function judge(command: string, cwd = login, tool = 'Bash', agent = Math.random().toString()): Promise<string> {
    const fields = { ...commonFields(cwd, 'PreToolUse'), session_id: agent, tool_name: tool, tool_input: { command } }
    const env = { ...engine.env, HOME: join(engine.parent, 'home') }
    const call: AgentCall = { fields, env, isOff: false, signal: new AbortController().signal, say: () => {} }
    const { status, stdout } = await preToolUse(call)
    expect(status).toBe(0)
    if (stdout === undefined) return ''
    const { hookSpecificOutput: output } = JSON.parse(stdout) as {
      hookSpecificOutput: { permissionDecision?: string; permissionDecisionReason?: string; additionalContext?: string }
    }
    return output.permissionDecision === undefined
      ? `warn: ${output.additionalContext ?? ''}`
      : `${output.permissionDecision}: ${output.permissionDecisionReason ?? ''}`
  }
  return { engine, main, login, search, item, judge }
}
