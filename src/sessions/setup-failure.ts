import { FlightRulesError } from '../errors.ts'
import type { Session } from './session.ts'
import type { Work } from './work.ts'

/** What is wrong with a session whose setup failed; undefined when it did not. The session is usable all the same. */
export function findSetupFailure(session: Session, failed: Work['failedCommand']): FlightRulesError | undefined {
  if (failed === null) return undefined
  return new FlightRulesError({
    kind: 'failed',
    code: 'SETUP_FAILED',
    message: `the setup of session ${session.id} failed: ${failed.command} ended with status ${failed.exitStatus}; the session is there and usable`,
    hint: `when it is mended: flightrules setup ${session.id}`,
    details: { id: session.id, command: failed.command, exitStatus: failed.exitStatus, log: session.setup?.log ?? null },
  })
}
