import { hasFields, isListOf, isText } from '../../files/shape.ts'
import type { HistoryEntry } from '../../operations/history.ts'
import type { Facts } from '../../operations/journal.ts'
import { StrangeEntryError } from '../../operations/operation.ts'

/** What the journal says of an undo. */
export interface UndoFacts {
  readonly id: string
  readonly uuid: string
  /** The operation that is undone. */
  readonly of: string
  readonly event: HistoryEntry['event']
  /** Entries of the trash that are brought back. */
  readonly trash: readonly string[]
  /** When it began. */
  readonly since: string
}

const isUndoFacts = hasFields({ id: isText, uuid: isText, of: isText, event: isText, trash: isListOf(isText), since: isText })

/** @throws StrangeEntryError. */
export function readUndoFacts(facts: Facts): UndoFacts {
  if (!isUndoFacts(facts)) throw new StrangeEntryError('it does not say what is to be undone')
  return facts as unknown as UndoFacts
}
