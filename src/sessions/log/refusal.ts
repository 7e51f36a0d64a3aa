import { FlightRulesError } from '../../errors.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import type { Session } from '../session.ts'
import { describeLogProblem, type LogProblem } from './change-log.ts'

/** What to throw where somebody asked for a log that cannot be read or written. */
export function refusal(session: Session, problem: LogProblem): FlightRulesError {
  const { id, sessionLog } = session
  const what = describeLogProblem(problem, sessionLog ?? '')
  const details = { id, sessionLog }
  if (problem === 'none' || problem === 'missing') {
    const message = problem === 'none' ? `session ${id} has no log: ${what}` : `the log of session ${id} is gone: ${what}`
    const hint = problem === 'none' ? {} : { hint: anew(session) }
    return new FlightRulesError({ kind: 'failed', code: 'NO_SESSION_LOG', message, details, ...hint })
  }
  const message = `the log of session ${id} was left as it is: ${what}`
  if (problem === 'busy')
    return new FlightRulesError({
      kind: 'busy',
      code: 'SESSION_LOG_BUSY',
      message,
      hint: 'run the command again in a moment',
      details,
    })
  const hint = `look at it: flightrules log ${quoteForShell(id)} --path`
  return new FlightRulesError({ kind: 'failed', code: 'SESSION_LOG_UNUSABLE', message, hint, details })
}

/** What makes a log anew. */
function anew({ id, mode }: Session): string {
  const name = quoteForShell(id)
  if (mode === 'standard') return `flightrules end ${name} && flightrules start ${name} --standard    begins it anew`
  return `flightrules setup ${name} --no-setup    creates it anew`
}
