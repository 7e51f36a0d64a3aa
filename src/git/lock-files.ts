import { lstat, readdir } from 'node:fs/promises'
import { join } from 'node:path'

/** One of git's own lock files: while it is there git refuses to write what it guards. */
export interface LockFile {
  readonly path: string
  /** Milliseconds since 1970. */
  readonly since: number
  readonly uid: number
  /** Tells it from another one of the same name. */
  readonly inode: number
}

/** All lock files in the common directory, those of refs, and those of each linked worktree. File reads only. */
export async function listLockFiles(commonDir: string): Promise<LockFile[]> {
  const parent = join(commonDir, 'worktrees')
  const worktrees = (await readdir(parent).catch(() => [])).map((name) => join(parent, name))
  const directories = [commonDir, ...worktrees]
  const lists = await Promise.all([
    ...directories.map((directory) => listIn(directory, false)),
    ...directories.map((directory) => listIn(join(directory, 'refs'), true)),
  ])
  const found = await Promise.all(lists.flat().map(readLockFile))
  return found.flatMap((lock) => lock ?? []).toSorted((a, b) => (a.path < b.path ? -1 : 1))
}

/** As it is now, undefined when it is gone or is no regular file. */
export async function readLockFile(path: string): Promise<LockFile | undefined> {
  const stats = await lstat(path).catch(() => undefined)
  if (stats?.isFile() !== true) return undefined
  return { path, since: stats.mtimeMs, uid: stats.uid, inode: stats.ino }
}

async function listIn(directory: string, below: boolean): Promise<string[]> {
  const entries = await readdir(directory, { recursive: below, withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isFile() && entry.name.endsWith('.lock'))
    .map((entry) => join(entry.parentPath, entry.name))
}
