import { lstat, mkdir, rename, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { reachFailpoint } from '../../files/failpoint.ts'
import type { WorktreePlace } from './walk-worktree.ts'

/** Where a worktree's git directory is made, for others' git commands fail on a half-made one. What an interruption leaves there has to go. */
export function placeAside(gitDir: string): string {
  return join(dirname(dirname(gitDir)), 'flightrules', 'restoring', basename(gitDir))
}

/**
 * Begins a worktree: its git directory aside, locked, which names the folder before that is made.
 * @throws the file system's error, EEXIST where something is in the way.
 */
export async function beginWorktree({ worktree, gitDir }: WorktreePlace): Promise<string> {
  const aside = placeAside(gitDir)
  await mkdir(aside, { recursive: true })
  await writeFile(join(aside, 'gitdir'), `${join(worktree, '.git')}\n`, { flag: 'wx' })
  await writeFile(join(aside, 'commondir'), '../..\n', { flag: 'wx' })
  await writeFile(join(aside, 'locked'), 'flightrules restore', { flag: 'wx' })
  await mkdir(worktree)
  await writeFile(join(worktree, '.git'), `gitdir: ${gitDir}\n`, { flag: 'wx' })
  return aside
}

/** Puts it where git looks for worktrees, complete. */
export async function placeAdmin({ gitDir }: WorktreePlace): Promise<void> {
  await mkdir(dirname(gitDir), { recursive: true })
  if ((await lstat(gitDir).catch(() => undefined)) !== undefined) throw new Error(`${gitDir} is there already`)
  reachFailpoint('rename:restored-admin')
  await rename(placeAside(gitDir), gitDir)
}
