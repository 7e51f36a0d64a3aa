import { expect, test } from 'vitest'
import type { OrderEntry } from '../../../src/sessions/radar/order-answer.ts'
import type { AnswerPair } from '../../../src/sessions/radar/radar-answer.ts'
import type { Screen } from '../../../src/ui/screen.ts'
import { textWidth } from '../../../src/ui/text-width.ts'
import { renderOrder } from '../../../src/ui/views/radar-order-view.ts'
import { renderRadar } from '../../../src/ui/views/radar-view.ts'
import { RecordingScreen } from '../../support/recording-screen.ts'

const narrow: Screen = Object.assign(new RecordingScreen(40), { isTerminal: true })
const wide = new RecordingScreen()
const paths = Array.from({ length: 10 }, (_path, index) => `a rather long name of a folder/and of a file ${index}\u001b[31m.txt`)
const pair: AnswerPair = { a: 'one', b: 'base:x\u202ey', overlap: paths, conflict: [], documents: paths.slice(0, 1) }
const conflicting: AnswerPair = { ...pair, b: 'two', conflict: paths.map((path) => ({ path, kind: 'content' })) }
const radar = { compared: 30, sessions: 9, only: undefined, merged: ['done'] }

test('the pairs fit the terminal, long lists end with how many more there are, and nothing of a name acts', () => {
  const pairs = [conflicting, ...Array.from({ length: 24 }, () => pair)]
  const text = renderRadar({ ...radar, pairs }, narrow)
  const [summary = '', ...rest] = text.split('\n')
  expect(summary).toBe('1 pair would conflict, 24 pairs change the same files without a conflict (30 pairs compared).')
  expect(rest.filter((line) => line.startsWith('  ') && textWidth(line) > 40)).toEqual([])
  expect(text.match(/^ {2}and 2 more (?:in conflict|both change)$/gm)).toHaveLength(20)
  expect(text).toContain('and 5 more pairs: flightrules radar <id>')
  expect(text).toContain('its base x\\u202ey')
  expect(text).toContain('Left out, as they are in their base already: done.')
  expect(text).not.toMatch(/[\u001b\u202e]/)
})

test('in a pipe nothing is cut', () => {
  const text = renderRadar({ ...radar, pairs: [{ ...pair, overlap: paths.slice(0, 2) }] }, wide)
  expect(text).toContain('  both  a rather long name of a folder/and of a file 0\\x1b[31m.txt    document\n')
})

test('one pair without anything is told of in a sentence', () => {
  expect(renderRadar({ ...radar, compared: 1, merged: [], pairs: [] }, wide)).toBe(
    'No session changes anything that another session or its base changes too (1 pair compared).',
  )
})

test('an order fits the terminal; who conflicts is said of those before, and what is left out with the reason', () => {
  const entry: OrderEntry = { id: 'a', base: 'main', reason: 'merges', conflictsWith: ['b'], paths: [], uncommitted: true }
  const order = {
    merged: ['done'],
    order: ['a', 'b', 'c'],
    orderReasons: [
      entry,
      { ...entry, id: 'b', reason: 'sessions' as const, conflictsWith: ['a', 'c'], paths },
      { ...entry, id: 'c', reason: 'together' as const, conflictsWith: [], base: 'other', paths },
      { ...entry, id: 'd', reason: 'unreadable' as const },
    ],
  }
  const text = renderOrder(order, wide)
  expect(text).toContain('  1  a into main: merges, not all of it committed\n     then b conflicts with it\n')
  expect(text).toContain('  2  b into main: conflicts with a, not all of it committed\n     in a rather')
  expect(text).toContain('  3  c into other: conflicts with those before it taken together')
  expect(text).toContain('Left out: d (git cannot read it).\nLeft out: done (in the base already).')
  expect(text).toContain('flightrules end a --commit "<message>"\n  flightrules sync b --leave-conflicts')
  const items = renderOrder(order, narrow)
    .split('\n')
    .filter((line) => /^ {2,}(?:\d| )/.test(line) && !line.includes('flightrules'))
  expect(items.map(textWidth).filter((width) => width > 40)).toEqual([])
  expect(renderOrder({ order: [], orderReasons: [], merged: ['done'] }, wide)).toBe(
    'Nothing to integrate.\n\nLeft out: done (in the base already).',
  )
})
