import { lstat, mkdir, readFile, rename } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { reachFailpoint } from '../../files/failpoint.ts'
import { replaceFile } from '../../files/replace-file.ts'
import { listCommitsNamedIn } from '../../git/capture/named-in-directory.ts'
import { withoutAncestors } from '../../git/capture/named-objects.ts'
import type { Git } from '../../git/git.ts'
import { GitError } from '../../git/git-error.ts'
import { readRef, updateRefs } from '../../git/refs.ts'
import { snapshotIndex, snapshotWorktree } from '../../git/snapshot.ts'
import type { StepHandler, StepHandlers } from '../apply-plan.ts'
import type { Step } from '../plan.ts'
import { isGone, notRemovable, requireRemovable } from './gate.ts'
import { removeTrashItem, type TrashItem, writeTrashItem } from './item.ts'
import { readLockMarker, writeLockMarker } from './lock-marker.ts'
import { freeOperation, setOperationAside } from './set-aside.ts'

/** What the steps of putting a worktree away work on; the item says everything about it. */
export interface PutAwayWork {
  /** Must not be stopped by a signal: once begun it is finished, or taken back. */
  readonly git: Git
  readonly commonDir: string
  readonly item: TrashItem
  /** Content of git's lock file of the worktree before, null when it was not locked. */
  readonly lockedBefore: string | null
  /** There is a snapshot of that name already, which is not this operation's to take back. */
  isRefTaken?: boolean
}

/** The step after which the worktree is in the trash. */
export const putAwayCommitPoint = 'move-to-trash'

/** The steps that put a worktree away without deleting anything. A program still running in it goes on writing safely. */
export function planPutAway(item: TrashItem): Step[] {
  return [
    { kind: 'snapshot-worktree', ref: item.ref, undo: `git update-ref -d ${item.ref}` },
    { kind: 'write-trash-item', trash: item.trash, undo: 'forget the entry' },
    { kind: 'detach-head', head: item.head, branch: item.branch, undo: 'put HEAD back on its branch' },
    { kind: 'move-to-trash', from: item.from, to: item.path, undo: 'move the folder back' },
    { kind: 'relink-worktree', path: item.path, undo: 'flightrules undoes this with the move' },
  ]
}

export const putAwayHandlers: StepHandlers<PutAwayWork> = {
  'snapshot-worktree': {
    async apply(_step, work) {
      const { git, item } = work
      const { reason, ref } = item
      const commit = await snapshot(git, item)
      if (commit === null) return
      await updateRefs(git, [{ ref, new: commit, old: null }], `flightrules: ${reason}`).catch((error: unknown) => {
        work.isRefTaken = true
        throw error
      })
    },
    async undo(_step, { git, item, isRefTaken }) {
      if (isRefTaken === true) return
      // everything in it is in the worktree, which stays
      const commit = await readRef(git, item.ref)
      if (commit !== null) await updateRefs(git, [{ ref: item.ref, new: null, old: commit }], 'flightrules: taken back')
    },
  },
  'write-trash-item': {
    apply: (_step, { commonDir, item }) => writeTrashItem(commonDir, item),
    undo: (_step, { commonDir, item }) => removeTrashItem(commonDir, item.trash),
  },
  'detach-head': {
    async apply(_step, { git, item }) {
      await writeLockMarker(item.gitDir, trashLockReason(item))
      // still on its branch, the trashed worktree would keep everybody else from checking that branch out
      if (item.head !== null) await writeHead(git, item, `${item.head}\n`)
    },
    async undo(_step, { git, item, lockedBefore }) {
      const { branch, gitDir } = item
      const head = await readFile(join(gitDir, 'HEAD'), 'utf8').catch(() => '')
      if (branch !== null && head.trim() === item.head) await writeHead(git, item, `ref: refs/heads/${branch}\n`)
      const locked = await readLockMarker(gitDir)
      if (locked === trashLockReason(item)) await writeLockMarker(gitDir, lockedBefore)
    },
  },
  [putAwayCommitPoint]: moveToTrash(),
  'relink-worktree': {
    async apply(_step, { item }) {
      const { path, gitDir } = item
      await replaceFile(join(gitDir, 'gitdir'), `${join(path, '.git')}\n`, { makeDirectory: false })
      await replaceFile(join(path, '.git'), `gitdir: ${gitDir}\n`, { makeDirectory: false })
      await setOperationAside(gitDir)
    },
    async undo(_step, { item }) {
      const { from, path, gitDir } = item
      const back = await readFile(join(gitDir, 'gitdir'), 'utf8').catch(() => '')
      if (!(await isGone(path)) || (await isGone(from)) || back.trim() !== join(path, '.git')) return
      await replaceFile(join(gitDir, 'gitdir'), `${join(from, '.git')}\n`, { makeDirectory: false })
      await freeOperation(gitDir)
    },
  },
}

