import type { Outcome } from '../commands/command.ts'
import type { FlightRulesError } from '../errors.ts'

/** The one document of `--json`. */
export type Envelope = Readonly<Record<string, unknown>>

/** The answer; of a command whose work failed in part both what failed and what there is. */
export function answerEnvelope(command: string, outcome: Pick<Outcome, 'data' | 'findings' | 'failure'>): Envelope {
  const { data, findings, failure } = outcome
  const answer = { data: data ?? {}, findings: findings ?? [] }
  if (failure !== undefined) return { ...failureEnvelope(command, failure), ...answer }
  return { version: 1, command, ok: true, ...answer }
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
