import { readdir, readFile, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { asideOwner, removeAsides } from '../files/remove-asides.ts'
import { infoLock } from '../git/info-file.ts'
import { mergeCheckoutName } from '../git/merge-checkout-name.ts'
import { listAdminDirectories } from '../git/worktrees.ts'
import { processExists } from './process-identity.ts'
import { discardMergeCheckout, discardStaging } from './trash/delete.ts'

export interface SweptPlace {
  readonly commonDir: string
  /** Not known to who only takes the lock; the folders around worktrees are looked at in any case. */
  readonly sessionsDir?: string
  /** Other directories they wrote to. */
  readonly folders: readonly string[]
}

/**
 * Takes away the scratch files of processes that are proven dead: files written aside whose rename never came, and what was being built
 * in a worktree's git directory, or looked at by hooks. Their names carry the process; those of the living are not touched.
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
  for (const name of await readdir(own).catch(() => [])) {
    if (pids.has(Number(mergeCheckoutName.exec(name)?.[1]))) await discardMergeCheckout(commonDir, name).catch(() => {})
  }
  for (const lock of [infoLock(commonDir, 'exclude'), infoLock(commonDir, 'attributes')]) {
    if (pids.has(Number(await readFile(lock, 'utf8').catch(() => '')))) await remove(lock)
  }
}

/**
 * What is remembered, and the entry of an `init`, is written by commands that hold no lock and are in no journal yet: their files alone say
 * who they were.
 */
export async function sweepMemory(commonDir: string): Promise<void> {
  for (const folder of ['cache', 'journal'].map((name) => join(commonDir, 'flightrules', name))) {
    const names = await readdir(folder).catch(() => [])
    // one that only cannot be seen from here loses what it would have remembered, or fails before it has done anything
    const dead = names.flatMap((name) => asideOwner(name) ?? []).filter((pid) => !processExists(pid))
    if (dead.length > 0) await removeAsides([folder], new Set(dead))
  }
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
