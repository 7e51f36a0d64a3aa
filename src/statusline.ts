import { fstatSync, writeSync } from 'node:fs'
import { findStatusDirectory, statusPatience } from './agents/status-input.ts'
import { readObject } from './cli/read-object.ts'
import type { Environment } from './git/environment.ts'
import { findPlace, type Here, readHere, readOthers } from './sessions/here.ts'
import type { OutputStream } from './ui/terminal-screen.ts'

/** Milliseconds git gets, on a disk that sleeps or far away: after that a prompt says `?`. */
const patience = 10_000

/** Written without node's streams: they take 5 ms to load, for one line. */
const pipe: OutputStream = { write: (text) => writeSync(1, text) }

/**
 * `flightrules statusline` as prompts and agents start it, many times a minute: without the command line's own code. Nothing that goes wrong
 * is shown in a prompt.
 */
export async function printStatusline(): Promise<void> {
  const { env } = process
  const guessing = limitGit()
  try {
    const cwd = findCurrentDirectory()
    // mostly what is asked for is where this was started: that is looked at while the agent's words are read
    const guess = cwd === undefined ? undefined : begin(cwd, env, guessing.signal)
    guess?.catch(() => {})
    const said = isDevice(0) ? undefined : findStatusDirectory(await readObject(process.stdin, statusPatience))
    const isElsewhere = said !== undefined && said !== cwd
    if (isElsewhere) guessing.abort()
    const begun = await (isElsewhere ? begin(said, env, limitGit().signal) : guess)
    // git is at work while the code for its answer is loaded
    const { writeLine } = await import('./ui/write-line.ts')
    const here = await begun?.here
    if (here !== undefined) {
      // in a session there is no word of the others in the line
      const others = here.session === null ? await readOthers(here) : { others: [], orphaned: [] }
      const stdout = isDevice(1) ? process.stdout : pipe
      writeLine(here, others, { stdout, env })
    }
  } catch (error) {
    if (env['FLIGHTRULES_DEBUG'] === '1') process.stderr.write(`flightrules: ${(error as Error).stack ?? String(error)}\n`)
  }
  // a pipe that nobody closes, and a git that was not needed after all, would keep the process
  process.exit()
}

/** Settles once git is asked, and not yet with its answer. undefined outside of a repository. */
async function begin(cwd: string, env: Environment, signal: AbortSignal): Promise<{ readonly here: Promise<Here> } | undefined> {
  const place = await findPlace(cwd)
  if (place === undefined || signal.aborted) return undefined
  const here = readHere(place, env, signal)
  here.catch(() => {})
  return { here }
}

function limitGit(): AbortController {
  const limit = new AbortController()
  setTimeout(() => limit.abort(), patience)
  return limit
}

/** None where it was deleted. */
function findCurrentDirectory(): string | undefined {
  try {
    return process.cwd()
  } catch {
    return undefined
  }
}

/** A terminal, or what reads and writes nothing. One that was closed is neither. */
function isDevice(descriptor: number): boolean {
  try {
    return fstatSync(descriptor).isCharacterDevice()
  } catch {
    return true
  }
}
