import { mapSideBySide } from '../files/side-by-side.ts'
import { listBranchTips } from '../git/branches.ts'
import { findIntegration } from '../integrate/is-integrated.ts'
import type { Context } from './context.ts'
import { loadDivergences, type Pair } from './divergence.ts'
import { findObstacle } from './find-obstacle.ts'
import { findProcessesIn } from './live-processes.ts'
import type { RegisteredSession, SessionSet } from './load-sessions.ts'

/** A session whose work is in its base, and what keeps it from being cleaned up, if anything. */
export interface MergedSession {
  readonly entry: RegisteredSession
  readonly tip: string
  readonly into: string
  readonly obstacle: string | null
}

/**
 * Sessions whose work is in their base, however it got there. One that has no commits of its own is never among them,
 * nor one that works on its base branch itself.
 */
export async function findMergedSessions(context: Context, set: SessionSet): Promise<MergedSession[]> {
  const candidates = set.registered.filter(
    ({ session, worktree }) =>
      !worktree.main &&
      worktree.prunable === null &&
      worktree.head !== null &&
      worktree.head !== session.baseCommit &&
      session.branch !== null &&
      session.branch !== session.base,
  )
  if (candidates.length === 0) return []
  const bases = [...new Set(candidates.map(({ session }) => session.base))]
  const tips = await listBranchTips(
    context.git,
    bases.map((base) => `refs/heads/${base}`),
  )
  const known = candidates.filter(({ session }) => tips.local.has(session.base))
  const pairs = known.map(({ session, worktree }) => ({
    base: tips.local.get(session.base) ?? '',
    tip: worktree.head ?? '',
    start: session.baseCommit,
    branch: session.branch,
  }))
  const divergences = await loadDivergences(context, pairs)
  const likely = known.flatMap((entry, index) => {
    const pair = pairs[index]
    return pair !== undefined && divergences[index]?.integrated === true ? [{ entry, pair }] : []
  })
  // what is remembered is good enough to look at, not to remove by
  const proven = await mapSideBySide(likely, ({ pair }) => isIntegrated(context, pair))
  const merged = likely.filter((_found, index) => proven[index]).map(({ entry }) => entry)
  const processes = await findProcessesIn(
    merged.map((entry) => entry.worktree.path),
    'thorough',
  )
  return Promise.all(
    merged.map(async (entry) => ({
      entry,
      tip: entry.worktree.head ?? '',
      into: entry.session.base,
      obstacle: await findObstacle(context, set, entry, processes),
    })),
  )
}

async function isIntegrated({ git }: Context, { base, tip, start, branch }: Pair): Promise<boolean> {
  const found = await findIntegration(git, { base, tip, start, ...(branch === null ? {} : { ref: `refs/heads/${branch}` }) })
  return found !== null && typeof found === 'object'
}
