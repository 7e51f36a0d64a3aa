import type { BigIntStats } from 'node:fs'
import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { listChangedPaths } from '../git/ancestry.ts'
import type { Git } from '../git/git.ts'

/**
 * What git does not track and what stands where a change adds files: git sees no harm in overwriting an ignored file, say a `.env` somebody
 * has started to track. What the change itself takes away, a folder that becomes a file say, is in nobody's way.
 * @param changed all paths of the change.
 */
export async function findObstacles(
  git: Git,
  worktree: string,
  { from, to, changed }: { readonly from: string; readonly to: string; readonly changed: readonly string[] },
): Promise<string[]> {
  const added = await listChangedPaths(git, from, to, 'added')
  const look = remember((path) => lstat(join(worktree, path), { bigint: true }).catch(() => undefined))
  const tracked = new Set(changed)
  for (const path of added) tracked.delete(path)
  const obstacles = new Set<string>()
  const folders: string[] = []
  for (const path of added) {
    const first = await findFirst(path, look)
    if (first === undefined || tracked.has(first.path)) continue
    if (first.stats.isDirectory()) folders.push(path)
    else if (!(await isRespelled(path, first.stats, tracked, look))) obstacles.add(first.path)
  }
  for (const path of folders) for (const inside of await listUntracked(git, worktree, path)) obstacles.add(inside)
  return [...obstacles]
}

type Look = (path: string) => Promise<BigIntStats | undefined>

function remember(look: Look): Look {
  const seen = new Map<string, ReturnType<Look>>()
  return (path) => {
    const answer = seen.get(path) ?? look(path)
    seen.set(path, answer)
    return answer
  }
}

/** The path itself, or what is no folder on the way to it. A link on the way is not followed: git does not either. */
async function findFirst(path: string, look: Look): Promise<{ path: string; stats: BigIntStats } | undefined> {
  const parts = path.split('/')
  for (let count = 1; count <= parts.length; count += 1) {
    const prefix = parts.slice(0, count).join('/')
    const stats = await look(prefix)
    if (stats === undefined) return undefined
    if (count === parts.length || !stats.isDirectory()) return { path: prefix, stats }
  }
  return undefined
}

/** Where upper and lower case are the same to the file system, a new spelling finds the file of the old one. */
async function isRespelled(path: string, stats: BigIntStats, tracked: ReadonlySet<string>, look: Look): Promise<boolean> {
  for (const other of tracked) {
    if (other.toLowerCase() !== path.toLowerCase()) continue
    const same = await look(other)
    if (same?.ino === stats.ino && same.dev === stats.dev) return true
  }
  return false
}

/** Ignored or not. */
async function listUntracked(git: Git, worktree: string, folder: string): Promise<string[]> {
  const output = await git.read(['ls-files', '--others', '-z', '--', `:(top,literal)${folder}/`], { cwd: worktree })
  return output.split('\0').filter((path) => path !== '')
}
