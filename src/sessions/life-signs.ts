import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Worktree } from '../git/worktrees.ts'
import { toOneLine } from '../integrate/inert-text.ts'
import { isWithin } from './find-session.ts'
import { findFreshHeartbeat, loadHeartbeats } from './heartbeat.ts'
import type { LiveProcess } from './live-processes.ts'
import type { RegisteredSession } from './load-sessions.ts'
import { toTimestamp } from './timestamp.ts'
import { isOwnLock } from './lock-reason.ts'

/** A sign that somebody works in a session, and where it was seen. */
export interface LifeSign {
  /** `process`: it is in there. `lock`: another tool holds git's lock on the worktree. `agent`: heard from lately. `files`: changed lately. */
  readonly source: 'process' | 'lock' | 'agent' | 'files'
  readonly detail: string
}

/** Milliseconds in which a file that was changed says that somebody is at it. */
const recent = 5 * 60_000

/** Files whose times are looked at; in a session with more, those tell enough. */
export const mostFiles = 200

/**
 * Signs of somebody in a session, the certain ones first. A file of its own that changed lately is one, but none that keeps what is
 * committed from being cleaned up.
 * @param changed paths that are not committed, relative to the worktree.
 */
export async function findLifeSigns(
  { worktree, gitDir }: RegisteredSession,
  processes: readonly LiveProcess[] | 'unknown',
  now: Date,
  changed: readonly string[] = [],
): Promise<LifeSign[]> {
  const inside = processes === 'unknown' ? [] : processes.filter(({ cwd }) => isWithin(worktree.path, cwd))
  const lock = findForeignLock(worktree)
  const [beats, touched] = await Promise.all([loadHeartbeats(gitDir), findLatest(worktree.path, changed)])
  const beat = findFreshHeartbeat(beats, now)
  return [
    ...inside.map(({ name, pid }): LifeSign => ({ source: 'process', detail: `${name} (${pid})` })),
    ...(lock === null ? [] : [{ source: 'lock' as const, detail: lock === '' ? 'locked without a reason' : toOneLine(lock) }]),
    ...(beat === undefined ? [] : [{ source: 'agent' as const, detail: `last heard of at ${toTimestamp(new Date(beat.at))}` }]),
    ...(touched !== undefined && now.getTime() - touched.at < recent
      ? [{ source: 'files' as const, detail: `${touched.path} changed at ${toTimestamp(new Date(touched.at))}` }]
      : []),
  ]
}

/** The reason of a lock that is not ours: agents lock the worktree they work in. null where there is none. */
export function findForeignLock({ locked }: Pick<Worktree, 'locked'>): string | null {
  if (locked === null || locked === 'initializing') return null
  return isOwnLock(locked) ? null : locked
}

async function findLatest(root: string, changed: readonly string[]): Promise<{ path: string; at: number } | undefined> {
  const times = await Promise.all(
    changed.slice(0, mostFiles).map((path) =>
      lstat(join(root, path)).then(
        ({ mtimeMs }) => ({ path, at: mtimeMs }),
        () => ({ path, at: 0 }),
      ),
    ),
  )
  return times.toSorted((a, b) => b.at - a.at)[0]
}
