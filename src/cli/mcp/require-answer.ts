import { FlightRulesError } from '../../errors.ts'
import { requirePlace } from './require-place.ts'
import { type OwnProgram, runOwnCommand } from './run-own-command.ts'

interface Refusal {
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly details?: Readonly<Record<string, unknown>>
}

/**
 * The `data` of a command of ours, run where the server was started.
 * @throws FlightRulesError what the command refused with.
 */
export async function requireAnswer(argv: readonly string[], program: OwnProgram, signal: AbortSignal): Promise<unknown> {
  const cwd = await requirePlace(program.cwd, undefined)
  const answer = await runOwnCommand(argv, { ...program, cwd }, signal)
  if (answer['ok'] === true) return answer['data']
  const { code, message, hint, details } = answer['error'] as Refusal
  throw new FlightRulesError({
    kind: 'failed',
    code,
    message,
    ...(hint === undefined ? {} : { hint }),
    ...(details === undefined ? {} : { details }),
  })
}
