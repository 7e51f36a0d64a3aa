import { excludeFromStatus } from '../../git/exclude.ts'
import type { StepHandler, StepHandlers } from '../../operations/apply-plan.ts'
import { commonDirOf } from '../context.ts'
import type { Work } from '../work.ts'
import { addWorktree } from './add-worktree.ts'
import { carryChanges } from './carry-changes.ts'
import { createBranch } from './create-branch.ts'
import { provisionHandlers } from './provision-steps.ts'
import { writeSessionManifest, writeSessionRecord } from './write-record.ts'

const excludeSessions: StepHandler<Work> = {
  async apply(step, { context }) {
    await excludeFromStatus({ commonDir: commonDirOf(context), patterns: [String(step.pattern)] })
  },
}

/** Every kind of step a session is made of. */
export const stepHandlers: StepHandlers<Work> = {
  'exclude-from-status': excludeSessions,
  'create-branch': createBranch,
  'add-worktree': addWorktree,
  'write-record': writeSessionRecord,
  'write-manifest': writeSessionManifest,
  'carry-changes': carryChanges,
  ...provisionHandlers,
}
