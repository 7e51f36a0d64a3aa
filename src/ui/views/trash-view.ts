import { quoteForShell } from '../../files/quote-for-shell.ts'
import type { TrashListItem } from '../../sessions/restore/list-trash.ts'
import type { PurgeResult } from '../../sessions/purge/purge-trash.ts'
import type { Session } from '../../sessions/session.ts'
import { formatBytes } from '../bytes.ts'
import { formatAge } from '../duration.ts'
import { escapeText } from '../escape-text.ts'
import type { Screen } from '../screen.ts'
import { renderTable } from '../table.ts'

/** What can be brought back, newest first. */
export function renderTrash(items: readonly TrashListItem[], { columns, isTerminal, paint }: Screen, now: Date): string {
  if (items.length === 0) return 'The trash is empty: nothing was removed.'
  const titles = [
    { title: 'Session' },
    { title: 'Removed' },
    { title: 'Why', shrink: true },
    { title: 'Branch', shrink: true },
    { title: 'Folder' },
    { title: 'Kept until' },
    { title: 'Entry', shrink: true },
  ]
  const rows = items.map((item) => [
    paint.bold(escapeText(item.id)),
    formatAge(item.at, now),
    escapeText(item.reason),
    escapeText(item.branch ?? ''),
    item.folder === 'gone' ? 'snapshot only' : item.bytes === null ? 'large' : formatBytes(item.bytes),
    item.folder === 'gone' ? '' : item.keep ? 'for good' : (item.purgeAfter?.slice(0, 10) ?? ''),
    paint.dim(escapeText(item.trash)),
  ])
  const table = renderTable(titles, rows, { columns: isTerminal ? columns : Infinity, paintTitle: paint.dim })
  return `${table}\n\nBring one back:\n  flightrules restore ${items[0]?.id ?? '<id>'}`
}

/** What there is again, and how to go there. */
export function renderRestored(session: Session, path: string, { paint }: Screen): string {
  const ports = Object.entries(session.ports).map(([name, port]) => `${name}=${port}`)
  const facts: [string, string][] = [
    ['branch', session.branch ?? '(detached HEAD)'],
    ...(ports.length === 0 ? [] : [['ports', ports.join('  ')] as [string, string]]),
    ...(session.goals.length === 0 ? [] : [['goals', session.goals.join('; ')] as [string, string]]),
  ]
  return [
    `${paint.green('Restored session')} ${paint.bold(session.id)}  ${escapeText(path)}`,
    ...facts.map(([name, value]) => `  ${paint.dim(name.padEnd(9))}  ${escapeText(value)}`),
    '',
    'Go there:',
    `  cd ${quoteForShell(path)} && claude`,
  ].join('\n')
}

/** What became of each folder that was to be deleted. */
export function renderPurged(results: readonly PurgeResult[], asked: 'old' | 'named', { paint }: Screen): string {
  if (results.length === 0)
    return asked === 'named'
      ? 'Nothing to delete: only the snapshot is left.'
      : 'Nothing in the trash is old enough. To delete one all the same: flightrules trash --purge <id>'
  const lines = results.map(({ trash, error }) =>
    error === null
      ? `${paint.green('Deleted')} ${escapeText(trash)}; what it held is in its snapshot`
      : `${paint.yellow('Kept')} ${escapeText(trash)}: ${escapeText(error.message)}`,
  )
  const first = results.find(({ outcome }) => outcome === 'purged')
  return first === undefined
    ? lines.join('\n')
    : [...lines, '', 'Bring one back:', `  flightrules restore ${first.id}`].join('\n')
}
