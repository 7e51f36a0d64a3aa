import type { TrashEntry } from '../restore/trash-entries.ts'

const hour = 60 * 60 * 1000
const day = 24 * hour

export interface Clock {
  readonly now: Date
  /** `trash.days`. */
  readonly days: number
  /** The newest time anything was noted at: a clock that is behind it tells nothing. */
  readonly newest: Date
}

/** Whether a folder has been in the trash long enough, as far as the clock can be trusted: never what comes from the future. */
export function isOldEnough({ item, folder }: TrashEntry, { now, days, newest }: Clock): boolean {
  if (item.keep === true || folder === 'gone') return false
  const at = Date.parse(item.at)
  if (Number.isNaN(at) || at > now.getTime() || now.getTime() < newest.getTime()) return false
  return now.getTime() - at >= days * day
}

/**
 * As above, for whoever looks without being asked: it must have been so for a day, since one look at a clock that jumped ahead would
 * find everything old.
 */
export function isDue(entry: TrashEntry, clock: Clock): boolean {
  if (!isOldEnough(entry, clock)) return false
  if (clock.days === 0) return true
  const since = Date.parse(entry.item.dueSince ?? '')
  return clock.now.getTime() - since >= day
}

/** Whether it was found old enough just now for the first time, or is not any more: then that has to be noted. */
export function needsMark(entry: TrashEntry, clock: Clock): boolean {
  if (entry.folder === 'gone') return false
  const since = Date.parse(entry.item.dueSince ?? '')
  const isMarked = since <= clock.now.getTime()
  return isOldEnough(entry, clock) ? !isMarked : entry.item.dueSince !== undefined
}

/** Whether folders that setup makes again may go from it: an undo right after the removal finds everything. */
export function maySlim({ item, folder }: TrashEntry, { now, newest }: Clock): boolean {
  if (folder === 'gone' || item.keep === true || item.dropped !== undefined) return false
  return now.getTime() - Date.parse(item.at) >= hour && now.getTime() >= newest.getTime()
}
