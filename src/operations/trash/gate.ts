import { lstat, readFile, realpath } from 'node:fs/promises'
import { dirname, join, relative, resolve } from 'node:path'
import { FlightRulesError } from '../../errors.ts'
import { readGitEntry } from '../../git/locate-repository.ts'
import { listAdminDirectories } from '../../git/worktrees.ts'

/**
 * The gate every removal passes: what goes must be exactly the linked worktree git knows under this name, with git's files and the
 * folder naming each other. Nothing read from JSON gets past it.
 * @throws FlightRulesError NOT_REMOVABLE.
 */
export async function requireRemovable(target: { worktree: string; gitDir: string; commonDir: string }): Promise<void> {
  const { worktree, gitDir, commonDir } = target
  const refuse = (why: string): never => {
    throw notRemovable(worktree, why)
  }
  if (!isAdminDirectory(commonDir, gitDir)) refuse('it is not a linked worktree of this repository')
  const stats = await lstat(worktree).catch(() => undefined)
  if (stats?.isDirectory() !== true) return refuse('it is not a directory')
  if ((await realpath(worktree)) !== worktree) refuse('a part of its path is a symbolic link')
  if ((await readGitEntry(join(worktree, '.git'))) !== gitDir)
    refuse('its .git does not name the administrative directory git has for it')
  const back = await readFile(join(gitDir, 'gitdir'), 'utf8').catch(() => '')
  if (resolve(gitDir, back.replace(/\r?\n$/, '')) !== join(worktree, '.git')) refuse('git has another place for it')
  const parent = await lstat(dirname(worktree))
  if (parent.dev !== stats.dev) refuse('it is a mount point')
  if (!relative(worktree, commonDir).startsWith('..')) refuse('the repository itself is inside it')
  for (const [other, otherDir] of await listAdminDirectories(commonDir)) {
    if (otherDir !== gitDir && !relative(worktree, other).startsWith('..')) refuse(`another worktree is inside it: ${other}`)
  }
}

/**
 * The gate for forgetting a worktree nobody can find any more. That it may only be out of reach is no reason to forget it.
 * @throws FlightRulesError NOT_REMOVABLE.
 */
export async function requireMissing(target: { worktree: string; gitDir: string; commonDir: string }): Promise<void> {
  const { worktree, gitDir, commonDir } = target
  if (!isAdminDirectory(commonDir, gitDir)) throw notRemovable(worktree, 'it is not a linked worktree of this repository')
  if (!(await isGone(worktree))) throw notRemovable(worktree, 'it is there after all, or cannot be looked at')
  if (await isGone(dirname(worktree))) {
    throw notRemovable(worktree, `${dirname(worktree)} is not there either; the disk it is on may not be mounted`)
  }
  const back = await readFile(join(gitDir, 'gitdir'), 'utf8').catch(() => '')
  if (dirname(resolve(gitDir, back.replace(/\r?\n$/, ''))) !== worktree)
    throw notRemovable(worktree, 'git has another place for it')
}

/** An administrative directory of a linked worktree of this repository. */
export function isAdminDirectory(commonDir: string, gitDir: string): boolean {
  return resolve(gitDir) === gitDir && dirname(gitDir) === join(commonDir, 'worktrees')
}

/** Only what is surely not there is gone; what cannot be looked at may hold anything. */
export async function isGone(path: string): Promise<boolean> {
  return lstat(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT' || error.code === 'ENOTDIR',
  )
}

export function notRemovable(worktree: string, why: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'NOT_REMOVABLE',
    message: `${worktree} was not removed: ${why}`,
    hint: 'look at it yourself; nothing was changed',
    details: { worktree, why },
  })
}
