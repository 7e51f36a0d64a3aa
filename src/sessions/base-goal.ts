import { requireBearable } from '../git/ask-in-parts.ts'
import { isAncestor } from '../git/ancestry.ts'
import type { FollowingBranch } from '../git/upstreams.ts'
import type { Context } from './context.ts'

/**
 * What sessions of a base are measured against and brought onto: its branch here, or, where that is only behind, what it follows. Where
 * both have commits of their own it is the branch here, for that is what sessions are merged into.
 */
export async function findGoal(
  { git }: Pick<Context, 'git'>,
  { local, upstream }: FollowingBranch,
): Promise<'local' | 'upstream' | null> {
  const seen = upstream?.oid ?? null
  if (local === null) return seen === null ? null : 'upstream'
  return seen === null || seen === local || !(await isAncestor(git, local, seen)) ? 'local' : 'upstream'
}

/** The commit each base comes to, null where there is none. A git process only for what is not where it was last seen. */
export async function findGoals(
  context: Pick<Context, 'git'>,
  bases: ReadonlyMap<string, FollowingBranch>,
): Promise<Map<string, string | null>> {
  const goals = new Map<string, string | null>()
  for (const [name, base] of bases) {
    const goal = await findGoal(context, base).catch((error: unknown) => {
      // a history that is not whole is named when it is measured
      requireBearable(error)
      return 'local' as const
    })
    goals.set(name, goal === 'upstream' ? (base.upstream?.oid ?? null) : base.local)
  }
  return goals
}
