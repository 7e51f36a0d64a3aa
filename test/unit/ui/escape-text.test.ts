import { expect, test } from 'vitest'
import { escapePainted, escapeParagraph, escapeText } from '../../../src/ui/escape-text.ts'
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
