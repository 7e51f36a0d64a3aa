import { lstat, mkdir, readFile, realpath, rename, rm, rmdir, unlink } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { FlightRulesError } from '../errors.ts'
import { replaceFile } from '../files/replace-file.ts'
import type { Git } from '../git/git.ts'
import { readGitEntry } from '../git/locate-repository.ts'
import { updateRefs } from '../git/refs.ts'
import { snapshotIndex, snapshotWorktree } from '../git/snapshot.ts'
import { listAdminDirectories } from '../git/worktrees.ts'

/** A worktree that was put away: where it is now, and where everything it held can be found. */
export interface TrashItem {
  readonly version: 1
  /** Name of this entry. */
  readonly trash: string
  readonly id: string
  readonly at: string
  readonly reason: string
  readonly branch: string | null
  /** Commit that was checked out. */
  readonly head: string | null
  /** Ref of the snapshot: HEAD, index, tracked and untracked files. */
  readonly ref: string
  readonly path: string
  readonly from: string
  readonly gitDir: string
}

export interface TrashInput {
  readonly git: Git
  readonly commonDir: string
  readonly sessionsDir: string
  /** Absolute path of the linked worktree. */
  readonly worktree: string
  readonly gitDir: string
  readonly id: string
  readonly branch: string | null
  readonly head: string | null
  readonly reason: string
  readonly now: Date
}

const nowhere = '0'.repeat(40)

/**
 * Puts a linked worktree away without deleting anything: its content is stored under a ref, its folder renamed into the
 * trash, and git told where it is now, so that a program still running in it goes on writing safely.
 * @throws FlightRulesError NOT_REMOVABLE when it is not plainly the worktree it is taken for.
 */
export async function moveToTrash(input: TrashInput): Promise<TrashItem> {
  await requireRemovable(input)
  // once begun it is finished: an interruption half-way would leave it neither here nor there
  const git = input.git.withoutSignal()
  const trash = `${input.id}-${trashTime(input.now)}`
  const ref = `refs/flightrules/trash/${input.id}/${trash.slice(input.id.length + 1)}`
  const snapshot = await snapshotWorktree(git, {
    worktree: input.worktree,
    gitDir: input.gitDir,
    message: `${input.id}: ${input.reason}`,
  })
  await updateRefs(git, [{ ref, new: snapshot.commit, old: nowhere }], `flightrules: ${input.reason}`)
  const path = await chooseTrashPath(input, trash)
  const { id, reason, branch, head, gitDir } = input
  const item: TrashItem = {
    version: 1,
    trash,
    id,
    at: input.now.toISOString(),
    reason,
    branch,
    head,
    ref,
    path,
    from: input.worktree,
    gitDir,
  }
  await replaceFile(itemFile(input.commonDir, trash), `${JSON.stringify(item, null, 2)}\n`)
  await requireRemovable(input)
  // still on its branch, the trashed worktree would keep everybody else from checking that branch out
  if (head !== null) await git.run(['update-ref', '--no-deref', 'HEAD', head], { cwd: input.worktree })
  await rename(input.worktree, path).catch(async (error: Error) => {
    if (branch !== null) await git.run(['symbolic-ref', 'HEAD', `refs/heads/${branch}`], { cwd: input.worktree })
    await unlink(itemFile(input.commonDir, trash)).catch(() => {})
    throw notRemovable(input.worktree, error.message)
  })
  await replaceFile(join(gitDir, 'gitdir'), `${join(path, '.git')}\n`)
  await replaceFile(join(path, '.git'), `gitdir: ${gitDir}\n`)
  await replaceFile(join(gitDir, 'locked'), `flightrules trash ${trash}`)
  await setOperationAside(gitDir)
  return item
}

/** What git takes for a sign that a branch is being worked on, under names git does not know; a restore gives them back. */
async function setOperationAside(gitDir: string): Promise<void> {
  for (const name of ['rebase-merge', 'rebase-apply', 'BISECT_START']) {
    await rename(join(gitDir, name), join(gitDir, `flightrules-${name}`)).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error
    })
  }
}

/** Deletes what `moveToTrash` put away; its snapshot stays. Only ever a folder in a trash of ours. */
export async function purgeTrash(commonDir: string, item: TrashItem): Promise<void> {
  if (!isTrashPath(item.path) || basename(item.path) !== item.trash || !isAdminDirectory(commonDir, item.gitDir)) {
    throw new FlightRulesError({
      kind: 'failed',
      code: 'NOT_REMOVABLE',
      message: `${item.path} is not in a trash of Flight Rules; it was left alone`,
    })
  }
  await rm(item.path, { recursive: true, force: true })
  const back = await readFile(join(item.gitDir, 'gitdir'), 'utf8').catch(() => '')
  if (back.trim() === join(item.path, '.git')) await rm(item.gitDir, { recursive: true, force: true })
  await rmdir(dirname(item.path)).catch(() => {})
  await unlink(itemFile(commonDir, item.trash)).catch(() => {})
}

