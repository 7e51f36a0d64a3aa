import { namePaths } from '../../files/quote-path.ts'
import type { SyncResult } from '../../sessions/sync/sync-input.ts'
import { escapeText } from '../escape-text.ts'
import type { Paint, Screen } from '../screen.ts'
import { renderTable } from '../table.ts'

/** What became of each session; of one alone that went well in a sentence. */
export function renderSync(results: readonly SyncResult[], { columns, isTerminal, paint }: Screen): string {
  const [only] = results
  if (only === undefined) return 'No session in work.'
  if (results.length === 1 && only.error === null) return renderOne(only, paint)
  const titles = [{ title: 'Session' }, { title: 'Outcome' }, { title: 'Onto', shrink: true }, { title: 'Detail', shrink: true }]
  const rows = results.map((result) => [
    paint.bold(escapeText(result.id)),
    paintOutcome(result, paint),
    escapeText(result.onto?.name ?? ''),
    escapeText(describe(result)),
  ])
  const table = renderTable(titles, rows, { columns: isTerminal ? columns : Infinity, paintTitle: paint.dim })
  const left = results.flatMap(({ id, error }) =>
    error === null ? [] : [`  ${id}: ${error.message}`, ...(error.hint === null ? [] : [`    ${error.hint}`])],
  )
  return left.length === 0 ? table : [table, '', 'As before:', ...left.map(escapeText)].join('\n')
}

function renderOne(result: SyncResult, paint: Paint): string {
  const id = paint.bold(escapeText(result.id))
  const onto = escapeText(result.onto?.name ?? 'its base')
  if (result.outcome === 'up-to-date') return `Session ${id} is up to date with ${onto}.`
  return `Synced session ${id} with ${onto} by ${result.method === 'merge' ? 'merge' : 'rebase'} (${moved(result)})`
}

function describe(result: SyncResult): string {
  if (result.outcome === 'synced') return `${result.method ?? ''}, ${moved(result)}`
  if (result.outcome === 'conflict') return namePaths(result.paths, 5)
  return result.error?.code ?? ''
}

function moved({ from, to }: SyncResult): string {
  return `${from?.slice(0, 12) ?? ''} to ${to?.slice(0, 12) ?? ''}`
}

function paintOutcome({ outcome }: SyncResult, paint: Paint): string {
  if (outcome === 'synced') return paint.green(outcome)
  return outcome === 'up-to-date' ? outcome : paint.red(outcome)
}
