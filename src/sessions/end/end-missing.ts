import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { retireMissing } from '../retire-missing.ts'
import { type Ended, type EndInput, emptyResult } from './end-input.ts'

/**
 * Abandons a session whose folder somebody deleted: what git still has of it (commits, index) is stored, the rest let go.
 * @throws FlightRulesError NOT_REMOVABLE, SESSION_MOVED; nothing was changed then.
 */
export async function endMissing(context: Context, entry: RegisteredSession, input: EndInput): Promise<Ended> {
  const { item, branchDeleted, findings } = await retireMissing(context, entry, {
    reason: 'abandoned; its folder was gone',
    event: 'ended',
    deleteBranch: !input.keepBranch,
    details: { strategy: 'abandon' },
  })
  const result = {
    ...emptyResult(entry.session.id, 'abandon', entry.worktree.path),
    worktreeRemoved: true,
    branchDeleted,
    trash: item.trash,
    purged: true,
    path: null,
  }
  return { result, findings }
}
