import type { SessionStatusEntry, StatusReport } from '../../sessions/session-status.ts'
import { formatAge } from '../duration.ts'
import { escapeText } from '../escape-text.ts'
import type { Screen } from '../screen.ts'
import { renderTable } from '../table.ts'

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
    { title: 'Changes' },
    { title: 'Base', shrink: true },
    { title: 'Conflicts', shrink: true },
    { title: 'Ports', shrink: true },
    { title: 'State' },
    { title: 'Goals', shrink: true },
  ]
  const rows = sessions.map((session) => [
    paint.bold(session.id),
    escapeText(session.branch ?? '(detached)'),
    formatAge(session.startedAt, now),
    renderChanges(session),
    escapeText(renderDistance(session)),
    escapeText(renderConflicts(session)),
    Object.values(session.ports).join(' '),
    paintStates(session.states, paint),
    escapeText(session.goals.join('; ')),
  ])
  // in a pipe nothing is cut off; a column nobody has anything in only takes room from the others
  const isFilled = titles.map((_title, index) => rows.some((row) => row[index] !== ''))
  const keep = <T>(cells: readonly T[]): T[] => cells.filter((_cell, index) => isFilled[index])
  const table = renderTable(keep(titles), rows.map(keep), { columns: isTerminal ? columns : Infinity, paintTitle: paint.dim })
  const first = sessions.find((session) => !session.states.includes('orphaned'))
  const go = first === undefined ? '' : `\n\nSwitch:\n  cd "$(flightrules path ${first.id})"`
  return `${table}\n\n${where}${go}`
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

function renderDistance({ base, ahead, behind }: SessionStatusEntry): string {
  if (ahead === null || behind === null) return `${base} ?`
  const parts = [...(ahead > 0 ? [`+${ahead}`] : []), ...(behind > 0 ? [`-${behind}`] : [])]
  return parts.length === 0 ? base : `${base} ${parts.join(' ')}`
}

function renderConflicts({ conflicts, overlaps }: SessionStatusEntry): string {
  const found = conflicts.map((conflict) => `${conflict.with.replace(/^base:/, '')}: ${countFiles(conflict.paths)}`)
  const shared = overlaps.map((overlap) => `~${overlap.with}: ${countFiles(overlap.paths)}`)
  return [...found, ...shared].join(', ')
}

function countFiles(paths: readonly string[]): string {
  return paths.length === 1 ? (paths[0] ?? '') : `${paths.length} files`
}

function paintStates(states: readonly string[], paint: Screen['paint']): string {
  const bad = new Set(['orphaned', 'setup failed', 'incomplete', 'unreadable'])
  return states
    .map((state) =>
      bad.has(state)
        ? paint.red(state)
        : state === 'merged'
          ? paint.green(state)
          : state === 'stale'
            ? paint.yellow(state)
            : state,
    )
    .join(', ')
}
