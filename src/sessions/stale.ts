import type { ResolvedConfig } from '../config/types.ts'
import type { Finding } from '../errors.ts'
import type { Session } from './session.ts'

const day = 24 * 60 * 60 * 1000

type Synced = Pick<Session, 'startedAt' | 'lastSyncedAt'>

/** Whether a session has gone without its base for longer, or has fallen further behind, than the project allows. */
export function isStale(limits: ResolvedConfig['stale'], session: Synced, behind: number, now: Date): boolean {
  if (behind >= limits.behind) return true
  return behind > 0 && ageOf(session, now) >= limits.days * day
}

/** Since when and by how much it lacks what its base has: "3 days old, 15 commits behind main". */
export function describeStale(session: Synced & Pick<Session, 'base'>, behind: number, now: Date): string {
  const days = Math.floor(ageOf(session, now) / day)
  const count = `${days} ${days === 1 ? 'day' : 'days'}`
  const age = days < 1 ? '' : session.lastSyncedAt === null ? `${count} old, ` : `synced ${count} ago, `
  return `${age}${behind} ${behind === 1 ? 'commit' : 'commits'} behind ${session.base}`
}

export interface StaleSession extends Synced, Pick<Session, 'id' | 'base'> {
  readonly behind: number
}

/** Says which sessions are stale, and how they are not any more; nothing where none is. */
export function findStale(sessions: readonly StaleSession[], limits: ResolvedConfig['stale'], now: Date): Finding[] {
  const stale = sessions.filter((session) => isStale(limits, session, session.behind, now))
  const [first, ...others] = stale
  if (first === undefined) return []
  const named = stale.map((session) => `${session.id} (${describeStale(session, session.behind, now)})`)
  return [
    {
      code: 'STALE_SESSIONS',
      message: `stale: ${named.join('; ')}`,
      hint: `flightrules sync ${others.length === 0 ? first.id : '--all'}`,
      details: { sessions: stale.map(({ id, behind, base }) => ({ id, behind, base })) },
    },
  ]
}

function ageOf({ startedAt, lastSyncedAt }: Synced, now: Date): number {
  return now.getTime() - Date.parse(lastSyncedAt ?? startedAt)
}
