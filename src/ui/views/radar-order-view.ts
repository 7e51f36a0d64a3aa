import { quoteForShell } from '../../files/quote-for-shell.ts'
import type { OrderAnswer, OrderEntry } from '../../sessions/radar/order-answer.ts'
import { escapeText } from '../escape-text.ts'
import type { Paint, Screen } from '../screen.ts'
import { truncateText } from '../text-width.ts'

/** A numbered list with the reasons, what is left out, and what to type. */
export function renderOrder(
  { order, orderReasons, merged }: OrderAnswer & { merged: readonly string[] },
  { columns, isTerminal, paint }: Screen,
): string {
  const entries = orderReasons.filter(({ id }) => order.includes(id))
  const others = orderReasons.filter(({ id }) => !order.includes(id))
  const leftOut = [...renderLeftOut(others), ...tellLeftOut(merged, 'in the base already')]
  const left = leftOut.length === 0 ? [] : ['', ...leftOut]
  if (entries.length === 0) return ['Nothing to integrate.', ...left].join('\n')
  const merging = entries.filter(({ reason }) => reason === 'merges')
  const bases = new Set(entries.map(({ base }) => base))
  const width = String(entries.length).length
  const items = entries.flatMap((entry, index) => {
    const into = bases.size > 1 ? ` into ${escapeText(entry.base)}` : ''
    const [first, ...more] = describe(entry, order, paint)
    const indent = ' '.repeat(width + 4)
    return [
      `  ${String(index + 1).padStart(width)}  ${paint.bold(entry.id)}${into}: ${first ?? ''}`,
      ...more.map((line) => `${indent}${line}`),
    ].map((line) => truncateText(line, isTerminal ? columns : Infinity))
  })
  return [
    merging.length === entries.length
      ? 'In this order all merge without a conflict (tried, as they are now):'
      : `The fewest conflict in this order: ${merging.length} of ${entries.length} ${merging.length === 1 ? 'merges' : 'merge'} without one (tried, as they are now):`,
    ...items,
    ...left,
    '',
    'Next:',
    ...listNext(merging, entries).map(
      ([line, when]) => `  ${paint.cyan(line)}${when === '' ? '' : `    ${paint.dim(`# ${when}`)}`}`,
    ),
  ].join('\n')
}

/** A line, and where there are conflicts a second one. */
function describe(
  { id, reason, conflictsWith, paths, uncommitted, base }: OrderEntry,
  order: readonly string[],
  paint: Paint,
): string[] {
  const open = uncommitted ? ', not all of it committed' : ''
  if (reason === 'merges') {
    const later = conflictsWith.filter((other) => order.includes(other))
    const price = later.length === 0 ? [] : [`then ${listNames(later)} ${later.length === 1 ? 'conflicts' : 'conflict'} with it`]
    return [`${paint.green('merges')}${open}`, ...price]
  }
  const before = conflictsWith.filter((other) => order.indexOf(other) < order.indexOf(id) && order.includes(other))
  const partners = reason === 'base' ? [`${base} as it is now`, ...before] : before
  const who = reason === 'together' ? 'those before it taken together' : listNames(partners)
  return [`${paint.red('conflicts')} with ${who}${open}`, `in ${listNames(paths)}`]
}

const mostNames = 4

function listNames(names: readonly string[]): string {
  const shown = names.slice(0, mostNames).map(escapeText)
  const all = names.length > mostNames ? [...shown, `${names.length - mostNames} more`] : shown
  return all.length < 2 ? (all[0] ?? '') : `${all.slice(0, -1).join(', ')} and ${all.at(-1) ?? ''}`
}

function renderLeftOut(entries: readonly OrderEntry[]): string[] {
  const words = {
    nothing: 'nothing in there that the base has not',
    'in-base': 'working on the base itself',
    'no-base': 'the base is gone',
    unreadable: 'git cannot read it',
  }
  return Object.entries(words).flatMap(([reason, why]) => {
    const ids = entries.filter((entry) => entry.reason === reason).map(({ id }) => id)
    return tellLeftOut(ids, why)
  })
}

function tellLeftOut(ids: readonly string[], why: string): string[] {
  return ids.length === 0 ? [] : [`Left out: ${listNames(ids)} (${why}).`]
}

/** The first to be merged, and the first somebody has to resolve, with what comes before. */
function listNext(merging: readonly OrderEntry[], entries: readonly OrderEntry[]): [command: string, when: string][] {
  const [first] = merging
  const conflicting = entries.find(({ reason }) => reason !== 'merges')
  const commit = first?.uncommitted === true ? ' --commit "<message>"' : ''
  const when = first === undefined || conflicting?.reason === 'base' ? '' : 'once those before it are merged'
  return [
    ...(first === undefined ? [] : [[`flightrules end ${quoteForShell(first.id)}${commit}`, ''] satisfies [string, string]]),
    ...(conflicting === undefined
      ? []
      : [[`flightrules sync ${quoteForShell(conflicting.id)} --leave-conflicts`, when] satisfies [string, string]]),
  ]
}
