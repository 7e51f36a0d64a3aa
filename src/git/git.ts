import { spawn } from 'node:child_process'
import { setTimeout as sleep } from 'node:timers/promises'
import { FlightRulesError } from '../errors.ts'
import { reachFailpoint } from '../files/failpoint.ts'
import { type Environment, gitEnvironment } from './environment.ts'
import { GitError } from './git-error.ts'
import { findHeldLock, isPassing } from './held-lock.ts'

export interface GitOptions {
  /** Absolute directory to run in; default: the runner's own. */
  readonly cwd?: string
  /** Written to the command's standard input; a function where it is too much to be held at once. */
  readonly input?: string | Uint8Array | (() => AsyncIterable<Uint8Array>)
  /** Added to the environment, after it was cleaned. */
  readonly env?: Readonly<Record<string, string>>
  /** Exit statuses that are answers, not failures. Default: only 0. */
  readonly accept?: readonly number[]
  /** Called with what git says on standard error, as it comes. */
  readonly onStderr?: (text: string) => void
}

export interface GitResult {
  readonly status: number
  readonly stdout: string
  readonly stderr: string
}

interface RawResult {
  readonly status: number
  readonly stdout: Buffer
  readonly stderr: string
}

/** Milliseconds a program git left behind may keep its streams open after an interruption, before it is not waited for. */
const orphanPatience = 5_000

/** Milliseconds after its first failure in which a command is tried again that somebody else's lock file stopped: longer than a commit takes. */
const patience = 3_000

/** Milliseconds to the first try again; each later one waits twice as long, half a second at most. */
const firstDelay = 15

/** git would start the program named there whenever it looks at an index, and believe what it says. */
export const noFsmonitor = 'core.fsmonitor=false'

/**
 * The one place that starts git. Every call has an explicit directory, an environment that belongs to no other
 * repository, and a list of exit statuses the caller understands.
 */
export class Git {
  readonly cwd: string
  readonly #env: Environment
  readonly #signal: AbortSignal | undefined
  /** `shielded`: what ends everything in a terminal, as ^C does, does not reach the children. */
  readonly #children: 'reachable' | 'shielded'

  constructor(cwd: string, env: Environment, signal?: AbortSignal, children: 'reachable' | 'shielded' = 'reachable') {
    this.cwd = cwd
    this.#env = env
    this.#signal = signal
    this.#children = children
  }

