import { inspect } from 'node:util'
import { FlightRulesError } from '../errors.ts'

/** Anything that is not one of our refusals, as one: exit 1, code INTERNAL. */
export function toFlightRulesError(error: unknown): FlightRulesError {
  if (error instanceof FlightRulesError) return error
  const message = error instanceof Error ? error.message || error.name : `something threw ${inspect(error, { depth: 0 })}`
  const system = error instanceof Error && 'syscall' in error
  return new FlightRulesError({
    kind: 'failed',
    code: 'INTERNAL',
    message: system ? message : `unexpected: ${message}`,
    hint: system ? '--verbose shows where it happened' : 'this is a defect of flightrules; --verbose shows where it happened',
    details: system && 'code' in error ? { errno: String(error.code) } : {},
    cause: error,
  })
}

/** The stack with those of its causes. */
export function fullStack(error: FlightRulesError): string {
  const stacks: string[] = []
  for (let current: unknown = error; current instanceof Error && stacks.length < 5; current = current.cause) {
    stacks.push(current.stack ?? String(current))
  }
  return stacks.join('\ncaused by: ')
}
