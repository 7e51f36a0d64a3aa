import { lstat, rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { listHiddenFiles, listIgnoredEntries } from '../../git/hidden-changes.ts'
import { readRef, updateRefs } from '../../git/refs.ts'
import { listAdminDirectories } from '../../git/worktrees.ts'
import { applySteps } from '../../operations/apply-plan.ts'
import { discardEmptyAdminDirectory, purgeTrash } from '../../operations/trash/delete.ts'
import type { TrashItem } from '../../operations/trash/item.ts'
import { readLockMarker } from '../../operations/trash/lock-marker.ts'
import { newTrashItem } from '../../operations/trash/new-item.ts'
import { planPutAway, putAwayCommitPoint, putAwayHandlers } from '../../operations/trash/put-away.ts'
import { type Context, commonDirOf } from '../context.ts'
import { loadRecord } from '../record.ts'

export interface HalfMade {
  readonly id: string
  /** Real path. */
  readonly path: string
  /** Short name of the branch it was made for. */
  readonly branch: string
  /** The lock reason it was made with: what says that it is ours. */
  readonly lockReason: string
  /** Of the session it was made for: its own record does not make it another's. */
  readonly uuid?: string
}

/**
 * Takes back a worktree that was never finished. Somebody may have found it all the same: it goes the way every worktree goes, into the
 * trash, and is deleted at once only when it is nothing but a checkout. What is not surely ours stays.
 */
export async function discardWorktree(context: Context, made: HalfMade): Promise<void> {
  const { path, id } = made
  const commonDir = commonDirOf(context)
  const gitDir = (await listAdminDirectories(commonDir)).get(path)
  if (gitDir === undefined) {
    // an empty folder; whatever else is in it nobody of us has put there
    await rmdir(path).catch(() => {})
    return removeEmptyFolders(context)
  }
  const record = await loadRecord(gitDir)
  const isNobodys = record.state === 'none' || (record.state === 'valid' && record.session.uuid === made.uuid)
  if (!isNobodys || (await readLockMarker(gitDir))?.trim() !== made.lockReason) return
  if ((await lstat(join(path, '.git')).catch(() => undefined)) === undefined) {
    // killed before the folder became a worktree
    await discardEmptyAdminDirectory(commonDir, gitDir, path)
    await rmdir(path).catch(() => {})
    return removeEmptyFolders(context)
  }
  const git = context.git.withoutSignal()
  const item = await newTrashItem({
    sessionsDir: context.sessionsDir,
    worktree: path,
    gitDir,
    id,
    branch: made.branch,
    head: await git.readLine(['rev-parse', 'HEAD'], { cwd: path }),
    reason: 'its start was interrupted',
    record: null,
    lock: null,
    now: context.now(),
  })
  const work = { git, commonDir, item, lockedBefore: made.lockReason }
  await applySteps(planPutAway(item), putAwayHandlers, work, putAwayCommitPoint, { begun: [], committed: false })
  if (await isMereCheckout(context, item)) {
    await purgeTrash(commonDir, item)
    // it holds nothing that the commit does not hold
    await updateRefs(git, [{ ref: item.ref, new: null, old: await readRef(git, item.ref) }], 'flightrules: a mere checkout')
  }
  return removeEmptyFolders(context)
}

/** Nothing in it but files of its commit, all of them or as many as git came to write; what git cannot tell is not nothing. */
async function isMereCheckout({ git }: Context, { path, ref, head }: TrashItem): Promise<boolean> {
  if (head === null) return false
  try {
    const [changed, ignored, hidden] = await Promise.all([
      git.read(['diff-tree', '-r', '--no-renames', '--name-only', '--diff-filter=d', '-z', head, ref]),
      listIgnoredEntries(git, path),
      listHiddenFiles(git, path),
    ])
    return changed === '' && ignored.length === 0 && hidden.length === 0
  } catch {
    return false
  }
}

async function removeEmptyFolders({ sessionsDir }: Context): Promise<void> {
  await rmdir(join(sessionsDir, '.trash')).catch(() => {})
  await rmdir(sessionsDir).catch(() => {})
}
