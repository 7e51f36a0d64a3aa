import { expect, test } from 'vitest'
import { markingPaint, showPaint } from '../../../src/ui/paint.ts'
import { renderTable } from '../../../src/ui/table.ts'
import { textWidth, truncateText } from '../../../src/ui/text-width.ts'

const columns = [{ title: 'Session' }, { title: 'Goals', shrink: true }, { title: 'Ahead', align: 'right' as const }]

test('columns line up, with wide and joined characters too', () => {
  const table = renderTable(
    columns,
    [
      ['auth', 'login 日本語', '2'],
      ['b', '👩‍💻 x', '10'],
    ],
    { columns: 80 },
  )
  expect(table).toBe(['Session  Goals         Ahead', 'auth     login 日本語      2', 'b        👩‍💻 x             10'].join('\n'))
  expect(new Set(table.split('\n').map(textWidth)).size).toBe(1)
})

test('in a narrow terminal only what may shrink is cut', () => {
  const table = renderTable(columns, [['a-rather-long-session', 'Refactor the authentication module', '3']], { columns: 50 })
  expect(table.split('\n')[1]).toBe('a-rather-long-session  Refactor the authen…      3')
  expect(Math.max(...table.split('\n').map(textWidth))).toBe(50)
})

test('ids are never cut, however narrow the terminal', () => {
  expect(renderTable(columns, [['a-rather-long-session', 'goal', '3']], { columns: 10 })).toContain('a-rather-long-session')
})

test('a cell cannot act on the terminal, colours of its own included; ours can', () => {
  const cells = [['\u001b[2Jx\u202e\ny'], ['\u001b[31mred\u001b[39m'], [markingPaint.red('ours\u001b[0m')]]
  expect(showPaint(renderTable([{ title: '' }], cells, { columns: 80 })).split('\n')).toEqual([
    '\\x1b[2Jx\\u202e\\ny',
    '\\x1b[31mred\\x1b[39m',
    '\u001b[31mours\\x1b[0m\u001b[39m',
  ])
})

test('a cut in coloured text closes the colour', () => {
  expect(showPaint(truncateText(markingPaint.red('abcdef'), 4))).toBe('\u001b[31mabc…\u001b[39m')
})

test('a cut never splits a wide or joined character', () => {
  expect(truncateText('日本語', 4)).toBe('日…')
  expect(truncateText('👩‍💻👩‍💻👩‍💻', 4)).toBe('👩‍💻…')
})
