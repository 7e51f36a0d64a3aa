import { findIncomplete, sayWhy } from '../find-incomplete.ts'
import { findObstacle } from '../find-obstacle.ts'
import { findProcessesIn } from '../live-processes.ts'
import type { CleanupFinder } from './cleanup-task.ts'
import { leaveInUse, retireTask } from './retire-task.ts'

/** Sessions that were never finished being made. One whose setup failed is good for working in; one with nothing in it is not missed. */
export const findHalfMade: CleanupFinder = async ({ context, set }) => {
  const incomplete = findIncomplete(set, context.now()).filter(({ entry }) => !entry.worktree.main)
  const processes = await findProcessesIn(
    incomplete.map(({ entry }) => entry.worktree.path),
    'thorough',
  )
  return Promise.all(
    incomplete.map(async ({ entry, why }) => {
      const { session, worktree } = entry
      const what = sayWhy({ entry, why })
      const commits = worktree.head === session.baseCommit ? null : 'it has commits of its own'
      const found = await findObstacle(context, set, entry, processes)
      const obstacle = commits ?? found?.why ?? null
      const isSafe = obstacle === null && why === 'interrupted'
      return {
        id: session.id,
        kind: 'half-made' as const,
        evidence: `${what}${obstacle === null ? ', and nothing is in it' : `; but ${obstacle}`}`,
        action: `remove its worktree and its branch${isSafe ? '' : `; all it holds goes into the trash (to make it ready instead: flightrules setup ${session.id})`}`,
        verdict: isSafe ? ('safe' as const) : ('ask' as const),
        ...retireTask(context, entry, { reason: what, content: isSafe ? 'clean' : 'any', deleteBranch: session.ownsBranch }),
        ...(found?.isInUse === true ? leaveInUse(entry) : {}),
      }
    }),
  )
}
