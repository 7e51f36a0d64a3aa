import { readFile, realpath, rm, rmdir, unlink } from 'node:fs/promises'
import { basename, dirname, join, sep } from 'node:path'
import { reachFailpoint } from '../../files/failpoint.ts'
import { placeAside } from '../../git/capture/place-admin.ts'
import { readGitEntry } from '../../git/locate-repository.ts'
import { mergeCheckoutName } from '../../git/merge-checkout-name.ts'
import { droppedDirectory } from './drop-missing.ts'
import { isAdminDirectory, isGone, notRemovable } from './gate.ts'
import { isTrashPath, removeTrashItem } from './item.ts'
import { openFolders, requireNoMount } from './before-deletion.ts'

/** A folder in a trash of ours, and git's administrative directory for it. */
export interface TrashedFolder {
  readonly trash: string
  readonly path: string
  readonly gitDir: string
}

/** Deletes what was put away and forgets the entry; its snapshot stays. Only ever a folder in a trash of ours. */
export async function purgeTrash(commonDir: string, item: TrashedFolder): Promise<void> {
  await deleteTrashed(commonDir, item)
  await removeTrashItem(commonDir, item.trash)
}

/**
 * Deletes a folder in a trash of ours, with what git knows of it. Can be done again where it was interrupted. A link is deleted, never what it
 * leads to.
 * @throws FlightRulesError NOT_REMOVABLE when it is anything else, or something is mounted in it; nothing was deleted then.
 */
export async function deleteTrashed(commonDir: string, { trash, path, gitDir }: TrashedFolder): Promise<void> {
  if (!isTrashPath(path) || basename(path) !== trash || !isAdminDirectory(commonDir, gitDir))
    throw notRemovable(path, 'it is not in a trash of Flight Rules')
  await requireKnownToGit(path, gitDir)
  await requireNoMount(path)
  reachFailpoint('rm:trash-folder')
  await deleteWhole(path)
  reachFailpoint('rm:trash-admin')
  if (await namesFolder(gitDir, path)) await deleteWhole(gitDir)
  // what a restore that was stopped was making
  await deleteWhole(placeAside(gitDir))
  await rmdir(dirname(path)).catch(() => {})
}

async function namesFolder(gitDir: string, path: string): Promise<boolean> {
  return (await readFile(join(gitDir, 'gitdir'), 'utf8').catch(() => '')).trim() === join(path, '.git')
}

/** What an entry of the trash says anybody can have written: only what git has in that place, or what itself names git's files, is a worktree of ours. */
async function requireKnownToGit(path: string, gitDir: string): Promise<void> {
  if (await isGone(path)) return
  if ((await realpath(path)) !== path) throw notRemovable(path, 'a part of its path is a symbolic link')
  if ((await namesFolder(gitDir, path)) || (await namesFolder(placeAside(gitDir), path))) return
  if ((await readGitEntry(join(path, '.git'))) === gitDir) return
  throw notRemovable(path, 'git knows no worktree of this repository there')
}

/**
 * Deletes one folder, file or link inside a folder in a trash of ours: what setup makes again.
 * @throws FlightRulesError NOT_REMOVABLE.
 */
export async function deleteInTrashed(path: string, inside: string): Promise<void> {
  const target = join(path, inside)
  if (!isTrashPath(path) || !target.startsWith(path + sep)) throw notRemovable(target, 'it is not in a trash of Flight Rules')
  if ((await realpath(dirname(target))) !== dirname(target)) throw notRemovable(target, 'a part of its path is a symbolic link')
  await requireNoMount(target)
  reachFailpoint('rm:in-trash')
  await deleteWhole(target)
}

/** Also folders that may not be written: nobody can delete what is in them. */
async function deleteWhole(path: string): Promise<void> {
  const remove = (): Promise<void> => rm(path, { recursive: true, force: true })
  await remove().catch(async (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EACCES' && error.code !== 'EPERM') throw error
    await openFolders(path)
    await remove()
  })
}

/** Deletes git's files of a worktree whose folder was gone, once an operation has taken them out of git's sight. */
export async function discardDropped(commonDir: string, op: string): Promise<void> {
  reachFailpoint('rm:missing-admin')
  await rm(droppedDirectory(commonDir, op), { recursive: true, force: true })
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

/** Deletes what a process that died was building in a worktree's git directory: copies nobody has seen. */
export async function discardStaging(gitDir: string, name: string): Promise<void> {
  if (!/^flightrules-staging-\d+-[0-9a-f]{12}[.\w]*$/.test(name) || basename(dirname(gitDir)) !== 'worktrees') return
  reachFailpoint('rm:staging')
  await rm(join(gitDir, name), { recursive: true, force: true })
}

/** Deletes the checkout in which a process that died had a hook look at a merge: nobody works there. */
export async function discardMergeCheckout(commonDir: string, name: string): Promise<void> {
  if (!mergeCheckoutName.test(name)) return
  reachFailpoint('rm:merge-checkout')
  await rm(join(commonDir, 'flightrules', name), { recursive: true, force: true })
}

/** Removes the sessions directory when nothing is left in it but an empty manifest. */
export async function removeEmptySessionsDir(sessionsDir: string, manifestFile: string): Promise<void> {
  await rmdir(join(sessionsDir, '.trash')).catch(() => {})
  const text = await readFile(manifestFile, 'utf8').catch(() => '')
  if (!/"sessions": \[\]/.test(text)) return
  await unlink(manifestFile)
  await rmdir(sessionsDir).catch(() => {})
}
