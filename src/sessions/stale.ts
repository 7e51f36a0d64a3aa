import type { ResolvedConfig } from '../config/types.ts'
import type { Session } from './session.ts'

const day = 24 * 60 * 60 * 1000

/** Whether a session has gone without its base for longer, or has fallen further behind, than the project allows. */
export function isStale(
  limits: ResolvedConfig['stale'],
  session: Pick<Session, 'startedAt' | 'lastSyncedAt'>,
  behind: number,
  now: Date,
): boolean {
  if (behind >= limits.behind) return true
  const since = Date.parse(session.lastSyncedAt ?? session.startedAt)
  return behind > 0 && now.getTime() - since >= limits.days * day
}
