import { stat } from 'node:fs/promises'
import { resolve } from 'node:path'

/** A lock file of git's that somebody else had. */
export interface HeldLock {
  /** Absolute. */
  readonly path: string
  /** Seconds since it was made, null where it is gone by now. */
  readonly age: number | null
}

/** `worktree list` and `fetch` while a `worktree add` of somebody else is half done; they stop before they have done anything. */
const halfMadeWorktree = /failed to read .*commondir/

const lockFile = /Unable to create '(.+\.lock)': File exists|could not lock config file (.+): File exists/

/** Commands that take all their locks before they change anything, and which locks those are. Others may have done half of their work. */
const locksFirst: Readonly<Record<string, RegExp>> = {
  config: /\.lock$/,
  'update-ref': /\.lock$/,
  'symbolic-ref': /\.lock$/,
  'read-tree': /\bindex\.lock$/,
  'update-index': /\bindex\.lock$/,
  add: /\bindex\.lock$/,
  // what it does to refs comes after the files
  reset: /\bindex\.lock$/,
}

/** Whether the failure was somebody else's doing and nothing was done yet, so that running the command again may well go through. */
export function isPassing(command: string, stderr: string): boolean {
  if (halfMadeWorktree.test(stderr)) return true
  const path = lockPath(stderr)
  return path !== undefined && Object.hasOwn(locksFirst, command) && locksFirst[command]?.test(path) === true
}

/** The lock file a command failed for, as git names it. */
export async function findHeldLock(stderr: string, cwd: string): Promise<HeldLock | undefined> {
  const named = lockPath(stderr)
  if (named === undefined) return undefined
  const path = resolve(cwd, named)
  const stats = await stat(path).catch(() => undefined)
  return { path, age: stats === undefined ? null : Math.max(0, Math.round((Date.now() - stats.mtimeMs) / 1000)) }
}

function lockPath(stderr: string): string | undefined {
  const match = lockFile.exec(stderr)
  if (match === null) return undefined
  return match[1] ?? `${match[2]}.lock`
}
