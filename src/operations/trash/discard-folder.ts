import { deleteTrashed } from './delete.ts'
import { type TrashItem, writeTrashItem } from './item.ts'

/**
 * Deletes the folder of an entry whose snapshot says all there is to say. From the first moment on the entry says that only the snapshot
 * counts; interrupted, it can be done again. The entry stays: it has the session's record.
 * @throws FlightRulesError NOT_REMOVABLE; nothing was deleted then.
 */
export async function discardFolder(commonDir: string, item: TrashItem): Promise<void> {
  await writeTrashItem(commonDir, { ...item, state: 'purging' })
  await deleteTrashed(commonDir, item)
  await writeTrashItem(commonDir, { ...item, state: 'purged' })
}
