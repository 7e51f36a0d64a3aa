import type { HistoryEntry } from '../../operations/history.ts'
import type { Facts, JournalEntry } from '../../operations/journal.ts'
import { StrangeEntryError } from '../../operations/operation.ts'
import type { Json } from '../../operations/plan.ts'
import { isOwnItem, isTrashItem, type TrashItem } from '../../operations/trash/item.ts'

/** What the journal keeps of a removal. */
export interface RemovalFacts {
  readonly item: TrashItem
  readonly uuid: string
  readonly lockedBefore: string | null
  readonly deleteBranch: boolean
  readonly event: 'ended' | 'cleaned-up'
  /** What the history says beside reason, trash and ref. */
  readonly details: Readonly<Record<string, Json>>
}

export function toFacts({ item, ...rest }: RemovalFacts): Facts {
  return { ...rest, item: { ...item, record: item.record ?? null } as unknown as Json }
}

/** @throws StrangeEntryError for anything a removal of ours would not have written. */
export function readRemovalFacts(commonDir: string, { facts }: JournalEntry): RemovalFacts {
  const { item, uuid, lockedBefore, deleteBranch, event, details } = facts
  if (!isTrashItem(item)) throw new StrangeEntryError('it names no entry of the trash')
  const found = item as unknown as TrashItem
  if (!isOwnItem(commonDir, found))
    throw new StrangeEntryError('it would move something that is no worktree of this repository into a trash')
  const isComplete =
    typeof uuid === 'string' &&
    (lockedBefore === null || typeof lockedBefore === 'string') &&
    typeof deleteBranch === 'boolean' &&
    (event === 'ended' || event === 'cleaned-up') &&
    typeof details === 'object' &&
    details !== null
  if (!isComplete) throw new StrangeEntryError('it does not say what is to be done')
  return {
    item: found,
    uuid,
    lockedBefore,
    deleteBranch,
    event: event satisfies HistoryEntry['event'],
    details: details as Readonly<Record<string, Json>>,
  }
}
