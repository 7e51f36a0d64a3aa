import { createHash } from 'node:crypto'
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { changedPaths } from '../git/status.ts'
import type { Side } from './side.ts'

/** Above so many changed files a key would cost more than it saves. */
const mostPaths = 2_000

/** Milliseconds: a file changed this short ago may change again without its times telling. Coarser file systems count in twos of seconds. */
const racyFor = 2_100

/**
 * What tells one state of a side's working tree from another without reading any file: the commit, and for the index and each changed
 * file what the file system says of it. Undefined where that would not tell for sure.
 * @param rules a digest of what decides how git reads files.
 */
export async function findLiveKey({ head, live }: Side, now: number, rules: string): Promise<string | undefined> {
  if (live === null) return head
  const { staged, modified, untracked, unmerged } = live.status
  const paths = changedPaths(live.status)
  if (paths.length === 0) return head
  // a name that is no UTF-8 cannot be looked up by its letters
  if (paths.length > mostPaths || paths.some((path) => path.includes('\uFFFD'))) return undefined
  const hash = createHash('sha256')
  hash.update(JSON.stringify([rules, head, staged, modified, untracked, unmerged]))
  const own = ['index', 'config.worktree'].map((name) => join(live.gitDir, name))
  const files = [...own, ...paths.filter((path) => !isNested(path)).map((path) => join(live.worktree, path))]
  for (const stats of await Promise.all(files.map(readStats))) {
    // a submodule may be at another commit, and its folder the same
    if (stats === 'unknown' || stats.isDirectory || Number(stats.newest / 1_000_000n) > now - racyFor) return undefined
    hash.update(`${stats.text}\0`)
  }
  return hash.digest('hex')
}

/** A repository inside that is no submodule, nobody's file; git names it with a slash. */
export function isNested(path: string): boolean {
  return path.endsWith('/')
}

interface FileState {
  readonly text: string
  /** Nanoseconds since 1970. */
  readonly newest: bigint
  readonly isDirectory: boolean
}

async function readStats(path: string): Promise<FileState | 'unknown'> {
  try {
    const stats = await lstat(path, { bigint: true })
    const { ino, size, mode, mtimeNs, ctimeNs } = stats
    const newest = mtimeNs > ctimeNs ? mtimeNs : ctimeNs
    return { text: [ino, size, mode, mtimeNs, ctimeNs].join(' '), newest, isDirectory: stats.isDirectory() }
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code === 'ENOENT' || code === 'ENOTDIR' ? { text: 'absent', newest: 0n, isDirectory: false } : 'unknown'
  }
}
