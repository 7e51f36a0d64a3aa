import { FlightRulesError } from '../../errors.ts'
import { withLock } from '../../operations/lock.ts'
import { loadTrash, loadTrashItem, writeTrashItem } from '../../operations/trash/item.ts'
import { type Context, commonDirOf } from '../context.ts'
import { withPurgeLock } from '../restore/purge-lock.ts'
import { loadTrashEntries, type TrashEntry } from '../restore/trash-entries.ts'
import { type Clock, isDue, isOldEnough, maySlim, needsMark } from './due.ts'
import { purgeEntry, type UncapturedWish } from './purge-entry.ts'
import { readClock } from './read-clock.ts'
import { slimEntry } from './slim-entry.ts'

export interface PurgeResult {
  readonly trash: string
  readonly id: string
  /** `refused`: its folder is still there, and `error` says why. */
  readonly outcome: 'purged' | 'refused'
  readonly error: FlightRulesError | null
}

/** Deletes the folders of these entries, each after everything in it was stored; one that cannot go does not keep the others. */
export async function purgeAll(
  context: Context,
  entries: readonly TrashEntry[],
  wish: UncapturedWish,
): Promise<readonly PurgeResult[]> {
  const results: PurgeResult[] = []
  for (const entry of entries) {
    const { trash, id } = entry.item
    context.report({ event: 'purging', trash })
    try {
      await withPurgeLock(context, () => purgeEntry(context, entry, wish))
      results.push({ trash, id, outcome: 'purged', error: null })
    } catch (error) {
      if (!(error instanceof FlightRulesError) || error.kind === 'interrupted') throw error
      results.push({ trash, id, outcome: 'refused', error })
    }
  }
  return results
}

/** What a person may delete without naming it: what has been in the trash for `trash.days`, and what was begun to be deleted. */
export async function listOldEntries(context: Context, entries: readonly TrashEntry[]): Promise<TrashEntry[]> {
  const clock = await readClock(context, entries)
  return entries.filter((entry) => isBegun(entry) || isOldEnough(entry, clock))
}

/** Whether there is anything for `purgeUnasked` to do. File reads only. */
export async function hasWorkToDo(context: Context): Promise<boolean> {
  const entries = (await loadTrash(commonDirOf(context))).map((item): TrashEntry => {
    const folder = (item.state ?? 'whole') === 'whole' ? 'there' : 'gone'
    return { item, folder, commit: null, known: 'file' }
  })
  if (entries.every(({ item, folder }) => folder === 'gone' && item.state === 'purged')) return false
  const clock = await readClock(context, entries)
  return entries.some((entry) => isBegun(entry) || isDue(entry, clock) || needsMark(entry, clock) || maySlim(entry, clock))
}

/** What Flight Rules does by itself: notes what is old, deletes what has been so for a day, and saves room in the rest. */
export async function purgeUnasked(context: Context): Promise<readonly PurgeResult[]> {
  const entries = await loadTrashEntries(context)
  const clock = await readClock(context, entries)
  for (const entry of entries) if (needsMark(entry, clock)) await mark(context, entry, clock)
  const due = entries.filter((entry) => isBegun(entry) || isDue(entry, clock))
  const results = await purgeAll(context, due, 'refuse')
  for (const entry of entries) {
    if (due.includes(entry) || !maySlim(entry, clock)) continue
    await withPurgeLock(context, () => slimEntry(context, entry)).catch(ignoreRefusal)
  }
  return results
}

async function mark(context: Context, { item }: TrashEntry, clock: Clock): Promise<void> {
  const commonDir = commonDirOf(context)
  await withLock(commonDir, { operation: 'mark trash', signal: context.signal, waitMs: context.lockWaitMs }, async () => {
    const still = await loadTrashItem(commonDir, item.trash)
    if (still === undefined) return
    const { dueSince: _dueSince, ...rest } = still
    const isOld = isOldEnough({ item: still, folder: 'there', commit: null, known: 'file' }, clock)
    await writeTrashItem(commonDir, isOld ? { ...rest, dueSince: clock.now.toISOString() } : rest)
  })
}

function isBegun({ item }: TrashEntry): boolean {
  return item.state === 'purging'
}

function ignoreRefusal(error: unknown): void {
  if (!(error instanceof FlightRulesError) || error.kind === 'interrupted') throw error
}

/** Marks entries as never deleted by age. */
export async function keepEntries(context: Context, entries: readonly TrashEntry[]): Promise<void> {
  const commonDir = commonDirOf(context)
  await withLock(commonDir, { operation: 'keep trash', signal: context.signal, waitMs: context.lockWaitMs }, async () => {
    for (const { item } of entries) {
      const still = await loadTrashItem(commonDir, item.trash)
      if (still !== undefined) await writeTrashItem(commonDir, { ...still, keep: true })
    }
  })
}
