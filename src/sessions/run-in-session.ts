import { constants } from 'node:os'
import { withoutRepositoryVariables } from '../git/environment.ts'
import type { Context } from './context.ts'
import { sessionEnvironment } from './session-environment.ts'
import type { Session } from './session.ts'
import { FlightRulesError } from '../errors.ts'

/**
 * Runs a command in a session with the session's ports and variables, with our own terminal. Its standard output can be sent to
 * standard error, where the answer of ours is a document of its own.
 * @returns its exit status, 128 + n after signal n.
 * @throws FlightRulesError COMMAND_NOT_FOUND.
 */
export async function runInSession(
  context: Context,
  session: Session,
  worktree: string,
  command: readonly string[],
  stdout: 'inherit' | 'stderr' = 'inherit',
): Promise<number> {
  const { execa } = await import('execa')
  const [file = '', ...args] = command
  const env = { ...withoutRepositoryVariables(context.env), ...sessionEnvironment(context, session, worktree) }
  const result = await execa(file, args, {
    cwd: worktree,
    env,
    extendEnv: false,
    stdio: ['inherit', stdout === 'stderr' ? 2 : 'inherit', 'inherit'],
    reject: false,
  })
  if (result.exitCode !== undefined) return result.exitCode
  if (result.signal !== undefined) return 128 + (constants.signals[result.signal as NodeJS.Signals] ?? constants.signals.SIGTERM)
  throw new FlightRulesError({
    kind: 'failed',
    code: 'COMMAND_NOT_FOUND',
    message:
      describeFailure(file, result.code) ??
      `${JSON.stringify(file)} could not be started in ${worktree}: ${result.originalMessage ?? result.shortMessage}`,
    hint: 'a shell line needs a shell: flightrules run <id> -- sh -c "…"',
    details: { command: [file, ...args] },
  })
}

function describeFailure(file: string, code: string | undefined): string | undefined {
  if (code === 'EACCES') return `${JSON.stringify(file)} is not a program that may be run`
  if (code !== 'ENOENT') return undefined
  return /[\\/]/.test(file)
    ? `there is no program ${JSON.stringify(file)}`
    : `there is no program ${JSON.stringify(file)} on PATH`
}
