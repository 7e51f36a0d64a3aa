import type { Outcome } from '../commands/command.ts'
import type { FlightRulesError } from '../errors.ts'

/** The one document of `--json`. */
export type Envelope = Readonly<Record<string, unknown>>

export function successEnvelope(command: string, outcome: Pick<Outcome, 'data' | 'findings'>): Envelope {
  return { version: 1, command, ok: true, data: outcome.data ?? {}, findings: outcome.findings ?? [] }
}

export function failureEnvelope(command: string, error: FlightRulesError, stack?: string): Envelope {
  const { code, message, hint, choices, details } = error
  return {
    version: 1,
    command,
    ok: false,
    error: {
      code,
      message,
      ...(hint === undefined ? {} : { hint }),
      choices,
      details,
      ...(stack === undefined ? {} : { stack }),
    },
  }
}
