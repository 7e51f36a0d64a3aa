import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { holdsRepository } from '../../files/holds-repository.ts'
import { withLock } from '../../operations/lock.ts'
import { deleteInTrashed } from '../../operations/trash/delete.ts'
import { requireRemovable } from '../../operations/trash/gate.ts'
import { loadTrashItem, writeTrashItem } from '../../operations/trash/item.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { TrashEntry } from '../restore/trash-entries.ts'
import { sortIgnored } from '../spare-content.ts'

/**
 * Deletes from a trashed folder the dependencies that setup makes again; a link to some goes without what it leads to. What goes is noted
 * first, so that a restore says what is missing. Call it under the purge lock.
 * @returns what went.
 */
export async function slimEntry(context: Context, { item, folder }: TrashEntry): Promise<readonly string[]> {
  const commonDir = commonDirOf(context)
  if (folder === 'gone') return []
  await requireRemovable({ worktree: item.path, gitDir: item.gitDir, commonDir })
  const { remade } = await sortIgnored(context, { envFiles: [] }, item.path)
  const dropped: string[] = []
  for (const name of remade) {
    const path = name.replace(/\/$/, '')
    const stats = await lstat(join(item.path, path)).catch(() => undefined)
    if (stats?.isSymbolicLink() === true) dropped.push(path)
    else if (stats?.isDirectory() === true && !(await holdsRepository(join(item.path, path)))) dropped.push(path)
  }
  const lock = { operation: `slim ${item.trash}`, signal: context.signal, waitMs: context.lockWaitMs }
  const isStill = await withLock(commonDir, lock, async () => {
    const still = await loadTrashItem(commonDir, item.trash)
    if (still === undefined || (still.state ?? 'whole') !== 'whole') return false
    await writeTrashItem(commonDir, { ...still, dropped })
    return true
  })
  if (!isStill) return []
  for (const path of dropped) await deleteInTrashed(item.path, path)
  return dropped
}
