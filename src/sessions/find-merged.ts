import { askInParts } from '../git/ask-in-parts.ts'
import { listFollowing } from '../git/upstreams.ts'
import { hasLanded } from '../integrate/integration.ts'
import type { WorkQuestion, WorkVerdict } from '../integrate/judge-work.ts'
import type { Context } from './context.ts'
import { loadDivergences } from './divergence.ts'
import { findObstacle, type Obstacle } from './find-obstacle.ts'
import { findProcessesIn } from './live-processes.ts'
import type { RegisteredSession, SessionSet } from './load-sessions.ts'

/** A session whose work need not be waited for any more, and what keeps it from being cleaned up, if anything. */
export interface MergedSession {
  readonly entry: RegisteredSession
  readonly tip: string
  /** `merged`: its work is in its base; `reverted`: it was, and was taken back; `net-zero`: its commits change nothing together. */
  readonly work: 'merged' | 'reverted' | 'net-zero'
  /** Where the work is: the base, or the remote-tracking branch it follows. */
  readonly into: string
  readonly obstacle: Obstacle | null
}

/** A session with commits of its own, and what it is measured by. */
export interface Candidate {
  readonly entry: RegisteredSession
  readonly question: WorkQuestion
  /** What the two sides are called: `main`, `origin/main`. */
  readonly names: { readonly base: string; readonly upstream: string }
  /** There is something to fetch for its base. */
  readonly isFollowing: boolean
}

/**
 * Sessions whose work is in their base, however it got there, and those there is nothing left of to merge. One that has no commits of its
 * own is never among them, nor one that works on its base branch itself.
 */
export async function findMergedSessions(context: Context, set: SessionSet): Promise<MergedSession[]> {
  const candidates = await listCandidates(context, set)
  const divergences = await loadDivergences(
    context,
    candidates.map(({ entry, question: { base, tip, upstream } }) => ({
      base,
      tip,
      start: entry.session.baseCommit,
      branch: entry.session.branch,
      upstream,
    })),
  )
  const likely = candidates.filter((_candidate, index) => (divergences[index]?.work ?? 'open') !== 'open')
  if (likely.length === 0) return []
  // what is remembered is good enough to look at, not to remove by
  const { judgeWork } = await import('../integrate/judge-work.ts')
  const verdicts = await askInParts(likely, (some) =>
    judgeWork(
      context.git,
      some.map(({ question }) => question),
    ),
  )
  const found = likely.flatMap((candidate, index) => {
    const verdict = verdicts[index] ?? null
    return verdict instanceof Error ? [] : nameWork(candidate, verdict)
  })
  return findObstacles(context, set, found)
}

/** The same sessions, with what keeps each from going. */
export async function findObstacles<T extends Pick<MergedSession, 'entry'>>(
  context: Context,
  set: SessionSet,
  found: readonly T[],
): Promise<(T & Pick<MergedSession, 'obstacle'>)[]> {
  const processes = await findProcessesIn(
    found.map(({ entry }) => entry.worktree.path),
    'thorough',
  )
  return Promise.all(
    found.map(async (merged) => ({ ...merged, obstacle: await findObstacle(context, set, merged.entry, processes) })),
  )
}

/** Sessions that can have been merged, with the commits of their bases. */
export async function listCandidates(context: Context, set: SessionSet): Promise<Candidate[]> {
  const entries = set.registered.filter(
    ({ session, worktree }) =>
      !worktree.main &&
      worktree.prunable === null &&
      worktree.head !== null &&
      worktree.head !== session.baseCommit &&
      session.branch !== null &&
      session.branch !== session.base,
  )
  if (entries.length === 0) return []
  const bases = await listFollowing(
    context.git,
    entries.map(({ session }) => session.base),
  )
  return entries.flatMap((entry) => {
    const { session, worktree } = entry
    const { local = null, upstream = null } = bases.get(session.base) ?? {}
    const base = local ?? upstream?.oid ?? null
    if (base === null) return []
    const question = {
      base,
      upstream: upstream?.oid ?? null,
      tip: worktree.head ?? '',
      start: session.baseCommit,
      ...(session.branch === null ? {} : { ref: `refs/heads/${session.branch}` }),
    }
    const follows = upstream?.tracking.replace('refs/remotes/', '') ?? session.base
    const names = { base: local === null ? follows : session.base, upstream: follows }
    return [{ entry, question, names, isFollowing: upstream !== null }]
  })
}

function nameWork({ entry, question, names }: Candidate, verdict: WorkVerdict): Omit<MergedSession, 'obstacle'>[] {
  const about = { entry, tip: question.tip }
  if (verdict === 'reverted' || verdict === 'net-zero') return [{ ...about, work: verdict, into: names.base }]
  return hasLanded(verdict) ? [{ ...about, work: 'merged', into: names[verdict.where] }] : []
}
