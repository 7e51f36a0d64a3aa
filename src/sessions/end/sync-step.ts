import type { SyncMethod } from '../../config/types.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import type { StepHandler } from '../../operations/apply-plan.ts'
import { loadSessions } from '../load-sessions.ts'
import { syncWithin } from '../sync/sync-session.ts'
import type { EndWork } from './end-work.ts'

/** Brings the session onto its base before anything else is done with it; an operation of its own, which is journaled for itself. */
export const syncStep: StepHandler<EndWork> = {
  async apply(step, work) {
    const { context, entry, op } = work
    const method: SyncMethod = step.method === 'merge' ? 'merge' : 'rebase'
    const name = String(step.base)
    const onto = { ref: String(step.ref), name, oid: String(step.onto), findings: [] }
    work.findings.push(...(await syncWithin(context, entry, onto, method, op)))
    const set = await loadSessions(context, await listWorktrees(context.git))
    work.entry = set.registered.find(({ session }) => session.uuid === entry.session.uuid) ?? entry
  },
}
