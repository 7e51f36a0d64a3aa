import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { loadHeartbeats } from './heartbeat.ts'
import type { RegisteredSession } from './load-sessions.ts'

/**
 * When a session was last worked in, as far as files tell: a commit, a checkout, something staged, an uncommitted file, an agent that was
 * heard from.
 * @param changed paths that are not committed, relative to the worktree.
 * @returns milliseconds since 1970.
 */
export async function findLastTouch(
  { session, worktree, gitDir }: RegisteredSession,
  changed: readonly string[],
): Promise<number> {
  const files = [join(gitDir, 'logs', 'HEAD'), join(gitDir, 'HEAD'), ...changed.map((path) => join(worktree.path, path))]
  const times = await Promise.all(
    files.map((file) =>
      lstat(file).then(
        (stats) => stats.mtimeMs,
        () => 0,
      ),
    ),
  )
  const [beat] = await loadHeartbeats(gitDir)
  const noted = [session.startedAt, session.lastSyncedAt ?? '', session.setup?.at ?? ''].map((time) => Date.parse(time) || 0)
  return Math.max(...times, ...noted, beat?.at ?? 0)
}
