import type { FileTouches, Touch } from '../../sessions/radar/touch-answer.ts'
import { formatAge } from '../duration.ts'
import { escapeText } from '../escape-text.ts'
import type { Screen } from '../screen.ts'
import { renderTable } from '../table.ts'

/** For each file who changes it, and whether that would conflict. */
export function renderTouches(files: readonly FileTouches[], asking: string | undefined, screen: Screen, now: Date): string {
  return files.map((file) => renderFile(file, asking, screen, now)).join('\n\n')
}

function renderFile(
  { path, document, touchedBy }: FileTouches,
  asking: string | undefined,
  { columns, isTerminal, paint }: Screen,
  now: Date,
): string {
  const name = `${paint.bold(escapeText(path === '' ? '.' : path))}${document ? ' (document)' : ''}`
  if (touchedBy.length === 0) return `${name}\n  ${asking === undefined ? 'no session' : 'nobody else'} changes it`
  const rows = touchedBy.map((touch) => [
    escapeText(touch.id.replace(/^base:/, 'base ')),
    touch.conflict ? paint.red('conflict') : '',
    describeWork(touch),
    touch.since === null ? '' : formatAge(touch.since, now),
    describePaths(touch, path),
  ])
  const titles = ['', '', '', '', ''].map((title, index) => (index === 4 ? { title, shrink: true } : { title }))
  const isFilled = titles.map((_title, index) => rows.some((row) => row[index] !== ''))
  const keep = <T>(cells: readonly T[]): T[] => cells.filter((_cell, index) => isFilled[index])
  return `${name}\n${renderTable(keep(titles), rows.map(keep), { columns: isTerminal ? columns : Infinity, indent: '  ' })}`
}

function describeWork({ committed, uncommitted }: Touch): string {
  if (!committed) return 'not committed'
  return uncommitted ? 'committed, and more not yet' : 'committed'
}

function describePaths({ paths }: Touch, path: string): string {
  const [only, ...rest] = paths
  if (rest.length === 0) return only === path ? '' : (only ?? '')
  const named = paths.slice(0, 3).join(', ')
  return paths.length > 3 ? `${named} and ${paths.length - 3} more` : named
}
