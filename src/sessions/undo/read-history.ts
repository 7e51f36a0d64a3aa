import { type HistoryEntry, loadHistory } from '../../operations/history.ts'
import { type Context, commonDirOf } from '../context.ts'
import { foldName } from '../name.ts'
import { listPastOperations } from './find-undoable.ts'

export type HistoryItem = HistoryEntry & {
  /** `undo` can be tried on it; false for what is undone already and for what only tells. */
  readonly undoable: boolean
}

/** The last lines of the history, newest first; of one session, if one is named. */
export async function readHistory(context: Context, id: string | undefined, limit: number): Promise<HistoryItem[]> {
  const history = await loadHistory(commonDirOf(context))
  const open = new Set(listPastOperations(history).flatMap(({ lines }) => lines))
  const wanted = id === undefined ? history : history.filter((entry) => foldName(entry.id) === foldName(id))
  return wanted
    .slice(-limit)
    .toReversed()
    .map((entry) => ({ ...entry, undoable: open.has(entry) }))
}
