import { lstat, mkdir, readFile, rename, rm, rmdir, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { FlightRulesError } from '../../errors.ts'
import { reachFailpoint } from '../../files/failpoint.ts'
import type { Git } from '../../git/git.ts'
import { updateRefs } from '../../git/refs.ts'
import { snapshotIndex } from '../../git/snapshot.ts'
import { listAdminDirectories } from '../../git/worktrees.ts'
import { isAdminDirectory, isGone, notRemovable } from './gate.ts'
import { isTrashPath, removeTrashItem, type TrashItem, trashTime } from './item.ts'

/** Deletes what was put away; its snapshot stays. Only ever a folder in a trash of ours. */
export async function purgeTrash(commonDir: string, item: TrashItem): Promise<void> {
  if (!isTrashPath(item.path) || basename(item.path) !== item.trash || !isAdminDirectory(commonDir, item.gitDir)) {
    throw new FlightRulesError({
      kind: 'failed',
      code: 'NOT_REMOVABLE',
      message: `${item.path} is not in a trash of Flight Rules; it was left alone`,
    })
  }
  reachFailpoint('rm:trash-folder')
  await rm(item.path, { recursive: true, force: true })
  reachFailpoint('rm:trash-admin')
  const back = await readFile(join(item.gitDir, 'gitdir'), 'utf8').catch(() => '')
  if (back.trim() === join(item.path, '.git')) await rm(item.gitDir, { recursive: true, force: true })
  await rmdir(dirname(item.path)).catch(() => {})
  await removeTrashItem(commonDir, item.trash)
}

/**
 * Drops what git remembers of a linked worktree whose folder is gone: HEAD and index are stored under a ref first.
 * @returns the ref, null when nothing was checked out.
 * @throws FlightRulesError NOT_REMOVABLE when the folder is there after all, or may only be out of reach.
 */
export async function dropMissingWorktree(input: {
  git: Git
  commonDir: string
  worktree: string
  gitDir: string
  id: string
  head: string | null
  reason: string
  now: Date
}): Promise<string | null> {
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
  reachFailpoint('rm:missing-admin')
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