/**
 * Drops what git remembers of a linked worktree whose folder is gone: HEAD and index are stored under a ref first.
 * @returns the ref, null when nothing was checked out.
 * @throws FlightRulesError NOT_REMOVABLE when the folder is there after all, or may only be out of reach.
 */
export async function dropMissingWorktree(input: Omit<TrashInput, 'sessionsDir' | 'branch'>): Promise<string | null> {
  const { git, commonDir, worktree, gitDir, id, head, reason, now } = input
  if (!isAdminDirectory(commonDir, gitDir)) throw notRemovable(worktree, 'it is not a linked worktree of this repository')
  if (!(await isGone(worktree))) throw notRemovable(worktree, 'it is there after all, or cannot be looked at')
  if (await isGone(dirname(worktree))) {
    throw notRemovable(worktree, `${dirname(worktree)} is not there either; the disk it is on may not be mounted`)
  }
  let ref: string | null = null
  if (head !== null) {
    ref = `refs/flightrules/trash/${id}/${trashTime(now)}`
    const commit = await snapshotIndex(git, { gitDir, head, message: `${id}: ${reason}` })
    await updateRefs(git, [{ ref, new: commit, old: '0'.repeat(head.length) }], `flightrules: ${reason}`)
  }
  await rm(gitDir, { recursive: true, force: true })
  return ref
}

/**
 * Takes back a worktree that was never finished: nobody has been told of it, so it holds nothing but a checkout. A folder that git does not
 * know as a worktree of that branch is somebody else's and stays.
 */
export async function discardHalfMadeWorktree(input: {
  commonDir: string
  sessionsDir: string
  path: string
  branch: string
  id: string
  now: Date
}): Promise<void> {
  const known = (await listAdminDirectories(input.commonDir)).get(input.path)
  const head = known === undefined ? '' : await readFile(join(known, 'HEAD'), 'utf8').catch(() => '')
  const gitDir = head.trim() === `ref: refs/heads/${input.branch}` ? known : undefined
  const stats = await lstat(input.path).catch(() => undefined)
  const trash = join(input.sessionsDir, '.trash')
  if (gitDir === undefined) await rmdir(input.path).catch(() => {})
  else if (stats?.isDirectory() === true) {
    await mkdir(trash, { recursive: true })
    const aside = join(trash, `${input.id}-half-made-${input.now.getTime()}`)
    await rename(input.path, aside)
    await rm(aside, { recursive: true, force: true })
  }
  if (gitDir !== undefined) await rm(gitDir, { recursive: true, force: true })
  await rmdir(trash).catch(() => {})
  await rmdir(input.sessionsDir).catch(() => {})
}

/** Removes the sessions directory when nothing is left in it but an empty manifest. */
export async function removeEmptySessionsDir(sessionsDir: string, manifestFile: string): Promise<void> {
  await rmdir(join(sessionsDir, '.trash')).catch(() => {})
  const text = await readFile(manifestFile, 'utf8').catch(() => '')
  if (!/"sessions": \[\]/.test(text)) return
  await unlink(manifestFile)
  await rmdir(sessionsDir).catch(() => {})
}

/** Whether a path is an entry of a trash of ours. */
export function isTrashPath(path: string): boolean {
  return isAbsolute(path) && resolve(path) === path && ['.trash', '.flightrules-trash'].includes(basename(dirname(path)))
}

/** Only what is surely not there is gone; what cannot be looked at may hold anything. */
async function isGone(path: string): Promise<boolean> {
  return lstat(path).then(
    () => false,
    (error: NodeJS.ErrnoException) => error.code === 'ENOENT' || error.code === 'ENOTDIR',
  )
}

/** A time as part of a ref's name and a folder's. */
function trashTime(now: Date): string {
  return now.toISOString().replace(/[-:.]/g, '').toLowerCase()
}

function notRemovable(worktree: string, why: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'NOT_REMOVABLE',
    message: `${worktree} was not removed: ${why}`,
    hint: 'look at it yourself; nothing was changed',
    details: { worktree, why },
  })
}

function isAdminDirectory(commonDir: string, gitDir: string): boolean {
  return resolve(gitDir) === gitDir && dirname(gitDir) === join(commonDir, 'worktrees')
}

function itemFile(commonDir: string, trash: string): string {
  return join(commonDir, 'flightrules', 'trash', `${trash}.json`)
}

/** The trash is in the sessions directory; for a worktree on another file system it is beside the worktree. */
async function chooseTrashPath(input: TrashInput, trash: string): Promise<string> {
  const usual = join(input.sessionsDir, '.trash')
  await mkdir(usual, { recursive: true, mode: 0o700 })
  const [there, here] = await Promise.all([lstat(usual), lstat(input.worktree)])
  if (there.dev === here.dev) return join(usual, trash)
  await rmdir(usual).catch(() => {})
  const beside = join(dirname(input.worktree), '.flightrules-trash')
  await mkdir(beside, { recursive: true, mode: 0o700 })
  return join(beside, trash)
}

/** What is removed must be exactly the linked worktree git knows under this name. Anything else is refused. */
async function requireRemovable({ worktree, gitDir, commonDir }: TrashInput): Promise<void> {
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
