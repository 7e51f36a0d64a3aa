import { readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { readGitEntry } from '../git/locate-repository.ts'
import type { Context } from './context.ts'
import type { LocatedWorktree } from './load-sessions.ts'

/**
 * Where a worktree is that is no longer where git has it: folders beside its old place, in the sessions directory or beside the main
 * worktree whose `.git` names it. Several when somebody copied it.
 */
export async function findMoved(context: Context, { worktree, gitDir }: LocatedWorktree): Promise<string[]> {
  const parents = new Set([dirname(worktree.path), context.sessionsDir, dirname(context.main)])
  const found: string[] = []
  for (const parent of parents) {
    const entries = await readdir(parent, { withFileTypes: true }).catch(() => [])
    const folders = entries.filter((entry) => entry.isDirectory()).map((entry) => join(parent, entry.name))
    const gitDirs = await Promise.all(folders.map((folder) => readGitEntry(join(folder, '.git'))))
    found.push(...folders.filter((folder, index) => gitDirs[index] === gitDir && folder !== worktree.path))
  }
  return found
}
