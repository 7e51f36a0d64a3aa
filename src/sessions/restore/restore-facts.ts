import { isAbsolute, resolve } from 'node:path'
import type { Facts, JournalEntry } from '../../operations/journal.ts'
import { StrangeEntryError } from '../../operations/operation.ts'
import type { Json } from '../../operations/plan.ts'
import { isAdminDirectory } from '../../operations/trash/gate.ts'
import { isOwnItem, isTrashItem, isTrashPath, type TrashItem } from '../../operations/trash/item.ts'
import { isWithin } from '../find-session.ts'
import { findNameProblem } from '../name.ts'
import { isRecord } from '../record.ts'
import type { Session } from '../session.ts'

/** Everything that was decided about a restore, as the journal keeps it. */
export interface RestoreFacts {
  readonly item: TrashItem
  readonly folder: 'there' | 'gone'
  readonly commit: string | null
  /** Where git's administrative directory is, or is going to be. */
  readonly gitDir: string
  /** Where the worktree is going to be. */
  readonly path: string
  /** As it is going to be recorded. */
  readonly session: Session
  /** The branch that is going to be checked out; null: HEAD stays as it is. */
  readonly branch: string | null
  /** Commit of the branch, and of HEAD. */
  readonly tip: string | null
  /** What the branch is now, null when there is none. */
  readonly branchBefore: string | null
  readonly lock: string | null
  readonly envBlock: 'same' | 'write'
}

export function toRestoreFacts({ item, session, ...rest }: RestoreFacts): Facts {
  const { id, uuid } = session
  return {
    ...rest,
    id,
    uuid,
    item: { ...item, record: item.record ?? null } as unknown as Json,
    session: { version: 1, ...session } as unknown as Json,
  }
}

/** @throws StrangeEntryError for anything a restore of ours would not have written. */
export function readRestoreFacts(commonDir: string, { facts }: JournalEntry): RestoreFacts {
  const { item, folder, commit, gitDir, path, branch, tip, branchBefore, lock, envBlock } = facts
  const stored: unknown = facts['session']
  if (!isTrashItem(item) || !isOwnItem(commonDir, item as unknown as TrashItem))
    throw new StrangeEntryError('it names no entry of the trash')
  if (!isRecord(stored) || findNameProblem(stored.id) !== undefined)
    throw new StrangeEntryError('what it says of the session is no record')
  const { version: _version, ...session } = stored
  const isPlaced =
    typeof gitDir === 'string' &&
    isAdminDirectory(commonDir, gitDir) &&
    typeof path === 'string' &&
    isAbsolute(path) &&
    resolve(path) === path &&
    !isWithin(path, commonDir) &&
    !isWithin(commonDir, path) &&
    !isTrashPath(path)
  if (!isPlaced) throw new StrangeEntryError('it would put a worktree where none of ours is')
  const isComplete =
    (folder === 'there' || folder === 'gone') &&
    [commit, tip, branchBefore].every((oid) => oid === null || isOid(oid)) &&
    (branch === null || (typeof branch === 'string' && /^[^\0-\x20~^:?*[\\\x7f]+$/.test(branch))) &&
    (lock === null || typeof lock === 'string') &&
    (envBlock === 'same' || envBlock === 'write')
  if (!isComplete) throw new StrangeEntryError('it does not say what is to be done')
  return {
    item: item as unknown as TrashItem,
    folder,
    commit: commit as string | null,
    gitDir,
    path,
    session,
    branch: branch as string | null,
    tip: tip as string | null,
    branchBefore: branchBefore as string | null,
    lock: lock as string | null,
    envBlock,
  }
}

function isOid(value: unknown): boolean {
  return typeof value === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value)
}
