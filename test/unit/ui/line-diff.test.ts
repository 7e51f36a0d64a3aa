import { expect, test } from 'vitest'
import { diffLines, foldUnchanged } from '../../../src/ui/line-diff.ts'

const show = (before: string, after: string): string =>
  diffLines(before, after)
    .map(({ mark, text }) => mark + text)
    .join('|')

test('lines that stayed, went and came', () => {
  expect(show('a\nb\nc\n', 'a\nx\nc\nd\n')).toBe(' a|-b|+x| c|+d')
  expect(show('', 'a\n')).toBe('+a')
  expect(show('a\n', '')).toBe('-a')
  expect(show('a\n', 'a\n')).toBe(' a')
})

test('a line that moved is not a file that was replaced', () => {
  expect(show('one\ntwo\nthree\nfour\n', 'two\nthree\nfour\none\n')).toBe('-one| two| three| four|+one')
})

test('another line end is another line', () => {
  expect(show('a\nb\n', 'a\r\nb\n')).toBe('-a|+a\r| b')
})

test('texts too large for a table are shown as replaced where they differ', () => {
  const many = (word: string): string => Array.from({ length: 3000 }, (_, index) => `${word}${index}\n`).join('')
  const diff = diffLines(`same\n${many('a')}end\n`, `same\n${many('b')}end\n`)
  expect(diff.map(({ mark }) => mark).join('')).toBe(` ${'-'.repeat(3000)}${'+'.repeat(3000)} `)
})

test('what stayed far from a change is counted', () => {
  const lines = Array.from({ length: 20 }, (_, index) => `${index}\n`)
  const folded = foldUnchanged(diffLines(lines.join(''), lines.with(10, 'x\n').join('')), 1)
  expect(folded.map((line) => ('unchanged' in line ? line.unchanged : line.mark + line.text))).toEqual([
    9,
    ' 9',
    '-10',
    '+x',
    ' 11',
    8,
  ])
})
