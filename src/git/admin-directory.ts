import { lstatSync, renameSync } from 'node:fs'
import { copyFile, lstat, mkdir, readFile, readdir, rmdir, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { reachFailpoint } from '../files/failpoint.ts'
import { replaceFile } from '../files/replace-file.ts'
import type { Git } from './git.ts'
import type { WorktreeSettings } from './worktree-settings.ts'

export interface AdminDirectory {
  readonly commonDir: string
  /** Real path of the worktree; the folder is there. */
  readonly path: string
  /** Without `refs/heads/`. */
  readonly branch: string
  /** What is said to whoever wants to remove the worktree. */
  readonly lockReason: string
  /** Names the folder aside; nobody else uses it. */
  readonly key: string
}

/** Folder aside: two below the common directory, as the one it becomes, so that what names the common directory is right in both. */
function stagedAdminDirectory(commonDir: string, key: string): string {
  // it may have been read from a file
  if (!/^[A-Za-z0-9-]+$/.test(key)) throw new Error(`no name for a folder aside: ${JSON.stringify(key)}`)
  return join(commonDir, 'flightrules', `new-worktree-${key}`)
}

/**
 * Lays out a worktree's administrative files aside, exactly as `git worktree add` writes them. Each is on the disk before anybody can see
 * it: an empty `commondir` stops every fetch in the repository.
 */
export async function stageAdminDirectory(git: Git, admin: AdminDirectory, settings: WorktreeSettings): Promise<string> {
  const { commonDir, path, branch, lockReason } = admin
  const staging = stagedAdminDirectory(commonDir, admin.key)
  await discardStagedAdminDirectory(commonDir, admin.key)
  await mkdir(staging, { recursive: true })
  const write = (name: string, line: string): Promise<void> => replaceFile(join(staging, name), `${line}\n`)
  await Promise.all([
    // what the next line of the worktree's first log entry starts from
    write('HEAD', settings.nothing),
    write('commondir', '../..'),
    write('gitdir', forGit(join(path, '.git'))),
    write('locked', lockReason),
  ])
  if (settings.sparse) await copyIfThere(join(commonDir, 'info', 'sparse-checkout'), join(staging, 'info', 'sparse-checkout'))
  if (settings.ownConfig) await copyConfig(git, join(commonDir, 'config.worktree'), join(staging, 'config.worktree'))
  await git.run(['symbolic-ref', '--quiet', 'HEAD', `refs/heads/${branch}`], {
    env: { GIT_DIR: staging, GIT_WORK_TREE: path },
  })
  return staging
}

/**
 * Puts it where git looks for worktrees, in one rename: to everybody else the worktree is there whole, or not at all.
 * @returns its path.
 */
export async function placeAdminDirectory(staging: string, admin: AdminDirectory): Promise<string> {
  const parent = join(admin.commonDir, 'worktrees')
  const name = basename(admin.path)
  let missing = 0
  for (let counter = 0; ;) {
    const target = join(parent, counter === 0 ? name : `${name}${counter}`)
    await mkdir(parent, { recursive: true })
    reachFailpoint('rename:admin-directory')
    const outcome = renameUnlessThere(staging, target)
    if (outcome === 'done') return target
    if (outcome === 'taken') counter += 1
    // a prune takes the parent away while it is empty
    else if ((missing += 1) > 100) throw new Error(`${parent} does not stay: something removes it again and again`)
  }
}

/** Nothing runs in this process between the look and the rename: an empty folder, as another git makes it first, would be replaced. */
function renameUnlessThere(from: string, to: string): 'done' | 'taken' | 'no-parent' {
  if (lstatSync(to, { throwIfNoEntry: false }) !== undefined) return 'taken'
  try {
    renameSync(from, to)
    return 'done'
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR') return 'taken'
    if (code === 'ENOENT' && lstatSync(from, { throwIfNoEntry: false }) !== undefined) return 'no-parent'
    throw error
  }
}

/** Takes the folder aside away, whatever it has come to hold. */
export async function discardStagedAdminDirectory(commonDir: string, key: string): Promise<void> {
  const staging = stagedAdminDirectory(commonDir, key)
  if ((await lstat(staging).catch(() => undefined)) === undefined) return
  for (const folder of [join(staging, 'logs'), join(staging, 'info'), staging]) {
    for (const name of await readdir(folder).catch(() => [])) await unlink(join(folder, name)).catch(() => {})
    await rmdir(folder).catch(() => {})
  }
}

/** git's paths have forward slashes everywhere. */
export function forGit(path: string): string {
  return process.platform === 'win32' ? path.replaceAll('\\', '/') : path
}

async function copyIfThere(from: string, to: string): Promise<boolean> {
  const there = await lstat(from).then(
    () => true,
    () => false,
  )
  if (!there) return false
  await mkdir(join(to, '..'), { recursive: true })
  await copyFile(from, to)
  return true
}

/** The main worktree's own settings, without the two that only ever mean itself. */
async function copyConfig(git: Git, from: string, to: string): Promise<void> {
  if (!(await copyIfThere(from, to))) return
  const text = await readFile(to, 'utf8')
  for (const name of ['bare', 'worktree']) {
    if (!new RegExp(name, 'i').test(text)) continue
    const pattern = name === 'bare' ? ['true'] : []
    // 5: it was not there
    await git.run(['config', '--file', to, '--unset', `core.${name}`, ...pattern], { accept: [0, 5] })
  }
}
