import { findMergedSessions } from '../find-merged.ts'
import type { CleanupFinder } from './cleanup-task.ts'
import { retireTask } from './retire-task.ts'

/** Sessions whose work is in their base. */
export const findMerged: CleanupFinder = async ({ context, set }) => {
  const merged = await findMergedSessions(context, set)
  return merged.map(({ entry, into, obstacle }) => {
    const { id, ownsBranch } = entry.session
    const deleteBranch = ownsBranch && context.loaded.config.end.deleteBranch === 'merged'
    const what = `remove its worktree${deleteBranch ? ' and its branch' : ''}`
    const reason = `merged into ${into}`
    return {
      id,
      kind: 'merged',
      evidence: `its work is in ${into}${obstacle === null ? ', it is clean, and nobody is in it' : `; but ${obstacle}`}`,
      action: obstacle === null ? what : `${what}; all it holds goes into the trash`,
      verdict: obstacle === null ? 'safe' : 'ask',
      ...retireTask(context, entry, { reason, content: obstacle === null ? 'clean' : 'any', deleteBranch }),
    }
  })
}
