import { join } from 'node:path'
import { quotePath } from '../../files/quote-path.ts'
import type { Context } from '../../sessions/context.ts'
import { loadSessions, type RegisteredSession } from '../../sessions/load-sessions.ts'
import { readRadar } from '../../sessions/radar/read-radar.ts'
import { readTouches } from '../../sessions/radar/read-touches.ts'
import type { Touch } from '../../sessions/radar/touch-answer.ts'
import { loadSessionDivergences, readSessionBases } from '../../sessions/session-bases.ts'
import type { AgentCall } from './agent-call.ts'
import type { Ground } from '../../sessions/grounds.ts'
import { openCall } from './open-call.ts'

export interface OverlapQuestion {
  /** The worktree the file is in. */
  readonly target: Ground
  /** From its root, with slashes. */
  readonly path: string
  /** Sessions that have the file otherwise. */
  readonly ids: readonly string[]
}

export interface Overlap {
  readonly policy: 'warn' | 'deny'
  readonly words: string
}

/** What the radar knows of these sessions and this file; undefined where none of them changed it, or nobody wants to know. */
export async function findOverlap(call: AgentCall, { target, path, ids }: OverlapQuestion): Promise<Overlap | undefined> {
  const { context, worktrees } = await openCall(call, target.path)
  const policy = context.loaded.config.agents.overlap
  if (policy === 'off') return undefined
  const { registered } = await loadSessions(context, worktrees, 'read')
  const own = registered.find(({ session }) => session.uuid === target.session?.uuid)
  const others = await dropIntegrated(
    context,
    registered.filter(({ session, worktree }) => ids.includes(session.id) && worktree.prunable === null),
  )
  if (others.length === 0) return undefined
  const asking = own?.session.id
  const sessions = own === undefined ? others : [own, ...others]
  const report = await readRadar(context, { sessions, ...(asking === undefined ? {} : { only: asking }) })
  const [touches] = await readTouches(context, { sessions, paths: [path], asking }, report)
  const found = touches?.touchedBy.filter(({ id }) => others.some(({ session }) => session.id === id)) ?? []
  if (found.length === 0) return undefined
  const lines = found.map((touch) => describe(touch, path, others, asking, context.now()))
  return { policy, words: [...lines, advice(policy, path)].join('\n') }
}

/** What is in its base already is in nobody's way, but for what is not committed. */
async function dropIntegrated(context: Context, entries: readonly RegisteredSession[]): Promise<RegisteredSession[]> {
  const own = entries.filter(({ session }) => session.branch !== null && session.branch !== session.base)
  const divergences = await loadSessionDivergences(context, await readSessionBases(context.git, own), own)
  const { readStatus, changedPaths } = await import('../../git/status.ts')
  const open: RegisteredSession[] = []
  for (const entry of entries) {
    const work = divergences.get(entry.session.id)?.work
    const isDone = work === 'merged' || work === 'net-zero'
    if (!isDone || changedPaths(await readStatus(context.git, entry.worktree.path)).length > 0) open.push(entry)
  }
  return open
}

function describe(
  { id, since, committed, uncommitted, conflict }: Touch,
  path: string,
  others: readonly RegisteredSession[],
  asking: string | undefined,
  now: Date,
): string {
  const how = committed ? (uncommitted ? 'committed, and more that is not' : 'committed') : 'not committed'
  const when = since === null ? '' : `; begun ${sayAge(now.getTime() - Date.parse(since))}`
  const root = others.find(({ session }) => session.id === id)?.worktree.path ?? ''
  const outcome =
    asking === undefined
      ? ''
      : conflict
        ? ' As both are now, merging would conflict in it.'
        : ' As both are now, merging would not conflict.'
  return `Flight Rules: session ${id} has changed ${quotePath(path)} too (${how}${when}).${outcome} Its version: ${quotePath(join(root, path))}`
}

function advice(policy: 'warn' | 'deny', path: string): string {
  if (policy === 'deny')
    return `Not edited: the project wants no file changed by two sessions (agents.overlap). Ask the person, or see flightrules radar --file ${quotePath(path)}`
  return 'Keep the change small and clear of theirs, or ask the person who goes first.'
}

function sayAge(milliseconds: number): string {
  const minutes = Math.round(milliseconds / 60_000)
  if (minutes < 1) return 'just now'
  const [count, unit] =
    minutes < 90
      ? [minutes, 'minute']
      : minutes < 48 * 60
        ? [Math.round(minutes / 60), 'hour']
        : [Math.round(minutes / 1_440), 'day']
  return `${count} ${unit}${count === 1 ? '' : 's'} ago`
}
