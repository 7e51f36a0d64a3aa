import { access, realpath } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import type { Git } from './git.ts'
import { findRepositoryLocation } from './locate-repository.ts'

/**
 * Where the main worktree is when git names its git directory instead, as `worktree list` does for a submodule and after
 * `init --separate-git-dir`. The path as it was where it is a worktree, or where nobody knows better.
 */
export async function resolveMainWorktree(git: Git, path: string): Promise<string> {
  const isWorktree = await access(join(path, '.git')).then(
    () => true,
    () => false,
  )
  if (isWorktree) return path
  const location = await findRepositoryLocation(git.cwd)
  if (location?.gitDir === path && location.worktree !== null) return location.worktree
  const { status, stdout } = await git.run(['config', '--file', join(path, 'config'), '--get', 'core.worktree'], {
    accept: [0, 1],
  })
  if (status !== 0) return path
  const worktree = resolve(path, stdout.replace(/\n$/, ''))
  return realpath(worktree).catch(() => worktree)
}