  /** The same runner in another directory. */
  at(cwd: string): Git {
    return new Git(cwd, this.#env, this.#signal, this.#children)
  }

  /** The same runner that an interruption does not stop: for what must be finished once it is begun, and for undoing. */
  withoutSignal(): Git {
    return new Git(this.cwd, this.#env, undefined, 'shielded')
  }

  /** The same runner whose children also get these variables. */
  with(env: Readonly<Record<string, string>>): Git {
    return new Git(this.cwd, { ...this.#env, ...env }, this.#signal, this.#children)
  }

  /**
   * Does `work` with a runner that is stopped after so many milliseconds, for what asks the network.
   * @throws FlightRulesError TIME_LIMIT when they were over, and whatever `work` throws.
   */
  async within<T>(milliseconds: number, work: (git: Git) => Promise<T>): Promise<T> {
    const limit = new AbortController()
    const outer = this.#signal
    const forward = (): void => limit.abort(outer?.reason)
    const timer = setTimeout(() => limit.abort(timeIsUp(milliseconds)), milliseconds)
    if (outer?.aborted === true) forward()
    outer?.addEventListener('abort', forward, { once: true })
    try {
      return await work(new Git(this.cwd, this.#env, limit.signal, this.#children))
    } finally {
      clearTimeout(timer)
      outer?.removeEventListener('abort', forward)
    }
  }

  /** The environment other programs that call git should get. */
  get environment(): Record<string, string> {
    return gitEnvironment(this.#env)
  }

  get signal(): AbortSignal | undefined {
    return this.#signal
  }

  /**
   * Runs git and gives its output.
   * @throws GitError when the status is not among `accept`; FlightRulesError GIT_MISSING when there is no git, INTERRUPTED after the
   * signal, once git and what it started to write are at their end.
   */
  async run(args: readonly string[], options: GitOptions = {}): Promise<GitResult> {
    const { status, stdout, stderr } = await this.#attempt(args, options)
    return { status, stdout: stdout.toString(), stderr }
  }

  /** Standard output of a command that must succeed, byte for byte: paths need not be UTF-8, contents even less. */
  async readBytes(args: readonly string[], options: GitOptions = {}): Promise<Buffer> {
    return (await this.#attempt(args, options)).stdout
  }

  async #attempt(args: readonly string[], options: GitOptions): Promise<RawResult> {
    const accept = options.accept ?? [0]
    const [command, name] = [subcommand(args)[0] ?? '', subcommand(args).join('-')]
    let failedFirst: number | undefined
    for (let delay = firstDelay; ; delay = Math.min(delay * 2, 500)) {
      reachFailpoint(`before-git:${name}`)
      const result = await this.#spawn(args, options)
      reachFailpoint(`after-git:${name}`)
      if (accept.includes(result.status)) return result
      failedFirst ??= performance.now()
      if (performance.now() - failedFirst > patience || !isPassing(command, result.stderr)) {
        const lock = await findHeldLock(result.stderr, options.cwd ?? this.cwd)
        throw new GitError(args, result.status, result.stderr, lock)
      }
      await sleep(delay * (0.5 + Math.random()))
    }
  }

  /** Standard output of a command that must succeed. */
  async read(args: readonly string[], options: GitOptions = {}): Promise<string> {
    return (await this.run(args, options)).stdout
  }

  /** Standard output without the line end git closes it with. */
  async readLine(args: readonly string[], options: GitOptions = {}): Promise<string> {
    return (await this.read(args, options)).replace(/\n$/, '')
  }

  #spawn(args: readonly string[], options: GitOptions): Promise<RawResult> {
    const signal = this.#signal
    if (signal?.aborted === true) return Promise.reject(interrupted(signal))
    return new Promise((resolve, reject) => {
      const child = spawn('git', withOwnSettings(args), {
        cwd: options.cwd ?? this.cwd,
        env: { ...gitEnvironment(this.#env), ...options.env },
        stdio: [options.input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
        windowsHide: true,
        // a process group of its own; on Windows that would be a window of its own
        detached: this.#children === 'shielded' && process.platform !== 'win32',
      })
      const stdout: Buffer[] = []
      const stderr: Buffer[] = []
      child.stdout?.on('data', (chunk: Buffer) => stdout.push(chunk))
      child.stderr?.on('data', (chunk: Buffer) => {
        stderr.push(chunk)
        options.onStderr?.(chunk.toString())
      })
      const stop = (): void => void child.kill()
      let patience: NodeJS.Timeout | undefined
      const settle = (code: number | null, killer: NodeJS.Signals | null): void => {
        clearTimeout(patience)
        signal?.removeEventListener('abort', stop)
        if (signal?.aborted === true) return reject(interrupted(signal))
        const status = code ?? 128 + (killer === 'SIGINT' ? 2 : killer === 'SIGTERM' ? 15 : 9)
        resolve({ status, stdout: Buffer.concat(stdout), stderr: Buffer.concat(stderr).toString() })
      }
      signal?.addEventListener('abort', stop, { once: true })
      child.on('error', (error: NodeJS.ErrnoException) => {
        signal?.removeEventListener('abort', stop)
        reject(spawnFailure(error, options.cwd ?? this.cwd))
      })
      // git leaves a checkout to a child of its own, which writes on when git was stopped: the streams close when both are done
      child.on('close', settle)
      child.on('exit', (code, killer) => {
        if (signal?.aborted === true) patience = setTimeout(() => settle(code, killer), orphanPatience)
      })
      if (options.input !== undefined && child.stdin !== null) {
        // git may answer and close its end before it has read everything
        child.stdin.on('error', () => {})
        if (typeof options.input !== 'function') child.stdin.end(options.input)
        else
          pour(options.input, child.stdin).catch((error: NodeJS.ErrnoException) => {
            // git's own status tells about what it did not want to read; what could not be given to it is our failure
            if (error.code === 'EPIPE' || error.code === 'ERR_STREAM_PREMATURE_CLOSE') return
            child.kill()
            reject(error)
          })
      }
    })
  }
}

/** `git config` is to say what is configured; it looks at no index. */
function withOwnSettings(args: readonly string[]): readonly string[] {
  return args[0] === 'config' ? args : ['-c', noFsmonitor, ...args]
}

/** The subcommand, which comes after options of git itself; of `worktree` with its own. */
function subcommand(args: readonly string[]): readonly string[] {
  const at = args.findIndex((arg, index) => !arg.startsWith('-') && args[index - 1] !== '-c' && args[index - 1] !== '-C')
  return args.slice(at, at + (args[at] === 'worktree' ? 2 : 1))
}

function interrupted({ reason }: AbortSignal): FlightRulesError {
  if (reason instanceof FlightRulesError) return reason
  return new FlightRulesError({ kind: 'interrupted', code: 'INTERRUPTED', message: 'interrupted', cause: reason })
}

function timeIsUp(milliseconds: number): FlightRulesError {
  const message = `it was stopped after ${Math.round(milliseconds / 1000)} seconds without an end`
  return new FlightRulesError({ kind: 'failed', code: 'TIME_LIMIT', message, details: { milliseconds } })
}

function spawnFailure(error: NodeJS.ErrnoException, cwd: string): Error {
  if (error.code === 'ENOENT' && error.syscall?.startsWith('spawn') === true) {
    return new FlightRulesError({
      kind: 'failed',
      code: 'GIT_MISSING',
      message: `git could not be started in ${cwd}: there is no git on PATH, or the directory is gone`,
      hint: 'install git 2.38 or newer, and run the command from a directory that exists',
      cause: error,
    })
  }
  return error
}

/** node's own pipeline is loaded where much is written, which is seldom. */
async function pour(input: () => AsyncIterable<Uint8Array>, stream: NodeJS.WritableStream): Promise<void> {
  const { pipeline } = await import('node:stream/promises')
  await pipeline(input, stream)
}
