import { namePaths } from '../files/quote-path.ts'
import { FlightRulesError } from '../errors.ts'
import { mergeTrees } from '../git/merge-tree.ts'
import { snapshotWorktree } from '../git/snapshot.ts'
import { type Context, commonDirOf } from './context.ts'

/**
 * Whether the main worktree's uncommitted changes fit a commit, found out before anything is made: where it is the commit main has checked
 * out they always do.
 * @throws FlightRulesError CARRY_CONFLICTS, naming the files.
 */
export async function requireCarryFits(context: Context, mainHead: string | null, start: string): Promise<void> {
  if (context.bare || mainHead === start) return
  const snapshot = await snapshotWorktree(context.git, {
    worktree: context.main,
    gitDir: commonDirOf(context),
    message: 'carry, tried',
  })
  const [merged] = await mergeTrees(context.git, [{ ours: start, theirs: snapshot.commit }])
  if (merged?.clean === true) return
  const paths = merged?.conflicts.map((conflict) => conflict.path) ?? []
  throw new FlightRulesError({
    kind: 'conflict',
    code: 'CARRY_CONFLICTS',
    message: `the uncommitted changes of ${context.main} do not fit the commit the session would start from: ${namePaths([...new Set(paths)], 20)}`,
    hint: 'start from what the main worktree has checked out (--from-here), or commit them there first (--commit <message>)',
    details: { paths },
  })
}
