import { FlightRulesError } from '../../errors.ts'
import type { HistoryEntry } from '../../operations/history.ts'

/** What one operation left in the history; several lines when it was about several sessions. */
export interface PastOperation {
  readonly op: string
  readonly lines: readonly HistoryEntry[]
}

/** Lines about other things than what somebody did. */
const told = new Set<HistoryEntry['event']>(['undone', 'recovered', 'purged', 'mended'])

/** What was done and is not undone, newest first. */
export function listPastOperations(history: readonly HistoryEntry[]): PastOperation[] {
  const undone = new Set(history.flatMap((entry) => [...textsOf(entry['of']), ...textsOf(entry['with'])]))
  const restored = new Set(history.flatMap((entry) => (entry.event === 'restored' ? textsOf(entry['trash']) : [])))
  const groups = new Map<string, HistoryEntry[]>()
  for (const entry of history) {
    const [key = entry.op] = [...textsOf(entry['batch']), ...textsOf(entry['cleanup'])]
    if (key === undefined || entry.id === '' || told.has(entry.event) || typeof entry['of'] === 'string') continue
    if (undone.has(key) || (entry.op !== undefined && undone.has(entry.op))) continue
    // somebody has brought it back already; a merge is more than that
    if (entry.event !== 'restored' && restored.has(String(entry['trash'])) && !movedBase(entry)) continue
    groups.set(key, [...(groups.get(key) ?? []), entry])
  }
  return [...groups].map(([op, lines]) => ({ op, lines })).toReversed()
}

/**
 * The operation with this id, or one whose id begins so; without one the last.
 * @throws FlightRulesError NOTHING_TO_UNDO, OPERATION_NOT_FOUND.
 */
export function requirePastOperation(history: readonly HistoryEntry[], name: string | undefined): PastOperation {
  const past = listPastOperations(history)
  const found = name === undefined ? past.slice(0, 1) : past.filter(({ op }) => op.startsWith(name))
  const [first] = found
  if (first !== undefined && (found.length === 1 || first.op === name)) return first
  if (name === undefined) {
    throw new FlightRulesError({
      kind: 'decision',
      code: 'NOTHING_TO_UNDO',
      message: 'there is nothing to undo: the history has no operation that is not undone already',
      hint: 'flightrules history',
    })
  }
  throw new FlightRulesError({
    kind: 'usage',
    code: 'OPERATION_NOT_FOUND',
    message:
      found.length === 0
        ? `no operation ${JSON.stringify(name)} is in the history, or it is undone already`
        : `${JSON.stringify(name)} is the beginning of ${found.length} operations`,
    hint: 'flightrules history    names them',
    details: { name, operations: found.slice(0, 10).map(({ op }) => op) },
  })
}

function textsOf(value: unknown): string[] {
  const list: readonly unknown[] = Array.isArray(value) ? value : [value]
  return list.filter((one): one is string => typeof one === 'string')
}

function movedBase({ integrated }: HistoryEntry & { readonly integrated?: unknown }): boolean {
  return typeof integrated === 'object' && integrated !== null && 'from' in integrated
}
