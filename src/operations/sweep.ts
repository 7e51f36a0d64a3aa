import { readdir, readFile, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { removeAsides } from '../files/remove-asides.ts'
import { excludeLock } from '../git/exclude.ts'
import { listAdminDirectories } from '../git/worktrees.ts'
import { processExists } from './process-identity.ts'
import { discardStaging } from './trash/delete.ts'

export interface SweptPlace {
  readonly commonDir: string
  /** Not known to who only takes the lock; the folders around worktrees are looked at in any case. */
  readonly sessionsDir?: string
  /** Other directories they wrote to. */
  readonly folders: readonly string[]
}

/**
 * Takes away the scratch files of processes that are proven dead: files written aside whose rename never came, and what was being built
 * in a worktree's git directory. Their names carry the process; those of the living are not touched.
 */
export async function sweepAfter(place: SweptPlace, dead: readonly number[]): Promise<void> {
  // a number may be another's by now, whose files these would be
  const pids = new Set(dead.filter((pid) => !processExists(pid)))
  if (pids.size === 0) return
  const { commonDir, sessionsDir } = place
  const own = join(commonDir, 'flightrules')
  const worktrees = await listAdminDirectories(commonDir)
  for (const gitDir of worktrees.values()) await sweepStaging(gitDir, pids)
  const folders = [commonDir, join(commonDir, 'info'), own, join(own, 'journal'), join(own, 'trash')]
  const around = [...worktrees.keys()].map((path) => dirname(path))
  if (sessionsDir !== undefined) around.push(sessionsDir)
  await removeAsides([...folders, ...around, ...worktrees.keys(), ...worktrees.values(), ...place.folders], pids)
  const lock = excludeLock(commonDir)
  if (pids.has(Number(await readFile(lock, 'utf8').catch(() => '')))) await remove(lock)
}

/** Named by `withStaging`. */
async function sweepStaging(gitDir: string, pids: ReadonlySet<number>): Promise<void> {
  for (const name of await readdir(gitDir).catch(() => [])) {
    const match = /^flightrules-staging-(\d+)-[0-9a-f]{12}(?:\.|$)/.exec(name)
    if (match !== null && pids.has(Number(match[1]))) await discardStaging(gitDir, name).catch(() => {})
  }
}

async function remove(file: string): Promise<void> {
  // gone already, or not to be had now: it is in nobody's way
  await unlink(file).catch(() => {})
}
