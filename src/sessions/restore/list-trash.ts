import { measureFolder } from '../../files/measure-folder.ts'
import type { Context } from '../context.ts'
import type { TrashEntry } from './trash-entries.ts'

/** One entry as `restore --list` and `trash --list` show it. */
export interface TrashListItem {
  readonly trash: string
  readonly id: string
  readonly at: string
  readonly reason: string
  readonly branch: string | null
  /** When its folder may be deleted; null when never, or when it is deleted already. */
  readonly purgeAfter: string | null
  /** Of the folder; 0 when it is deleted, null when it could not be measured in time. */
  readonly bytes: number | null
  readonly folder: TrashEntry['folder']
  readonly keep: boolean
  /** Absolute, null when the folder is deleted. */
  readonly path: string | null
  readonly ref: string
}

const day = 24 * 60 * 60 * 1000

/** Milliseconds for adding up sizes of all folders. */
const patience = 2_000

/** Newest first. */
export async function listTrash(context: Context, entries: readonly TrashEntry[]): Promise<TrashListItem[]> {
  const deadline = performance.now() + patience
  const { days } = context.loaded.config.trash
  const items: TrashListItem[] = []
  for (const { item, folder } of entries.toReversed()) {
    const size = folder === 'there' ? await measureFolder(item.path, deadline) : { bytes: 0, complete: true }
    const isDue = folder === 'there' && item.keep !== true
    items.push({
      trash: item.trash,
      id: item.id,
      at: item.at,
      reason: item.reason,
      branch: item.branch,
      purgeAfter: isDue ? new Date(Date.parse(item.at) + days * day).toISOString() : null,
      bytes: size.complete ? size.bytes : null,
      folder,
      keep: item.keep === true,
      path: folder === 'there' ? item.path : null,
      ref: item.ref,
    })
  }
  return items
}
