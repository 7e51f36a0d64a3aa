import { join } from 'node:path'
import { type CliResult, runProgram } from '../../support/run-cli.ts'
import type { Random } from '../random.ts'
import { type Ended, runProgramAlone } from '../run-program.ts'
import type { Tokens } from '../tokens.ts'
import type { Program, World } from '../world.ts'

/** How safe what a person wrote is: what of it stays when they themselves destroy the folder. */
export type Depth = 'loose' | 'staged' | 'committed'

/** A worktree as the one who works in it knows it. */
export interface Place {
  path: string
  /** Session id; null for a worktree made by plain git. */
  readonly id: string | null
  readonly branch: string
  readonly written: Map<string, Depth>
  /** In files git ignores; only ever in the folder. */
  readonly ignored: Set<string>
  /** Commits made on no branch. */
  detached: boolean
}

/** One person or agent: what they do is decided by their random numbers alone. */
export interface Walker {
  readonly world: World
  readonly program: Program
  readonly random: Random
  readonly tokens: Tokens
  readonly name: string
  readonly places: Place[]
  /** Points at which the program can be made to fail. */
  readonly points: readonly string[]
  /** What was done, so that a person can follow it. */
  readonly log: string[]
  readonly problems: string[]
  count: number
}

/** git as a person runs it; never rejects. */
export async function git(walker: Walker, cwd: string, ...args: string[]): Promise<CliResult> {
  const { env } = walker.world.project
  const result = await runProgram('git', args, { cwd, env }).catch((error: Error) => failed(error))
  walker.log.push(`${walker.name}: git ${args.join(' ')} (${cwd.split('/').at(-1)}) -> ${result.status}`)
  return result
}

/** A shell line as an agent runs it, with its current directory in the worktree. */
export async function shell(walker: Walker, cwd: string, line: string, ...args: string[]): Promise<CliResult> {
  const { env } = walker.world.project
  const result = await runProgram('/bin/sh', ['-c', line, 'sh', ...args], { cwd, env }).catch((error: Error) => failed(error))
  walker.log.push(`${walker.name}: ${line} ${args.join(' ')} (${cwd.split('/').at(-1)}) -> ${result.status}`)
  return result
}

/** The program under test, now and then made to fail somewhere. */
export async function ours(walker: Walker, args: readonly string[], cwd = walker.world.project.path): Promise<Ended> {
  const { random, program, world } = walker
  const fault = random.next() < 0.3 ? `${random.pick(walker.points)}=${random.pick(['kill', 'kill', 'kill', 'EIO', 'INT'])}` : ''
  const ended = await runProgramAlone([...program.argv, ...args, '--json'], {
    cwd,
    env: { ...world.project.env, FLIGHTRULES_FAILPOINT: fault },
    scratch: join(world.scratch, 'run'),
  }).catch((error: Error): Ended => ({ ...failed(error), signal: null, hung: false, ms: 0 }))
  const code = /"error":\{"code":"([A-Z_]+)"/.exec(ended.stdout)?.[1] ?? ''
  walker.log.push(`${walker.name}: ${args.join(' ')} ${fault} -> ${ended.status ?? ended.signal} ${code} ${ended.ms} ms`)
  // as long as one waits for a lock whose holder lives: nobody holds it that long here
  if (ended.ms > 55_000) walker.problems.push(`X: ${args.join(' ')} ${fault} took ${ended.ms} ms`)
  return ended
}

function failed(error: Error): CliResult {
  return { status: 127, stdout: '', stderr: error.message }
}
