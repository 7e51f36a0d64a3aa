import type { Git } from '../git/git.ts'
import { type FollowingBranch, listFollowing } from '../git/upstreams.ts'
import { findGoals } from './base-goal.ts'
import type { Context } from './context.ts'
import { type Divergence, loadDivergences, type Pair } from './divergence.ts'
import type { RegisteredSession } from './load-sessions.ts'
import type { Session } from './session.ts'

/** Where the bases of some sessions are, and what those follow. */
export interface SessionBases {
  /** The commit a base is at, as `findGoals` has it; null where there is none. */
  tipOf(base: string): string | null
  /** What a session at `tip` is measured by; undefined where its base is not to be found. */
  pairOf(session: Pick<Session, 'base' | 'baseCommit' | 'branch'>, tip: string | null): Pair | undefined
}

/** One git process where bases are called the same here and on the remote, and one for each that is not where it was last seen there. */
export async function readSessionBases(
  git: Git,
  sessions: readonly { readonly session: Pick<Session, 'base'> }[],
): Promise<SessionBases> {
  const names = sessions.map(({ session }) => session.base)
  const bases: ReadonlyMap<string, FollowingBranch> = names.length === 0 ? new Map() : await listFollowing(git, names)
  const goals = await findGoals({ git }, bases)
  const tipOf: SessionBases['tipOf'] = (base) => goals.get(base) ?? null
  return {
    tipOf,
    pairOf({ base: name, baseCommit: start, branch }, tip) {
      const upstream = bases.get(name)?.upstream?.oid ?? null
      const base = tipOf(name)
      return tip === null || base === null ? undefined : { base, tip, start, branch, upstream }
    },
  }
}

/** By id: how the commits of these sessions stand to their bases, of those that can be told. */
export async function loadSessionDivergences(
  context: Context,
  bases: SessionBases,
  sessions: readonly RegisteredSession[],
): Promise<ReadonlyMap<string, Divergence>> {
  const known = sessions.flatMap(({ session, worktree }) => {
    const pair = bases.pairOf(session, worktree.head)
    return pair === undefined ? [] : [{ id: session.id, pair }]
  })
  const found = await loadDivergences(
    context,
    known.map(({ pair }) => pair),
  )
  return new Map(
    known.flatMap(({ id }, index) => {
      const divergence = found[index]
      return divergence === undefined ? [] : [[id, divergence]]
    }),
  )
}
