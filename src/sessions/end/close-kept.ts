import type { Finding } from '../../errors.ts'
import type { Json } from '../../operations/plan.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { changeSession } from '../save-session.ts'
import { noteEnded } from './note-ended.ts'

/** Records a session as ended but kept: its worktree stays, and nobody cleans it up unasked. */
export async function closeKept(
  context: Context,
  { session, gitDir }: Pick<RegisteredSession, 'session' | 'gitDir'>,
  { op, integrated, pushed }: { op: string; integrated: Json; pushed: boolean },
): Promise<Finding[]> {
  const { findings } = await changeSession(context, gitDir, session, (current) => ({ ...current, status: 'kept' }))
  await noteEnded(context, session, op, { reason: 'kept', pushed, integrated })
  return findings
}
