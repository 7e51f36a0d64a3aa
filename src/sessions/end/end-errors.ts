import { FlightRulesError } from '../../errors.ts'
import type { JournalEntry } from '../../operations/journal.ts'

/** Somebody else ended the session while this command was getting ready to. */
export function sessionEnded(id: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'busy',
    code: 'SESSION_ENDED',
    message: `session ${id} was ended by another command a moment ago; this one did nothing`,
    hint: 'flightrules status',
    details: { id },
  })
}

/** Somebody else is ending it right now. */
export function sessionEnding(id: string, { owner, kind, at }: JournalEntry): FlightRulesError {
  return new FlightRulesError({
    kind: 'busy',
    code: 'SESSION_ENDING',
    message: `session ${id} is being ended already, by process ${owner.pid} on ${owner.host} since ${at}; this command did nothing`,
    hint: 'wait for it, then look: flightrules status',
    details: { id, operation: kind, owner: { ...owner } },
  })
}

/** Somebody else is bringing it onto its base right now. */
export function sessionSyncing(id: string, { owner, at }: JournalEntry): FlightRulesError {
  return new FlightRulesError({
    kind: 'busy',
    code: 'SESSION_SYNCING',
    message: `session ${id} is being synced already, by process ${owner.pid} on ${owner.host} since ${at}; this command did nothing`,
    hint: 'wait for it, then run the command again',
    details: { id, owner: { ...owner } },
  })
}
