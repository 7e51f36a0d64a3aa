import { expect, test } from 'vitest'
import { escapeCode, escapePainted, escapeParagraph, escapeText } from '../../../src/ui/escape-text.ts'
import { markingPaint } from '../../../src/ui/paint.ts'

test('what acts on a terminal is written out', () => {
  expect(escapeText('a\u001b[31mb\u0007\u0000\u009b')).toBe('a\\x1b[31mb\\x07\\x00\\x9b')
  expect(escapeText('one\ntwo\r\tthree')).toBe('one\\ntwo\\r\\tthree')
})

test('what turns or hides text is written out', () => {
  expect(escapeText('safe\u202egnp.exe')).toBe('safe\\u202egnp.exe')
  expect(escapeText('zero\u200bwidth\ufeff')).toBe('zero\\u200bwidth\\ufeff')
  expect(escapeText('\u{e0041}')).toBe('\\u{e0041}')
})

test('ordinary text of any language stays, also joined emoji', () => {
  for (const text of ['größe', '日本語', '👩‍💻 done', 'مرحبا', '🇨🇭']) expect(escapeText(text)).toBe(text)
})

test('a paragraph keeps its line ends', () => {
  expect(escapeParagraph('a\nb\u001b')).toBe('a\nb\\x1b')
})

test('the marks of our own colours are written out of text from outside, and kept by what may be painted', () => {
  expect(escapeText('a\ufdd3b')).toBe('a\\ufdd3b')
  expect(escapePainted(`${markingPaint.red('a\u001b')}\n`)).toBe(`${markingPaint.red('a\\x1b')}\n`)
})

test('in a program text everything nobody can see is written out', () => {
  const ranges = [
    [0x00, 0x08],
    [0x0a, 0x1f],
    [0x7f, 0xa0],
    [0xad, 0xad],
    [0x034f, 0x034f],
    [0x061c, 0x061c],
    [0x115f, 0x1160],
    [0x17b4, 0x17b5],
    [0x180b, 0x180f],
    [0x2000, 0x200f],
    [0x2028, 0x202f],
    [0x205f, 0x206f],
    [0x2800, 0x2800],
    [0x3000, 0x3000],
    [0x3164, 0x3164],
    [0xd800, 0xdfff],
    [0xe000, 0xe001],
    [0xfe00, 0xfe0f],
    [0xfeff, 0xfeff],
    [0xffa0, 0xffa0],
    [0xfff0, 0xfffb],
    [0x1d173, 0x1d17a],
    [0xe0000, 0xe0fff],
  ] as const
  const kept: string[] = []
  for (const [from, to] of ranges)
    for (let code = from; code <= to; code += 1)
      if (!/^a\\[a-z0-9{}]+b$/.test(escapeCode(`a${String.fromCodePoint(code)}b`))) kept.push(code.toString(16))
  expect(kept).toEqual([])
})

test('a program text keeps its tabs, spaces and the letters of any language', () => {
  for (const line of ['\techo "größe 日本語 مرحبا"  # ok', '✔ 🇨🇭 é']) expect(escapeCode(line)).toBe(line)
})
