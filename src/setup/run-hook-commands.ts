import { constants } from 'node:os'
import { setTimeout as sleep } from 'node:timers/promises'
import type { ResolvedHook } from '../config/types.ts'
import { FlightRulesError } from '../errors.ts'
import { withoutRepositoryVariables, type Environment } from '../git/environment.ts'
import { CommandLog } from './command-log.ts'
import { stopProcessGroup } from './stop-process-group.ts'

export interface HookRun {
  readonly hook: ResolvedHook
  /** The program that runs the hook when it is a function of the config. */
  readonly functionCommand?: { readonly file: string; readonly args: readonly string[] }
  readonly cwd: string
  /** All the commands get; what ties git to another repository is taken out. */
  readonly env: Environment
  /** Appended to. */
  readonly logFile: string
  /** Values that must not reach the log; those under 8 characters are not looked for. */
  readonly redact?: readonly string[]
  /** Output as it comes, standard output and error mixed, nothing taken out. */
  readonly onOutput?: (chunk: string) => void
  /** Told each command before it runs. */
  readonly onCommand?: (command: string) => void
  readonly signal?: AbortSignal
  /** Milliseconds for all commands together. */
  readonly timeout?: number
  /** Milliseconds between asking a command to stop and making it. Default 5000. */
  readonly grace?: number
}

export interface CommandResult {
  readonly command: string
  /** 128 + n after signal n, 124 when the time was over, 127 when it could not be started. */
  readonly exitStatus: number
  readonly seconds: number
}

interface Invocation {
  readonly label: string
  readonly file: string
  readonly args: readonly string[]
  readonly shell: boolean
}

/**
 * Runs a project's own commands one after the other, each line by the shell, until one fails. Nothing is put into the lines: what
 * they need to know is in `env`. They cannot ask: standard input is empty.
 * @throws FlightRulesError INTERRUPTED after `signal`, once the commands are stopped.
 */
export async function runHookCommands(run: HookRun): Promise<{ status: 'ok' | 'failed'; commands: CommandResult[] }> {
  const commands: CommandResult[] = []
  const invocations = toInvocations(run)
  if (invocations.length === 0) return { status: 'ok', commands }
  const stop = new AbortController()
  const timer = run.timeout === undefined ? undefined : setTimeout(() => stop.abort('timeout'), run.timeout)
  const interrupt = (): void => stop.abort('interrupted')
  run.signal?.addEventListener('abort', interrupt, { once: true })
  if (isAborted(run)) interrupt()
  const log = await CommandLog.open(run.logFile, run.redact ?? [])
  try {
    for (const invocation of invocations) {
      if (isAborted(run)) throw interrupted(invocation.label)
      run.onCommand?.(invocation.label)
      const result = await runOne(run, invocation, log, stop.signal)
      commands.push(result)
      if (isAborted(run)) throw interrupted(invocation.label)
      if (result.exitStatus !== 0) return { status: 'failed', commands }
    }
    return { status: 'ok', commands }
  } finally {
    clearTimeout(timer)
    run.signal?.removeEventListener('abort', interrupt)
    await log.close()
  }
}

function isAborted(run: HookRun): boolean {
  return run.signal?.aborted === true
}

function toInvocations(run: HookRun): Invocation[] {
  if (!('function' in run.hook)) return run.hook.map((line) => ({ label: line, file: line, args: [], shell: true }))
  if (run.functionCommand === undefined) throw new Error('a hook that is a function needs the command that runs it')
  return [{ label: '(a function of the config)', ...run.functionCommand, shell: false }]
}

async function runOne(run: HookRun, invocation: Invocation, log: CommandLog, stop: AbortSignal): Promise<CommandResult> {
  const { execa } = await import('execa')
  const started = performance.now()
  log.note(`# ${new Date().toISOString()} ${invocation.label}`)
  const child = execa(invocation.file, [...invocation.args], {
    shell: invocation.shell,
    cwd: run.cwd,
    env: withoutRepositoryVariables(run.env),
    extendEnv: false,
    stdin: 'ignore',
    buffer: false,
    reject: false,
    // a group of its own, so that what a shell line started can be stopped with it
    detached: process.platform !== 'win32',
    windowsHide: true,
  })
  for (const stream of [child.stdout, child.stderr]) {
    const channel = log.channel()
    stream.setEncoding('utf8')
    stream.on('data', (chunk: string) => {
      channel.write(chunk)
      run.onOutput?.(chunk)
    })
    stream.once('close', () => channel.close())
  }
  let stopping: Promise<void> | undefined
  const stopChild = (): void => {
    if (child.pid !== undefined) stopping ??= stopProcessGroup(child.pid, run.grace ?? 5000)
  }
  stop.addEventListener('abort', stopChild, { once: true })
  if (stop.aborted) stopChild()
  const exitStatus = await new Promise<number>((resolve) => {
    child.once('exit', (code, signal) => resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal])))
    // what could not be started never exits
    void child.then((result) => {
      if (result.exitCode === undefined && result.signal === undefined)
        log.note(`# could not be started: ${result.shortMessage ?? ''}`)
      resolve(result.exitCode ?? 127)
    })
  })
  stop.removeEventListener('abort', stopChild)
  await stopping
  // A program left in the background keeps the pipes open for ever; what the command itself wrote is here by now.
  const late = new AbortController()
  await Promise.race([child, sleep(500, undefined, { signal: late.signal }).catch(() => {})])
  late.abort()
  for (const stream of [child.stdout, child.stderr]) stream.destroy()
  const seconds = Math.round(performance.now() - started) / 1000
  const status = stop.reason === 'timeout' ? 124 : exitStatus
  const ending = stop.reason === 'timeout' ? ': stopped, the time was over' : ''
  log.note(`# exit status ${status} after ${seconds} s${ending}`)
  return { command: invocation.label, exitStatus: status, seconds }
}

function interrupted(command: string): FlightRulesError {
  return new FlightRulesError({ kind: 'interrupted', code: 'INTERRUPTED', message: `interrupted while running: ${command}` })
}
