import { type Choice, FlightRulesError } from '../../errors.ts'

/** What cannot be undone, why, and what helps instead. */
export function notUndoable(
  message: string,
  hint: string,
  details: Readonly<Record<string, unknown>> = {},
  choices: readonly Choice[] = [],
): FlightRulesError {
  return new FlightRulesError({ kind: 'decision', code: 'NOT_UNDOABLE', message, hint, choices, details })
}
