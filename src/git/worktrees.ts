import { readdirSync } from 'node:fs'
import { access, realpath } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { readAtOnce } from '../files/read-at-once.ts'
import type { Git } from './git.ts'
import { resolveMainWorktree } from './main-worktree.ts'

/** One entry of `git worktree list`. */
export interface Worktree {
  /** Real path of the worktree. */
  readonly path: string
  /** Commit checked out, null in a bare repository and on an unborn branch. */
  readonly head: string | null
  /** Full ref name, null on a detached HEAD (also during a rebase). */
  readonly branch: string | null
  readonly bare: boolean
  /** Reason of the lock, '' when locked without one, null when not locked. */
  readonly locked: string | null
  /** Why git thinks it is gone, null when it is there. */
  readonly prunable: string | null
  /** The first entry is the main worktree. */
  readonly main: boolean
}

/** All worktrees, the main one first. One git process. */
export async function listWorktrees(git: Git): Promise<Worktree[]> {
  const worktrees = parseWorktreeList(await git.read(['worktree', 'list', '--porcelain', '-z']))
  const [main, ...linked] = await Promise.all(worktrees.map(markMissing))
  if (main === undefined) return []
  return [main.bare ? main : { ...main, path: await resolveMainWorktree(git, main.path) }, ...linked]
}

/** git does not look whether a locked worktree is still there; ours are all locked. */
async function markMissing(worktree: Worktree): Promise<Worktree> {
  if (worktree.locked === null || worktree.prunable !== null) return worktree
  const reason = await access(join(worktree.path, '.git')).then(
    () => null,
    (error: NodeJS.ErrnoException) => error.code,
  )
  // what cannot be looked at is not gone
  return reason === 'ENOENT' || reason === 'ENOTDIR' ? { ...worktree, prunable: 'its folder is gone' } : worktree
}

/** Reads `git worktree list --porcelain -z`: records end with an empty field. */
export function parseWorktreeList(output: string): Worktree[] {
  const worktrees: Worktree[] = []
  for (const record of output.split('\0\0')) {
    if (record === '') continue
    const fields = new Map<string, string>()
    for (const field of record.split('\0')) {
      const space = field.indexOf(' ')
      if (space === -1) fields.set(field, '')
      else fields.set(field.slice(0, space), field.slice(space + 1))
    }
    const path = fields.get('worktree')
    if (path === undefined) continue
    const head = fields.get('HEAD')
    worktrees.push({
      path,
      head: head === undefined || /^0+$/.test(head) ? null : head,
      branch: fields.get('branch') ?? null,
      bare: fields.has('bare'),
      locked: fields.get('locked') ?? null,
      prunable: fields.get('prunable') ?? null,
      main: worktrees.length === 0,
    })
  }
  return worktrees
}

/**
 * The administrative directory of every linked worktree, by the worktree's path. File reads only. Where the worktrees are is asked in
 * other threads: that may be on a disk that does not answer.
 */
export async function listAdminDirectories(commonDir: string): Promise<Map<string, string>> {
  const parent = join(commonDir, 'worktrees')
  const names = orElse([], () => readdirSync(parent))
  const found = new Map<string, string>()
  await Promise.all(
    names.map(async (name) => {
      const adminDir = join(parent, name)
      const line = orElse(undefined, () => readAtOnce(join(adminDir, 'gitdir')))
      if (line === undefined) return
      const worktree = dirname(resolve(adminDir, line.replace(/\r?\n$/, '')))
      found.set(await realpath(worktree).catch(() => worktree), adminDir)
    }),
  )
  return found
}

function orElse<T>(otherwise: T, read: () => T): T {
  try {
    return read()
  } catch {
    return otherwise
  }
}
