import type { StepHandler } from '../../operations/apply-plan.ts'
import type { Step } from '../../operations/plan.ts'
import { readRef, updateRefs } from '../../git/refs.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import type { Work } from '../work.ts'

const nowhere = '0'.repeat(40)

export function createBranchStep(branch: string, oid: string): Step {
  return { kind: 'create-branch', branch, oid, undo: `delete the branch, if it still points at ${oid.slice(0, 12)}` }
}

/** Creates the branch only where there is none, and takes back only what it created. */
export const createBranch: StepHandler<Work> = {
  async apply(step, { context, session }) {
    const ref = `refs/heads/${String(step.branch)}`
    await updateRefs(context.git, [{ ref, new: String(step.oid), old: nowhere }], `flightrules: start ${session.id}`)
  },
  async undo(step, { context, session }) {
    const ref = `refs/heads/${String(step.branch)}`
    // what was interrupted is taken back all the same
    const git = context.git.withoutSignal()
    const present = await readRef(git, ref)
    // gone, or with commits on it that are somebody's
    if (present !== String(step.oid)) return
    // a start of that name that came later has made it its own, at the very same commit
    if ((await listWorktrees(git)).some(({ branch }) => branch === ref)) return
    await updateRefs(git, [{ ref, new: nowhere, old: String(step.oid) }], `flightrules: undo start ${session.id}`)
  },
}
