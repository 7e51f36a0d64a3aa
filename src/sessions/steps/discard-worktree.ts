import { rmdir } from 'node:fs/promises'
import { join } from 'node:path'
import { listHiddenFiles, listIgnoredEntries } from '../../git/hidden-changes.ts'
import { listCommitsNamedIn } from '../../git/capture/named-in-directory.ts'
import type { Git } from '../../git/git.ts'
import { readRef, updateRefs } from '../../git/refs.ts'
import { snapshotWorktree } from '../../git/snapshot.ts'
import { listAdminDirectories } from '../../git/worktrees.ts'
import { applySteps, undoSteps } from '../../operations/apply-plan.ts'
import { discardEmptyAdminDirectory, purgeTrash } from '../../operations/trash/delete.ts'
import { isGone } from '../../operations/trash/gate.ts'
import type { TrashItem } from '../../operations/trash/item.ts'
import { readLockMarker } from '../../operations/trash/lock-marker.ts'
import { newTrashItem } from '../../operations/trash/new-item.ts'
import { planPutAway, putAwayCommitPoint, putAwayHandlers, trashLockReason } from '../../operations/trash/put-away.ts'
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
  readonly uuid: string
  /** Of that session, as its record says. */
  readonly startedAt: string
}

/**
 * Takes back a worktree that was never finished. Somebody may have found it all the same: it goes the way every worktree goes, into the
 * trash, and is deleted at once only when it is nothing but a checkout. What is not surely ours stays.
 */
export async function discardWorktree(context: Context, made: HalfMade): Promise<void> {
  const { path } = made
  const commonDir = commonDirOf(context)
  const known = await listAdminDirectories(commonDir)
  const place = await planItem(context, made, '', null)
  // killed while it was being taken back, it may have come to the trash
  const gitDir = known.get(path) ?? known.get(place.path)
  if (gitDir === undefined) {
    // an empty folder; whatever else is in it nobody of us has put there
    await rmdir(path).catch(() => {})
    return removeEmptyFolders(context)
  }
  const record = await loadRecord(gitDir)
  const isNobodys = record.state === 'none' || (record.state === 'valid' && record.session.uuid === made.uuid)
  const marks = [made.lockReason, trashLockReason(place)]
  if (!isNobodys || !marks.includes((await readLockMarker(gitDir))?.trim() ?? '')) return
  const isInTrash = !(await isGone(place.path)) || known.get(path) === undefined
  if (!isInTrash && (await isGone(join(path, '.git')))) {
    // killed before the folder became a worktree
    await discardEmptyAdminDirectory(commonDir, gitDir, path)
    await rmdir(path).catch(() => {})
    return removeEmptyFolders(context)
  }
  const git = context.git.withoutSignal()
  const options = { cwd: commonDir, env: { GIT_DIR: gitDir }, accept: [0, 1] }
  const head = (await git.read(['rev-parse', '--quiet', '--verify', 'HEAD^{commit}'], options)).trim() || null
  const item = await planItem(context, made, gitDir, head)
  await putAway(git, commonDir, item, made.lockReason, isInTrash)
  if (await isMereCheckout(git, item)) {
    await purgeTrash(commonDir, item)
    // it holds nothing that the commit does not hold
    const ref = await readRef(git, item.ref)
    if (ref !== null) await updateRefs(git, [{ ref: item.ref, new: null, old: ref }], 'flightrules: a mere checkout')
  }
  return removeEmptyFolders(context)
}

/** Where it goes has the same name whenever it is asked: killed on the way, it is found again. */
function planItem(context: Context, made: HalfMade, gitDir: string, head: string | null): Promise<TrashItem> {
  const { id, uuid, path, branch, startedAt } = made
  return newTrashItem({
    sessionsDir: context.sessionsDir,
    worktree: path,
    gitDir,
    id,
    branch,
    head,
    reason: 'its start was interrupted',
    record: null,
    lock: null,
    now: new Date(Date.parse(startedAt) + (Number.parseInt(uuid.slice(0, 3), 16) % 1000)),
  })
}

/** Puts it away, or goes on with that. */
async function putAway(git: Git, commonDir: string, item: TrashItem, lockedBefore: string, isInTrash: boolean): Promise<void> {
  const work = { git, commonDir, item, lockedBefore }
  const plan = planPutAway(item)
  if (isInTrash) {
    // deleted already but for what git knows of it
    if (await isGone(item.path)) return
    const rest = plan.slice(plan.findIndex(({ kind }) => kind === putAwayCommitPoint) + 1)
    return applySteps(rest, putAwayHandlers, work, putAwayCommitPoint, { begun: [], committed: true })
  }
  if ((await readRef(git, item.ref)) !== null) await undoSteps(plan, putAwayHandlers, work, undefined)
  await applySteps(plan, putAwayHandlers, work, putAwayCommitPoint, { begun: [], committed: false })
}

/**
 * Nothing in it but files of its commit, all of them or as many as git came to write, nothing else staged, and no commit that no branch has;
 * what git cannot tell is not nothing. Looked at where it lies now: somebody may have been in it until it was moved.
 */
async function isMereCheckout(git: Git, { path, gitDir, head }: TrashItem): Promise<boolean> {
  if (head === null) return false
  if (await isGone(path)) return true
  try {
    const now = await snapshotWorktree(git, { worktree: path, gitDir, message: 'half made', head })
    if (now.index === null || (await git.readLine(['rev-parse', '--verify', 'HEAD'], { cwd: path })) !== head) return false
    const differs = ['diff-tree', '-r', '--no-renames', '--name-only', '--diff-filter=d', '-z', head]
    const [changed, staged, ignored, hidden, commits] = await Promise.all([
      git.read([...differs, now.commit]),
      git.read([...differs, now.index]),
      listIgnoredEntries(git, path),
      listHiddenFiles(git, path),
      listOwnCommits(git, gitDir),
    ])
    return changed === '' && staged === '' && [...ignored, ...hidden, ...commits].length === 0
  } catch {
    return false
  }
}

/** Commits it alone names: made there on no branch, say. */
async function listOwnCommits(git: Git, gitDir: string): Promise<string[]> {
  const input = [...(await listCommitsNamedIn(git, gitDir)), ''].join('\n')
  if (input === '') return []
  const others = ['--not', '--branches', '--tags', '--remotes']
  return (await git.read(['rev-list', '--max-count=1', '--stdin', ...others], { input }))
    .split('\n')
    .filter((line) => line !== '')
}

async function removeEmptyFolders({ sessionsDir }: Context): Promise<void> {
  await rmdir(join(sessionsDir, '.trash')).catch(() => {})
  await rmdir(sessionsDir).catch(() => {})
}
