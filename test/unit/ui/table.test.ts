import { expect, test } from 'vitest'
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

test('a cell cannot act on the terminal, our own colours can', () => {
  const table = renderTable([{ title: '' }], [['\u001b[2Jx\u202e\ny'], ['\u001b[31mred\u001b[39m']], { columns: 80 })
  expect(table).toBe('\\x1b[2Jx\\u202e\\ny\n\u001b[31mred\u001b[39m')
})

test('a cut in coloured text closes the colour', () => {
  expect(truncateText('\u001b[31mabcdef\u001b[39m', 4)).toBe('\u001b[31mabc…\u001b[39m')
})

test('a cut never splits a wide or joined character', () => {
  expect(truncateText('日本語', 4)).toBe('日…')
  expect(truncateText('👩‍💻👩‍💻👩‍💻', 4)).toBe('👩‍💻…')
})