/**
 * What the worktree holds, as a commit. The folder is kept whole, so what git cannot add (a filter that is not installed, a repository
 * inside without a commit) is no reason to refuse: its bytes are stored as they are, or at least commits and index.
 */
async function snapshot(git: Git, { from, gitDir, id, reason, head }: TrashItem): Promise<string | null> {
  const message = `${id}: ${reason}`
  // a gc in another worktree knows nothing of the refs this one has for itself
  const beside = await listBeside(git, gitDir, head)
  const instead = async (): Promise<Buffer> => {
    const { storeRawChanges } = await import('../../git/capture/store-raw-changes.ts')
    return storeRawChanges(git, from)
  }
  try {
    return (await snapshotWorktree(git, { worktree: from, gitDir, message, head, instead, beside })).commit
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    return head === null ? null : snapshotIndex(git, { gitDir, head, message, beside })
  }
}

async function listBeside(git: Git, gitDir: string, head: string | null): Promise<string[]> {
  try {
    return await withoutAncestors(git, await listCommitsNamedIn(git, gitDir), head)
  } catch (error) {
    // a history with holes in it
    if (error instanceof GitError) return []
    throw error
  }
}

function moveToTrash(): StepHandler<PutAwayWork> {
  return {
    async apply(_step, { commonDir, item }) {
      const { from, path, gitDir } = item
      if (!(await isGone(path))) {
        if (await isGone(from)) return
        throw notRemovable(from, `${path} is there already`)
      }
      await requireRemovable({ worktree: from, gitDir, commonDir })
      await mkdir(dirname(path), { recursive: true, mode: 0o700 })
      reachFailpoint('rename:to-trash')
      await rename(from, path).catch((error: Error) => {
        throw notRemovable(from, error.message)
      })
    },
    async undo(_step, { item }) {
      const { from, path } = item
      if ((await isGone(path)) || !(await isGone(from))) return
      await rename(path, from)
    },
  }
}

/**
 * What HEAD of the worktree is to say. git's own command would add a line to its reflog; where refs are not kept in files only that
 * command works.
 */
async function writeHead(git: Git, { gitDir, from, path, branch, head }: TrashItem, content: string): Promise<void> {
  const file = join(gitDir, 'HEAD')
  const present = await readFile(file, 'utf8')
  const known = [`ref: refs/heads/${branch ?? ''}`, head ?? '']
  if (known.includes(present.trim())) {
    await replaceFile(file, content, { makeDirectory: false })
    return
  }
  const cwd = (await lstat(from).catch(() => undefined)) === undefined ? path : from
  const isBranch = content.startsWith('ref: ')
  const args = isBranch ? ['symbolic-ref', 'HEAD', content.slice(5).trim()] : ['update-ref', '--no-deref', 'HEAD', content.trim()]
  await git.run(args, { cwd })
}

/** What git's lock of a worktree in the trash says. */
export function trashLockReason({ trash }: TrashItem): string {
  return `flightrules trash ${trash}`
}
