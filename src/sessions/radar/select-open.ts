import { mapSideBySide } from '../../files/side-by-side.ts'
import { requireBearable } from '../../git/ask-in-parts.ts'
import { changedPaths, readStatus, type WorktreeStatus } from '../../git/status.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { loadSessionDivergences, readSessionBases, type SessionBases } from '../session-bases.ts'

export interface OpenSessions {
  readonly sessions: readonly RegisteredSession[]
  /** Ids of those that are in their base already and have nothing more: these are in nobody's way. */
  readonly merged: readonly string[]
  /** What git says of the worktrees, by id; null where it could not. */
  readonly statuses: ReadonlyMap<string, WorktreeStatus | null>
  readonly bases: SessionBases
}

/** The sessions with something of their own, and `asked` in any case. One `git status` for each, and what is not known of merges. */
export async function selectOpen(
  context: Context,
  all: readonly RegisteredSession[],
  asked: string | undefined,
): Promise<OpenSessions> {
  const [bases, read] = await Promise.all([
    readSessionBases(context.git, all),
    mapSideBySide(all, async ({ worktree }): Promise<WorktreeStatus | null> =>
      worktree.prunable === null ? readStatus(context.git, worktree.path).catch(() => null) : null,
    ),
  ])
  const statuses = new Map(all.map(({ session }, index) => [session.id, read[index] ?? null]))
  const clean = all.filter(({ session: { id, branch, base, sessionLog } }) => {
    const status = statuses.get(id) ?? null
    if (id === asked || branch === null || branch === base || status === null || status.unread.length > 0) return false
    return changedPaths(status).every((path) => path === sessionLog)
  })
  // what cannot be told is compared
  const divergences = await loadSessionDivergences(context, bases, clean).catch((error: unknown) => {
    requireBearable(error)
    return new Map<string, never>()
  })
  const isMerged = (id: string): boolean => divergences.get(id)?.work === 'merged'
  return {
    sessions: all.filter(({ session }) => !isMerged(session.id)),
    merged: clean.flatMap(({ session }) => (isMerged(session.id) ? [session.id] : [])),
    statuses,
    bases,
  }
}
