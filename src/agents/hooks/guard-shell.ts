import { existsSync } from 'node:fs'
import { realpath } from 'node:fs/promises'
import { loadTrash } from '../../operations/trash/item.ts'
import { guardDeletion } from '../shell/rules/delete.ts'
import { guardOthers } from '../shell/rules/foreign.ts'
import { guardPush } from '../shell/rules/push.ts'
import { guardWorktreeRemoval } from '../shell/rules/remove-worktree.ts'
import type { Rule, Surroundings, Verdict } from '../shell/rules/rule.ts'
import { guardTrust } from '../shell/rules/trust.ts'
import type { Dialect } from '../shell/script.ts'
import { listRuns, type Run } from '../shell/walk.ts'
import { type AgentAnswer, type AgentCall, denyTool, nothingToSay, tellAgent } from './agent-call.ts'
import { listGrounds } from '../../sessions/grounds.ts'
import type { Place } from './place.ts'
import { loadSaid, shortDigest } from './said.ts'

/** Nobody types more; a file that is written with a here-document may be longer, and is not read. */
const longestScript = 256 * 1024

const rules: readonly Rule[] = [guardTrust, guardPush, guardWorktreeRemoval, guardDeletion, guardOthers]

/** A command of the agent's shell: stopped where it certainly would take somebody's work away, warned about once where it may. */
export async function guardShell(call: AgentCall, place: Place, script: string, dialect: Dialect): Promise<AgentAnswer> {
  if (script.length > longestScript) return nothingToSay
  const cwd = await realpath(place.cwd)
  const variables = { HOME: call.env['HOME'], PWD: cwd, TMPDIR: call.env['TMPDIR'] }
  const runs = listRuns({ script, dialect, cwd, variables, isThere: existsSync })
  const verdicts = await judge(runs, await survey(place, runs))
  const denied = verdicts.find(({ decision }) => decision === 'deny')
  if (denied !== undefined) return denyTool(denied.reason)
  if (verdicts.length === 0) return nothingToSay
  const said = await loadSaid(place.location.commonDir, call)
  const about = `shell ${await shortDigest(`${cwd}\0${script}`)}`
  if (said.has(about, '')) return nothingToSay
  said.note(about, '')
  await said.store()
  return tellAgent('PreToolUse', [...new Set(verdicts.map(({ reason }) => reason))].slice(0, 3).join('\n'))
}

async function judge(runs: readonly Run[], surroundings: Surroundings): Promise<Verdict[]> {
  const verdicts: Verdict[] = []
  for (const run of runs) for (const rule of rules) verdicts.push(...(await rule(run, surroundings)))
  return verdicts
}

async function survey(place: Place, runs: readonly Run[]): Promise<Surroundings> {
  const { commonDir, worktree } = place.location
  const mayDelete = runs.some(({ name }) => name === undefined || /^(?:rm|rd|ri|del|erase|rmdir|find|remove-item)$/.test(name))
  const [grounds, trash] = await Promise.all([listGrounds(commonDir), mayDelete ? loadTrash(commonDir) : []])
  const own = place.session === null ? undefined : grounds.find(({ path }) => path === worktree)
  return { commonDir, grounds, own: own ?? null, trash: trash.map(({ path }) => path) }
}
