import { appendHistoryOnce } from '../../operations/history.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { Session } from '../session.ts'

/** How a session ended, for the history, and what else is to be remembered of it. */
export interface Ending {
  readonly reason: 'kept' | 'request' | 'standard'
  readonly [detail: string]: unknown
}

/** Writes once into the history that an operation ended a session, however often it is told. */
export async function noteEnded(
  context: Context,
  { id, uuid, branch, base }: Pick<Session, 'id' | 'uuid' | 'branch' | 'base'>,
  op: string,
  ending: Ending,
): Promise<void> {
  await appendHistoryOnce(commonDirOf(context), {
    at: context.now().toISOString(),
    event: 'ended',
    id,
    uuid,
    op,
    branch,
    base,
    ...ending,
  })
}
