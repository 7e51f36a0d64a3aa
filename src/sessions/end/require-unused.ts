import { setTimeout as sleep } from 'node:timers/promises'
import { type Finding, FlightRulesError } from '../../errors.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { listAdminDirectories } from '../../git/worktrees.ts'
import { type Context, commonDirOf } from '../context.ts'
import { isWithin } from '../find-session.ts'
import { findProcessesIn, type LiveProcess, listOthers } from '../live-processes.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import type { EndInput } from './end-input.ts'

/**
 * Whoever is still in a worktree would lose the ground under it. What is abandoned stays where it is written to, in the trash, so there it is only
 * said; the command itself, the shells around it and its pipeline do not count.
 * @throws FlightRulesError WORKTREE_IN_USE (exit 5), WORKTREE_INSIDE; nothing was changed then.
 */
export async function requireUnused(
  context: Context,
  { session, worktree }: RegisteredSession,
  input: EndInput,
): Promise<Finding[]> {
  const isRemoved = (input.strategy === 'merge' && !input.keepWorktree) || input.strategy === 'abandon'
  if (!isRemoved || session.mode === 'standard' || worktree.prunable !== null) return []
  const inner = [...(await listAdminDirectories(commonDirOf(context))).keys()].find(
    (path) => path !== worktree.path && isWithin(worktree.path, path),
  )
  if (inner !== undefined) throw hasInner(session.id, inner)
  const others = await findOthers(worktree.path)
  if (others.length === 0) return []
  const who = others.slice(0, 5).map((live) => `${live.name} (process ${live.pid})`)
  const message = `session ${session.id} is in use: ${who.join(', ')}${others.length > 5 ? ' and more' : ''}`
  if (input.strategy === 'abandon')
    return [{ code: 'WORKTREE_IN_USE', message: `${message}; what it writes goes into the trash` }]
  throw inUse(message, others)
}

/** A git that looks something up, another command's say, is gone in a moment; one that stays is somebody's. */
async function findOthers(path: string): Promise<LiveProcess[]> {
  for (let attempt = 1; ; attempt += 1) {
    const inside = await findProcessesIn([path], 'quick')
    const others = inside === 'unknown' ? [] : await listOthers(inside)
    // one that is just being started still has the name of whoever starts it
    const arePassing = others.length > 0 && (attempt < 4 || others.every(({ name }) => name.startsWith('git')))
    if (!arePassing || attempt === 20) return others
    await sleep(50)
  }
}

function hasInner(id: string, path: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'WORKTREE_INSIDE',
    message: `another worktree is inside session ${id}, at ${path}, and would go with it; nothing was done`,
    hint: `end that one first, or move it: git worktree move ${quoteForShell(path)} <elsewhere>`,
    choices: [{ flag: '--keep-worktree', label: 'merge, and leave the worktree where it is' }],
    details: { id, path },
  })
}

function inUse(message: string, others: readonly LiveProcess[]): FlightRulesError {
  return new FlightRulesError({
    kind: 'busy',
    code: 'WORKTREE_IN_USE',
    message: `${message}; merging would take its directory away, so nothing was done`,
    hint: 'stop it or have it leave the directory, then run the command again',
    choices: [{ flag: '--keep-worktree', label: 'merge, and leave the worktree where it is' }],
    details: { processes: others.map(({ pid, name, cwd }) => ({ pid, name, cwd })) },
  })
}
