import type { StepHandlers } from '../../operations/apply-plan.ts'
import type { Work } from '../work.ts'
import { addWorktree } from './add-worktree.ts'
import { carryChanges } from './carry-changes.ts'
import { createBranch } from './create-branch.ts'
import { provisionHandlers } from './provision-steps.ts'
import { lockWorktree } from './lock-worktree.ts'
import { writeSessionHistory, writeSessionManifest, writeSessionRecord } from './write-record.ts'

/** Every kind of step a session is made of. */
export const stepHandlers: StepHandlers<Work> = {
  'create-branch': createBranch,
  'add-worktree': addWorktree,
  'write-record': writeSessionRecord,
  'lock-worktree': lockWorktree,
  'write-manifest': writeSessionManifest,
  'write-history': writeSessionHistory,
  'carry-changes': carryChanges,
  ...provisionHandlers,
}
