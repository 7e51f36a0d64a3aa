import { readTrustEnvironment } from '../../config/trust-environment.ts'
import type { ApprovalPlace } from '../../config/approval-store.ts'
import { type Finding, FlightRulesError } from '../../errors.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { Session } from '../session.ts'

/** Where approvals of this person for this copy of the repository are. */
export function approvalPlaceOf(context: Context): ApprovalPlace {
  return { commonDir: commonDirOf(context), ...readTrustEnvironment(context.env) }
}

export interface Hold {
  /** Nothing of the session's files is run, and nothing is copied to them. */
  readonly held: boolean
  /** Why an approval that is there does not count. */
  readonly doubts: readonly Finding[]
}

/** Somebody else's work is held until the very commit that is checked out was approved. What cannot be told is held. */
export async function readHold(
  context: Context,
  { foreign, uuid }: Pick<Session, 'foreign' | 'uuid'>,
  head: string | null,
): Promise<Hold> {
  if (foreign === undefined) return { held: false, doubts: [] }
  if (head === null) return { held: true, doubts: [] }
  // most sessions are one's own, and hooks load this too
  const { isCommitApproved } = await import('../../config/session-approvals.ts')
  const { found, doubts } = await isCommitApproved(approvalPlaceOf(context), { session: uuid, commit: head })
  return { held: !found, doubts }
}

/** @throws FlightRulesError SESSION_NOT_TRUSTED (exit 6). */
export async function requireReleased(
  context: Context,
  session: Pick<Session, 'id' | 'foreign' | 'uuid'>,
  head: string | null,
  what: string,
): Promise<void> {
  const { held, doubts } = await readHold(context, session, head)
  if (!held) return
  const { id, foreign } = session
  throw new FlightRulesError({
    kind: 'untrusted',
    code: 'SESSION_NOT_TRUSTED',
    message: `session ${id} holds the work of request ${foreign?.request ?? ''}, from ${foreign?.from ?? ''}, and nobody approved the commit that is checked out there, so ${what}; nothing was done${doubts.map(({ message }) => `\n${message}`).join('')}`,
    hint: `flightrules trust --session ${id}    shows what would run, and asks`,
    details: { id, commit: head, request: foreign?.request ?? null },
  })
}
