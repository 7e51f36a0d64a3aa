import type { StepHandler, StepHandlers } from '../../operations/apply-plan.ts'
import type { Work } from '../work.ts'
import { addWorktree } from './add-worktree.ts'
import { createBranch } from './create-branch.ts'
import { followRemoteHandler, holdHooksHandler, releaseHooksHandler } from './hold-hooks.ts'
import { provisionHandlers } from './provision-steps.ts'
import { lockWorktree } from './lock-worktree.ts'
import { writeSessionHistory, writeSessionManifest, writeSessionRecord } from './write-record.ts'

/** Only a start that carries changes needs it; hooks load the others. */
const carryLater: StepHandler<Work> = {
  apply: async (step, work) => (await import('./carry-changes.ts')).carryChanges.apply(step, work),
}

/** Every kind of step a session is made of. */
export const stepHandlers: StepHandlers<Work> = {
  'create-branch': createBranch,
  'add-worktree': addWorktree,
  'write-record': writeSessionRecord,
  'lock-worktree': lockWorktree,
  'write-manifest': writeSessionManifest,
  'write-history': writeSessionHistory,
  'carry-changes': carryLater,
  'hold-hooks': holdHooksHandler,
  'release-hooks': releaseHooksHandler,
  'follow-remote': followRemoteHandler,
  ...provisionHandlers,
}
