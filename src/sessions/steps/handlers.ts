import type { StepHandlers } from '../../operations/apply-plan.ts'
import type { Work } from '../work.ts'
import { addWorktree } from './add-worktree.ts'
import { carryChanges } from './carry-changes.ts'
import { createBranch } from './create-branch.ts'
import { provisionHandlers } from './provision-steps.ts'
import { writeSessionManifest, writeSessionRecord } from './write-record.ts'

/** Every kind of step a session is made of. */
export const stepHandlers: StepHandlers<Work> = {
  'create-branch': createBranch,
  'add-worktree': addWorktree,
  'write-record': writeSessionRecord,
  'write-manifest': writeSessionManifest,
  'carry-changes': carryChanges,
  ...provisionHandlers,
}
