import { randomBytes } from 'node:crypto'
import { rm } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { readGitEntry } from '../git/locate-repository.ts'

/**
 * Lets `place` build something under a name nobody looks at and move it to `destination`.
 *
 * The first choice is the worktree's own git directory: what a killed process leaves there is never seen by git status
 * or added to a commit, and goes with the worktree. Where that is another file system, a name beside the destination.
 */
export async function withStaging<T>(worktree: string, destination: string, place: (aside: string) => Promise<T>): Promise<T> {
  const name = `flightrules-staging-${process.pid}-${randomBytes(6).toString('hex')}`
  const gitDir = await readGitEntry(join(worktree, '.git'))
  if (gitDir !== undefined) {
    try {
      return await placeAndTidy(join(gitDir, name), place)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EXDEV') throw error
    }
  }
  return placeAndTidy(join(dirname(destination), `.${name}`), place)
}

async function placeAndTidy<T>(aside: string, place: (aside: string) => Promise<T>): Promise<T> {
  try {
    return await place(aside)
  } finally {
    await rm(aside, { recursive: true, force: true }).catch(() => {})
  }
}
