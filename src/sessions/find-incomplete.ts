import type { Finding } from '../errors.ts'
import type { SessionSet } from './load-sessions.ts'

/** Milliseconds after which a session still being made is taken for left behind; only for saying so. */
const patience = 10 * 60 * 1000

/** Earlier sessions that were never finished being made, each with the ways on. */
export function findIncomplete(set: SessionSet, now: Date): Finding[] {
  return set.registered.flatMap(({ session, worktree }): Finding[] => {
    if (worktree.prunable !== null) return []
    const isHalfMade = session.status === 'creating' && now.getTime() - Date.parse(session.startedAt) > patience
    const hasFailed = session.setup?.status === 'failed'
    if (!isHalfMade && !hasFailed) return []
    return [
      {
        code: 'INCOMPLETE_SESSION',
        message: `session ${session.id} is not ready: ${hasFailed ? 'its setup failed' : 'its start was interrupted'}`,
        hint: `go on: flightrules setup ${session.id}; drop it: flightrules end ${session.id} --strategy abandon`,
        details: { id: session.id, log: session.setup?.log ?? null },
      },
    ]
  })
}
