import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FlightRulesError } from '../errors.ts'
import { reachFailpoint } from '../files/failpoint.ts'
import { replaceFile } from '../files/replace-file.ts'
import {
  type AdminDirectory,
  discardStagedAdminDirectory,
  forGit,
  placeAdminDirectory,
  stageAdminDirectory,
} from './admin-directory.ts'
import type { Git } from './git.ts'
import { GitError } from './git-error.ts'
import { withoutHooks } from './no-hooks.ts'
import { requireBranchUnused } from './require-branch-unused.ts'
import { runPostCheckout } from './run-post-checkout.ts'
import { readWorktreeSettings, type WorktreeSettings } from './worktree-settings.ts'
import { listAdminDirectories } from './worktrees.ts'

export interface NewWorktree extends AdminDirectory {
  /** One made a moment ago is surely nobody else's. */
  readonly branchIs: 'new' | 'existing'
  /** `none`: no hook runs, for the files that are checked out could be the hooks. Default `project`. */
  readonly hooks?: 'project' | 'none'
  readonly onStderr?: (text: string) => void
}

export interface AddedWorktree {
  /** The worktree's own git directory. */
  readonly gitDir: string
  /** Exit status of the project's post-checkout hook, 0 where there is none. */
  readonly hookStatus: number
}

/**
 * Makes a linked worktree of a branch in a folder that is there and empty, as `git worktree add` does, but so that nobody sees it half made:
 * its administrative files come into view with one rename. Where the repository's layout is beyond what we know, git makes it.
 * @throws FlightRulesError BRANCH_IN_USE, WORKTREE_LOST; GitError when the files could not be checked out; what is there by then is for `undo` to take away.
 */
export async function addWorktree(git: Git, worktree: NewWorktree): Promise<AddedWorktree> {
  const settings = await readWorktreeSettings(git, worktree.commonDir)
  if (settings.layout === 'git') return addByGit(git, worktree)
  if (worktree.branchIs === 'existing') await requireBranchUnused(worktree, settings.bare)
  const gitDir = await place(git, worktree, settings)
  reachFailpoint('placed:admin-directory')
  await replaceFile(join(worktree.path, '.git'), `gitdir: ${forGit(gitDir)}\n`, { makeDirectory: false })
  const onStderr = worktree.onStderr === undefined ? {} : { onStderr: worktree.onStderr }
  // as `worktree add` does it, but for files that appeared meanwhile: those are never overwritten
  const held = await heldOptions(git, worktree)
  await git.run([...held, 'reset', '--merge', '--no-recurse-submodules', '--quiet'], {
    cwd: worktree.path,
    env: { GIT_DIR: join(worktree.path, '.git'), GIT_WORK_TREE: worktree.path },
    ...onStderr,
  })
  await requireOwn(gitDir, worktree)
  if (worktree.hooks === 'none') return { gitDir, hookStatus: 0 }
  const head = (await readFile(join(gitDir, 'ORIG_HEAD'), 'utf8')).trim()
  return { gitDir, hookStatus: await runPostCheckout(git, { hooks: settings.hooks, path: worktree.path, head, ...onStderr }) }
}

async function place(git: Git, worktree: NewWorktree, settings: WorktreeSettings): Promise<string> {
  try {
    const staging = await stageAdminDirectory(git, worktree, settings)
    const gitDir = await placeAdminDirectory(staging, worktree)
    await requireOwn(gitDir, worktree)
    return gitDir
  } finally {
    await discardStagedAdminDirectory(worktree.commonDir, worktree.key)
  }
}

/** A `git worktree add` that had just claimed the same name would write its own over ours, and the worktree is then that one's. */
async function requireOwn(gitDir: string, { path }: NewWorktree): Promise<void> {
  const back = await readFile(join(gitDir, 'gitdir'), 'utf8').catch(() => '')
  if (back.trim() === forGit(join(path, '.git'))) return
  throw new FlightRulesError({
    kind: 'failed',
    code: 'WORKTREE_LOST',
    message: `while the worktree ${path} was being made, somebody else changed ${gitDir}; it was left to them`,
    hint: 'run the command again',
    details: { path, gitDir },
  })
}

/** Nothing of the files that are checked out is run. */
async function heldOptions(git: Git, { hooks, commonDir, branch }: NewWorktree): Promise<readonly string[]> {
  if (hooks !== 'none') return []
  const { overrideRelativeDrivers } = await import('./relative-drivers.ts')
  const overrides = await overrideRelativeDrivers(git, `refs/heads/${branch}`)
  return [...withoutHooks(commonDir), ...overrides.flatMap(({ key, value }) => ['-c', `${key}=${value}`])]
}

async function addByGit(git: Git, worktree: NewWorktree): Promise<AddedWorktree> {
  const { commonDir, path, branch, lockReason, onStderr } = worktree
  const held = await heldOptions(git, worktree)
  const args = [...held, 'worktree', 'add', '--quiet', '--lock', '--reason', lockReason, '--', path, branch]
  const failure = await git.run(args, onStderr === undefined ? {} : { onStderr }).then(() => undefined, asHookFailure)
  const gitDir = (await listAdminDirectories(commonDir)).get(path)
  // git takes away what it could not finish, and ends with the status of the hook where only that failed
  if (gitDir !== undefined) return { gitDir, hookStatus: failure?.status ?? 0 }
  throw failure ?? new Error(`git made the worktree ${path}, but its administrative files are not there`)
}

/** @throws the error itself where it cannot be that of a hook: git's own are 128, those of a signal above. */
function asHookFailure(error: unknown): GitError {
  if (error instanceof GitError && error.status < 128) return error
  throw error
}
