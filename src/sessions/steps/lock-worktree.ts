import type { StepHandler } from '../../operations/apply-plan.ts'
import type { Step } from '../../operations/plan.ts'
import { readLockMarker, writeLockMarker } from '../../operations/trash/lock-marker.ts'
import type { Work } from '../work.ts'
import { lockReason } from '../lock-reason.ts'

export function lockWorktreeStep(path: string): Step {
  return { kind: 'lock-worktree', path, undo: 'git worktree unlock' }
}

/** Keeps everybody's `prune` and `remove` from a session. A lock somebody else has put on the worktree stays his. */
export const lockWorktree: StepHandler<Work> = {
  async apply(_step, { gitDir, session }) {
    if ((await readLockMarker(gitDir)) === null) await writeLockMarker(gitDir, lockReason(session.id))
  },
}
