import type { AnswerPair, PairsAnswer } from '../../sessions/radar/radar-answer.ts'
import { escapeText } from '../escape-text.ts'
import type { Screen } from '../screen.ts'
import { renderTable } from '../table.ts'

interface Radar extends PairsAnswer {
  /** How many sessions there are. */
  readonly sessions: number
  /** The session that was asked about; undefined: all. */
  readonly only: string | undefined
  /** Ids of sessions left out because their base has all of them. */
  readonly merged: readonly string[]
}

/** What is listed to a person; a program gets all of it. */
const mostPairs = 20
const mostFiles = 8

/** Who would conflict with whom, in what; then who only changes the same files. */
export function renderRadar({ pairs, compared, sessions, only, merged }: Radar, screen: Screen): string {
  const { paint } = screen
  if (sessions === 0) return 'No sessions, so there is nothing to compare.'
  const left = merged.length === 0 ? [] : ['', `Left out, as they are in their base already: ${merged.join(', ')}.`]
  const looked = compared === 1 ? '1 pair' : `${compared} pairs`
  if (pairs.length === 0) {
    const who = only === undefined ? 'No session changes anything that' : `${only} changes nothing that`
    return [`${who} another session or its base changes too (${looked} compared).`, ...left].join('\n')
  }
  const conflicts = pairs.filter(({ conflict }) => conflict.length > 0).length
  const unknown = pairs.filter((pair) => pair.unknown === true).length
  const shared = pairs.length - conflicts - unknown
  const found = [
    ...(conflicts === 0 ? [] : [paint.red(conflicts === 1 ? '1 pair would conflict' : `${conflicts} pairs would conflict`)]),
    ...(unknown === 0
      ? []
      : [paint.yellow(unknown === 1 ? '1 pair could not be compared' : `${unknown} pairs could not be compared`)]),
    ...(shared === 0 ? [] : [`${shared === 1 ? '1 pair changes' : `${shared} pairs change`} the same files without a conflict`]),
  ]
  const shown = pairs.slice(0, mostPairs)
  const rest = pairs.length - shown.length
  return [
    `${found.join(', ')} (${looked} compared).`,
    ...shown.flatMap((pair) => ['', renderPair(pair, screen)]),
    ...(rest === 0 ? [] : ['', `and ${rest} more ${rest === 1 ? 'pair' : 'pairs'}: flightrules radar <id> shows one session's`]),
    ...left,
  ].join('\n')
}

function renderPair({ a, b, overlap, conflict, documents, unknown }: AnswerPair, { columns, isTerminal, paint }: Screen): string {
  const isInConflict = new Set(conflict.map(({ path }) => path))
  const shared = overlap.filter((path) => !isInConflict.has(path))
  const tellDocument = (path: string): string => (documents.includes(path) ? 'document' : '')
  const rows = [
    ...conflict.slice(0, mostFiles).map(({ path, kind }) => [paint.red('conflict'), path, kind, tellDocument(path)]),
    ...shared.slice(0, mostFiles).map((path) => ['both', path, '', tellDocument(path)].map((cell) => cell && paint.dim(cell))),
  ]
  const width = rows.some((row) => row[2] !== '' || row[3] !== '') ? 4 : 2
  const titles = [{ title: '' }, { title: '', shrink: true }, { title: '' }, { title: '' }].slice(0, width)
  const table = renderTable(titles, rows, { columns: isTerminal ? columns : Infinity, indent: '  ' })
  const base = b.startsWith('base:') ? `its base ${escapeText(b.slice('base:'.length))}` : paint.bold(b)
  const rest = [...tellRest(conflict.length, 'in conflict'), ...tellRest(shared.length, 'both change')].map((line) =>
    paint.dim(line),
  )
  const title = `${paint.bold(a)} and ${base}${unknown === true ? paint.yellow(': whether they would conflict is not known') : ''}`
  return [title, ...(rows.length === 0 ? [] : [table]), ...rest].join('\n')
}

function tellRest(count: number, what: string): string[] {
  return count <= mostFiles ? [] : [`  and ${count - mostFiles} more ${what}`]
}
