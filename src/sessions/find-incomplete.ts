import type { Finding } from '../errors.ts'
import type { RegisteredSession, SessionSet } from './load-sessions.ts'

/** Milliseconds after which a session still being made is taken for left behind; only for saying so. */
const patience = 10 * 60 * 1000

export interface IncompleteSession {
  readonly entry: RegisteredSession
  readonly why: 'setup-failed' | 'interrupted'
}

/** Earlier sessions that were never finished being made. */
export function findIncomplete(set: SessionSet, now: Date): IncompleteSession[] {
  return set.registered.flatMap((entry): IncompleteSession[] => {
    const { session, worktree } = entry
    if (worktree.prunable !== null) return []
    if (session.setup?.status === 'failed') return [{ entry, why: 'setup-failed' }]
    if (session.setup?.status === 'interrupted') return [{ entry, why: 'interrupted' }]
    const isHalfMade = session.status === 'creating' && now.getTime() - Date.parse(session.startedAt) > patience
    return isHalfMade ? [{ entry, why: 'interrupted' }] : []
  })
}

/** What became of it: one that is made all the same, and only not ready, says so. */
export function sayWhy({ entry, why }: IncompleteSession): string {
  if (why === 'setup-failed') return 'its setup failed'
  return entry.session.status === 'creating' ? 'its start was interrupted' : 'its setup was interrupted'
}

/** What is said of one where nobody can be asked, with the ways on. */
export function describeIncomplete({ entry, why }: IncompleteSession): Finding {
  const { id, setup } = entry.session
  return {
    code: 'INCOMPLETE_SESSION',
    message: `session ${id} is not ready: ${sayWhy({ entry, why })}`,
    hint: `go on: flightrules setup ${id}; drop it: flightrules end ${id} --strategy abandon`,
    details: { id, log: setup?.log ?? null },
  }
}
