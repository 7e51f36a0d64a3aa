import { spawn } from 'node:child_process'
import { stat } from 'node:fs/promises'
import { FlightRulesError } from '../../errors.ts'
import type { Environment } from '../../git/environment.ts'
import type { Envelope } from '../envelope.ts'

/** Where commands of ours run, and as what. */
export interface OwnProgram {
  /** The file of the command line. */
  readonly file: string
  readonly cwd: string
  readonly env: Environment
}

interface Ended {
  readonly stdout: string
  readonly how: string
}

/**
 * Runs a command of ours in a process of its own and gives the document of its `--json`. In one of its own, because whatever becomes of it
 * (cancelled, killed, out of memory) the next command then finds its owner gone, and finishes or takes back what it began; a server
 * that lives on would look as if it were still at it.
 * @throws FlightRulesError NO_ANSWER, PROGRAM_GONE, TOO_LONG where it gave no document.
 */
export async function runOwnCommand(argv: readonly string[], program: OwnProgram, signal: AbortSignal): Promise<Envelope> {
  const { stdout, how } = await runToEnd(argv, program, signal)
  try {
    return JSON.parse(stdout) as Envelope
  } catch (cause) {
    if ((await stat(program.file).catch(() => undefined)) === undefined) throw programGone(program, cause)
    throw new FlightRulesError({
      kind: 'failed',
      code: 'NO_ANSWER',
      message: `flightrules ${argv[0]} ended without an answer (${how})`,
      hint: 'flightrules status    tells how things are, and finishes or takes back what was under way',
      cause,
    })
  }
}

async function runToEnd(argv: readonly string[], { file, cwd, env }: OwnProgram, signal: AbortSignal): Promise<Ended> {
  let child: ReturnType<typeof start> | undefined
  // as Ctrl-C would: it stops what it started, and says so
  const cancel = (): void => void child?.kill('SIGINT')
  signal.addEventListener('abort', cancel, { once: true })
  try {
    child = start([file, '--json', ...argv], cwd, env)
    return await ended(child, signal, cancel)
  } catch (error) {
    throw explainStart(error, argv)
  } finally {
    signal.removeEventListener('abort', cancel)
  }
}

function start(argv: readonly string[], cwd: string, env: Environment) {
  return spawn(process.execPath, argv, {
    cwd,
    env,
    stdio: ['ignore', 'pipe', 'inherit'],
    windowsHide: true,
    // a signal to our group comes to it from us, once: the second one would end it at once
    detached: process.platform !== 'win32',
  })
}

function ended(child: ReturnType<typeof start>, signal: AbortSignal, cancel: () => void): Promise<Ended> {
  return new Promise((resolve, reject) => {
    let stdout = ''
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => void (stdout += chunk))
    child.on('error', reject)
    child.on('close', (status, killed) => resolve({ stdout, how: killed ?? `exit status ${status}` }))
    if (signal.aborted) cancel()
  })
}

function explainStart(error: unknown, [command]: readonly string[]): unknown {
  if (!(error instanceof Error && 'code' in error && (error.code === 'E2BIG' || error.code === 'ENAMETOOLONG'))) return error
  return new FlightRulesError({
    kind: 'usage',
    code: 'TOO_LONG',
    message: `nothing was done: this is more text than ${command} can be given at once`,
    hint: 'call again with less, or shorter, values',
    cause: error,
  })
}

function programGone({ file }: OwnProgram, cause: unknown): FlightRulesError {
  return new FlightRulesError({
    kind: 'failed',
    code: 'PROGRAM_GONE',
    message: `flightrules is no longer at ${file}, from where this server was started`,
    hint: 'start the server again, from an installation that is there',
    details: { path: file },
    cause,
  })
}
