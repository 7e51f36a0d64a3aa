import type { HistoryItem } from '../../sessions/undo/read-history.ts'
import { formatAge } from '../duration.ts'
import { escapeText } from '../escape-text.ts'
import type { Screen } from '../screen.ts'
import { renderTable } from '../table.ts'

/** What happened, newest first, with the name `undo` has for it. */
export function renderHistory(items: readonly HistoryItem[], { columns, isTerminal, paint }: Screen, now: Date): string {
  if (items.length === 0) return 'Nothing has happened yet.'
  const titles = [
    { title: 'When' },
    { title: 'What' },
    { title: 'Session', shrink: true },
    { title: 'Detail', shrink: true },
    { title: 'Operation' },
  ]
  const rows = items.map((item) => [
    formatAge(item.at, now),
    item.event,
    paint.bold(escapeText(item.id)),
    escapeText(describe(item)),
    item.undoable ? (item.op ?? '').slice(0, 8) : '',
  ])
  const table = renderTable(titles, rows, { columns: isTerminal ? columns : Infinity, paintTitle: paint.dim })
  return items.some(({ undoable }) => undoable)
    ? `${table}\n\nUndo the last one that has an operation, or any by its name:\n  flightrules undo --dry-run`
    : table
}

function describe(item: HistoryItem): string {
  const text = (name: string): string | undefined => (typeof item[name] === 'string' ? (item[name] as string) : undefined)
  const integrated = item['integrated'] as { into?: unknown; oid?: unknown } | null | undefined
  switch (item.event) {
    case 'started':
    case 'registered':
      return [text('branch'), text('base') === undefined ? undefined : `from ${text('base') ?? ''}`].filter(Boolean).join(' ')
    case 'ended':
    case 'cleaned-up': {
      const oid = typeof integrated?.oid === 'string' ? ` (${integrated.oid.slice(0, 12)})` : ''
      const pr = item['pr'] as { url?: unknown } | null | undefined
      return `${text('reason') ?? ''}${oid}${typeof pr?.url === 'string' ? ` ${pr.url}` : ''}`
    }
    case 'synced':
      return `${text('from')?.slice(0, 12) ?? ''} to ${text('to')?.slice(0, 12) ?? ''}`
    case 'restored':
      return `from ${text('trash') ?? 'the trash'}`
    case 'undone':
      return `${text('what') ?? ''} ${text('of')?.slice(0, 8) ?? ''}`.trim()
    case 'recovered':
      return `${text('operation') ?? ''} ${text('outcome') ?? ''}`.trim()
    default:
      return text('reason') ?? text('trash') ?? text('check') ?? ''
  }
}
