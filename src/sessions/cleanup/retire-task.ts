import type { RegisteredSession } from '../load-sessions.ts'
import { previewRetirement, type Retirement, retireSession } from '../retire-session.ts'
import type { Context } from '../context.ts'
import { type CleanupTask, historyDetails, nothing } from './cleanup-task.ts'

/** Taking a session's worktree away through the one gate there is; its uncommitted work stops it, or goes into the trash with the rest. */
export function retireTask(
  context: Context,
  entry: RegisteredSession,
  { reason, content, deleteBranch }: Pick<Retirement, 'reason' | 'content' | 'deleteBranch'>,
): Pick<CleanupTask, 'preview' | 'carryOut'> {
  const retirement: Retirement = { reason, event: 'cleaned-up', tip: entry.worktree.head, content, deleteBranch }
  return {
    preview: () => previewRetirement(context, entry, retirement),
    async carryOut(run) {
      const { item, purged, findings } = await retireSession(context, entry, { ...retirement, details: historyDetails(run) })
      return { trash: purged ? null : item.trash, findings }
    },
  }
}

/** Nobody's answer to a cleanup takes the ground from under who is at work there. */
export function leaveInUse({ session }: RegisteredSession): Pick<CleanupTask, 'action' | 'verdict' | 'preview' | 'carryOut'> {
  const action = `left alone while somebody is at work in it; when nobody is: flightrules end ${session.id}`
  return { ...nothing, action, verdict: 'leave' }
}
