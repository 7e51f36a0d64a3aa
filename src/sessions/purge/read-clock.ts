import { loadHistory } from '../../operations/history.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { TrashEntry } from '../restore/trash-entries.ts'
import type { Clock } from './due.ts'

/** What time it is, and what speaks against believing that. */
export async function readClock(context: Context, entries: readonly TrashEntry[]): Promise<Clock> {
  const history = await loadHistory(commonDirOf(context))
  const times = [...history.slice(-200).map(({ at }) => at), ...entries.map(({ item }) => item.at)].map((at) => Date.parse(at))
  const newest = times.reduce((latest, time) => Math.max(latest, Number.isNaN(time) ? 0 : time), 0)
  return { now: context.now(), days: context.loaded.config.trash.days, newest: new Date(newest) }
}
