import { readFile, rm, rmdir, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { FlightRulesError } from '../../errors.ts'
import { reachFailpoint } from '../../files/failpoint.ts'
import type { Git } from '../../git/git.ts'
import { updateRefs } from '../../git/refs.ts'
import { snapshotIndex } from '../../git/snapshot.ts'
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
 * Takes away git's files of a worktree whose folder never became one: they name a place where nothing of a worktree is.
 * @throws FlightRulesError NOT_REMOVABLE when it is one after all.
 */
export async function discardEmptyAdminDirectory(commonDir: string, gitDir: string, path: string): Promise<void> {
  if (!isAdminDirectory(commonDir, gitDir)) throw notRemovable(path, 'it is not a linked worktree of this repository')
  if (!(await isGone(join(path, '.git'))) || !(await isGone(join(gitDir, 'flightrules.json'))))
    throw notRemovable(path, 'it is a worktree')
  reachFailpoint('rm:half-made-admin')
  await rm(gitDir, { recursive: true, force: true })
}

/** Removes the sessions directory when nothing is left in it but an empty manifest. */
export async function removeEmptySessionsDir(sessionsDir: string, manifestFile: string): Promise<void> {
  await rmdir(join(sessionsDir, '.trash')).catch(() => {})
  const text = await readFile(manifestFile, 'utf8').catch(() => '')
  if (!/"sessions": \[\]/.test(text)) return
  await unlink(manifestFile)
  await rmdir(sessionsDir).catch(() => {})
}
