import { flattenConfig } from '../../config/flatten-config.ts'
import type { LoadedConfig } from '../../config/types.ts'
import { escapeText } from '../escape-text.ts'
import type { Screen } from '../screen.ts'
import { renderTable } from '../table.ts'

const columns = [{ title: 'Key' }, { title: 'Value', shrink: true }, { title: 'From' }] as const

/** Every value in a line, those nobody set in pale; cut only where there is a terminal. */
export function renderConfig(loaded: LoadedConfig, screen: Screen): string {
  const rows = flattenConfig(loaded).map(({ path, value, origin }) => [
    escapeText(path),
    escapeText(describeValue(value)),
    origin === 'default' ? screen.paint.dim(origin) : origin,
  ])
  return renderTable(columns, rows, { columns: screen.isTerminal ? screen.columns : Infinity, paintTitle: screen.paint.bold })
}

function describeValue(value: unknown): string {
  if (value === null) return '(found out from the repository)'
  if (typeof value === 'string') return value === '' ? '""' : value
  if (Array.isArray(value)) return value.length === 0 ? '(none)' : value.map(String).join(', ')
  if (typeof value !== 'object') return String(value)
  if ('function' in value) return '(a function)'
  if ('from' in value && 'to' in value) {
    const row = 'count' in value ? `, ${String(value.count)} in a row` : ''
    return `${String(value.from)}-${String(value.to)}${row}`
  }
  return '(none)'
}
