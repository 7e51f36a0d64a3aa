import { isWithin } from '../../sessions/find-session.ts'
import type { SessionStatusEntry, StatusReport } from '../../sessions/session-status.ts'
import { formatAge } from '../duration.ts'
import { escapeText } from '../escape-text.ts'
import type { Screen } from '../screen.ts'
import { type Column, renderTable, type TableOptions } from '../table.ts'
import { textWidth } from '../text-width.ts'

const conflictsTitle = 'Conflicts'

/** All sessions in a table, the main worktree, and how to go from one to another. */
export function renderStatus(report: StatusReport, { columns, isTerminal, paint }: Screen, now: Date): string {
  const { main, sessions } = report
  const clean = main.clean === null ? 'state unknown' : main.clean ? 'clean' : paint.yellow('uncommitted changes')
  const where = `Main directory: ${escapeText(main.path)} (${escapeText(main.branch ?? 'no branch')}, ${clean})`
  if (sessions.length === 0) return `No sessions.\n\n${where}\n\nStart one:\n  flightrules start <name> --goal "<what it is for>"`
  const titles = [
    { title: 'Session' },
    { title: 'Branch', shrink: true },
    { title: 'Started' },
    { title: 'Changes', shrink: true },
    { title: 'Base', shrink: true },
    { title: conflictsTitle, shrink: true },
    { title: 'Ports', shrink: true },
    { title: 'State', shrink: true },
    { title: 'Goals', shrink: true },
  ]
  const layRow = (session: SessionStatusEntry, changes: string): string[] => [
    paint.bold(session.id),
    escapeText(session.branch ?? '(detached)'),
    formatAge(session.startedAt, now),
    changes,
    escapeText(renderDistance(session)),
    escapeText(renderConflicts(session)),
    Object.values(session.ports).join(' '),
    paintStates(nameStates(session), paint),
    escapeText(session.goals.join('; ')),
  ]
  const rows = sessions.map((session) => layRow(session, renderChanges(session)))
  const narrow = sessions.map((session) => layRow(session, countChanges(session)))
  // in a pipe nothing is cut off
  const table = layTable(titles, rows, narrow, { columns: isTerminal ? columns : Infinity, paintTitle: paint.dim })
  const first = sessions.find((session) => !session.states.includes('orphaned'))
  const go = first === undefined ? '' : `\n\nSwitch:\n  cd "$(flightrules path ${first.id})"`
  const held = sessions.flatMap(({ id, states }) => (states.includes('held') ? [`\n  flightrules trust --session ${id}`] : []))
  const look = held.length === 0 ? '' : `\n\nHeld until somebody has looked at it:${held.join('')}`
  return `${table}\n\n${where}${listElsewhere(report, { columns: Infinity, paintTitle: paint.dim })}${go}${look}`
}

/** Where worktrees are that no command of ours made: each tool has a place of its own. */
function listElsewhere({ sessions, sessionsDir }: StatusReport, options: TableOptions): string {
  const elsewhere = sessions.filter(
    ({ mode, path, states }) => mode === 'parallel' && !isWithin(sessionsDir, path) && !states.includes('orphaned'),
  )
  if (elsewhere.length === 0) return ''
  const rows = elsewhere.map(({ id, createdBy, path }) => [id, createdBy === 'agent' ? 'an agent' : 'git or a tool', path])
  return `\n\n${renderTable([{ title: 'Elsewhere' }, { title: 'Made by' }, { title: 'Worktree' }], rows, options)}`
}

