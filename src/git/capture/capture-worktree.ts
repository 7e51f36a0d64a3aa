import type { Git } from '../git.ts'
import { snapshotWorktree } from '../snapshot.ts'
import { buildExtras } from './build-extras.ts'
import { type BytePath, textOf } from './byte-path.ts'
import { isEmptyBlob, listIndex, listRawChanges } from './index-entries.ts'
import type { CapturedEntry } from './metadata.ts'
import type { ObjectFormat } from './raw-object.ts'
import { storeFiles, type StoredFiles } from './store-files.ts'
import type { Uncaptured, WalkedTree } from './walk-tree.ts'
import { walkWorktree, type WorktreePlace } from './walk-worktree.ts'

export interface CaptureInput extends WorktreePlace {
  readonly message: string
  /** Commits that are kept with it: earlier snapshots. */
  readonly keep?: readonly string[]
  /** What is left out, with everything below it: what can be made again. */
  readonly except?: (path: string) => boolean
  /** Bytes of the largest file that is taken, and of all that is not in commits. Default 256 MiB and 2 GiB. */
  readonly limits?: { readonly file: number; readonly total: number }
}

export interface Capture {
  /**
   * A commit no ref points to yet. Its tree is the working tree without ignored files, its first parents HEAD and the index (where there
   * is a HEAD, and an index without conflicts); the last one holds the rest: see `build-extras.ts`.
   */
  readonly commit: string
  /** What could not be stored. Empty: the worktree can be made again from the commit, byte for byte. */
  readonly uncaptured: readonly Uncaptured[]
  /** The same as `walkWorktree` gives as long as nothing was changed since. */
  readonly state: string
}

const defaultLimits = { file: 256 * 1024 * 1024, total: 2 * 1024 * 1024 * 1024 }

/**
 * Stores everything a linked worktree holds: every byte, mode and link of it, ignored or hidden from git or not, the index with all its
 * stages and flags, whatever operation it is in the middle of, and every commit any of that names. Changes nothing in the worktree, its index or refs.
 */
export async function captureWorktree(git: Git, input: CaptureInput): Promise<Capture> {
  const first = await captureOnce(git, input)
  // somebody still writes in it: what was in the middle of it may be whole the second time
  return first.uncaptured.some(({ why }) => why === 'changing') ? captureOnce(git, input) : first
}

async function captureOnce(git: Git, input: CaptureInput): Promise<Capture> {
  const limits = input.limits ?? defaultLimits
  const format: ObjectFormat = (await git.readLine(['rev-parse', '--show-object-format'])) === 'sha256' ? 'sha256' : 'sha1'
  const walked = await walkWorktree(input, input.except)
  const index = await listIndex(git, input.worktree)
  // of a file git is only going to add, the index names the empty object without having it
  const kept = new Map(index.flatMap(({ path, oid, stage }) => (stage === 0 && !isEmptyBlob(oid) ? [[path, oid] as const] : [])))
  const store = (root: string, tree: WalkedTree, kept: ReadonlyMap<BytePath, string>): Promise<StoredFiles> =>
    storeFiles({ git, root, format, entries: tree.entries.filter(({ size }) => size <= limits.file), kept, room: limits.total })
  const files = await store(input.worktree, walked.files, kept)
  const admin = await store(input.gitDir, walked.admin, new Map())
  const uncaptured = [
    ...walked.uncaptured,
    ...listUnstored(walked.files, files, ''),
    ...listUnstored(walked.admin, admin, '.git/'),
  ]
  const extras = await buildExtras(git, {
    ...input,
    index,
    added: files.added,
    metadata: {
      format,
      worktree: listStored(walked.files, files),
      admin: listStored(walked.admin, admin),
      uncaptured,
      excepted: walked.files.excepted,
    },
  })
  const { commit } = await snapshotWorktree(git, {
    ...input,
    beside: [extras],
    leaveOut: uncaptured.flatMap(({ path, why }) => (why === 'too-large' ? [path] : [])),
    instead: () => listRawChanges(git, input.worktree, index, listStored(walked.files, files)),
  })
  return { commit, uncaptured, state: walked.state }
}

function listStored({ entries }: WalkedTree, { oids }: StoredFiles): CapturedEntry[] {
  return entries.flatMap(({ path, type, mode }): CapturedEntry[] => {
    const oid = oids.get(path)
    if (type === 'directory') return [{ path, type, mode, oid: null }]
    return oid === undefined ? [] : [{ path, type, mode, oid }]
  })
}

function listUnstored({ entries }: WalkedTree, { oids, changing }: StoredFiles, below: string): Uncaptured[] {
  const written = new Set(changing)
  return entries.flatMap(({ path, type }): Uncaptured[] => {
    if (type === 'directory' || oids.has(path)) return []
    return [{ path: `${below}${textOf(path)}`, why: written.has(path) ? 'changing' : 'too-large' }]
  })
}