/** Where the terminal is too narrow for all the columns, changes are said in short, and who conflicts is listed below. */
function layTable(
  titles: readonly Column[],
  rows: readonly (readonly string[])[],
  narrow: readonly (readonly string[])[],
  options: TableOptions,
): string {
  // a column nobody has anything in only takes room from the others
  const isFilled = titles.map((_title, index) => rows.some((row) => row[index] !== ''))
  const keep = <T>(cells: readonly T[], kept: readonly boolean[]): T[] => cells.filter((_cell, index) => kept[index])
  const fits = (text: string): boolean => Math.max(...text.split('\n').map(textWidth)) <= options.columns
  const render = (columns: readonly Column[], some: typeof rows, kept: readonly boolean[], within: TableOptions): string =>
    renderTable(
      keep(columns, kept),
      some.map((row) => keep(row, kept)),
      within,
    )
  const whole = render(titles, rows, isFilled, { ...options, columns: Infinity })
  if (fits(whole)) return whole
  const lay = (kept: readonly boolean[]): string => {
    // a branch is mostly called like its session, and goals go on in words; figures that are cut off say nothing
    const words = titles.map((title) => ({ ...title, shrink: ['Branch', 'Goals'].includes(title.title) }))
    const table = render(words, narrow, kept, options)
    return fits(table) ? table : render(titles, narrow, kept, options)
  }
  const conflicts = titles.findIndex(({ title }) => title === conflictsTitle)
  if (isFilled[conflicts] !== true) return lay(isFilled)
  const below = rows.flatMap((row) => (row[conflicts] === '' ? [] : [[row[0] ?? '', row[conflicts] ?? '']]))
  const list = renderTable([{ title: conflictsTitle }, { title: '', shrink: true }], below, options)
  const others = isFilled.map((filled, index) => filled && index !== conflicts)
  return `${lay(others)}\n\n${list}`
}

function renderChanges({ changes }: SessionStatusEntry): string {
  if (changes === null) return '?'
  const files = changes.staged + changes.modified + changes.untracked
  if (files === 0) return 'clean'
  const added = changes.insertions === 0 ? '' : ` +${changes.insertions}`
  const lines = changes.deletions === 0 ? added : `${added} -${changes.deletions}`
  const kinds = [
    [changes.staged, 'staged'],
    [changes.modified, 'modified'],
    [changes.untracked, 'new'],
  ] as const
  return kinds.flatMap(([count, name]) => (count === 0 ? [] : [`${count} ${name}`])).join(', ') + lines
}

function countChanges({ changes }: SessionStatusEntry): string {
  if (changes === null) return '?'
  const files = changes.staged + changes.modified + changes.untracked
  return files === 0 ? 'clean' : `${countOf(files)} +${changes.insertions} -${changes.deletions}`
}

function countOf(files: number): string {
  return files === 1 ? '1 file' : `${files} files`
}

function renderDistance({ base, ahead, behind }: SessionStatusEntry): string {
  if (ahead === null || behind === null) return `${base} ?`
  const parts = [...(ahead > 0 ? [`+${ahead}`] : []), ...(behind > 0 ? [`-${behind}`] : [])]
  return parts.length === 0 ? base : `${base} ${parts.join(' ')}`
}

/** What would conflict; and what sessions share without, for it may come to that. What the base changed elsewhere in a file is settled. */
function renderConflicts({ conflicts, overlaps }: SessionStatusEntry): string {
  const found = conflicts.map((conflict) => `${conflict.with.replace(/^base:/, '')}: ${countFiles(conflict.paths)}`)
  const shared = overlaps.flatMap((overlap) => {
    const conflicting = conflicts.find((conflict) => conflict.with === overlap.with)?.paths ?? []
    const paths = overlap.paths.filter((path) => !conflicting.includes(path))
    return paths.length === 0 || overlap.with.startsWith('base:') ? [] : [`~${overlap.with}: ${countFiles(paths)}`]
  })
  return [...found, ...shared].join(', ')
}

function countFiles(paths: readonly string[]): string {
  return paths.length === 1 ? (paths[0] ?? '') : countOf(paths.length)
}

/** A sign of life is said with where it was seen: `in use (process, agent)`; a file that just changed is none that keeps anybody out: `active (files)`. */
function nameStates({ states, live }: SessionStatusEntry): string[] {
  const sources = [...new Set(live.map(({ source }) => source))]
  const seenIn = states.includes('in use') ? 'in use' : 'active'
  return states.map((state) => (state === seenIn && sources.length > 0 ? `${state} (${sources.join(', ')})` : state))
}

function paintStates(states: readonly string[], paint: Screen['paint']): string {
  const bad = new Set(['orphaned', 'setup failed', 'incomplete', 'unreadable'])
  return states
    .map((state) =>
      bad.has(state)
        ? paint.red(state)
        : state === 'merged'
          ? paint.green(state)
          : state === 'stale' || state === 'held'
            ? paint.yellow(state)
            : state,
    )
    .join(', ')
}
