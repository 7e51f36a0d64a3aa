import { expect, test } from 'vitest'
import { findInvalidPatterns } from '../../../src/setup/include-patterns.ts'

test.each([
  'a',
  '*.key',
  '!b',
  '/certs/**',
  'a[bc]',
  'a[!b]c',
  'a[]]',
  'a[^]x]',
  '[[:digit:]]x',
  '[[:]',
  '[[:a]b:]',
  String.raw`[\]]`,
  String.raw`a\[`,
  String.raw`\#x`,
  String.raw`\!x`,
  String.raw`a\\`,
  String.raw`a\ `,
  'a   ',
  '',
  '   ',
  '# [',
  'ü/*',
])('%j is one', (pattern) => {
  expect(findInvalidPatterns(`${pattern}\n`)).toEqual([])
})

test.each(['a\\', 'a[', 'a[b', 'a[!', 'a[]', '[[:nope:]]', String.raw`[a\]`, '!', '/', '!/', 'a\\\\\\'])(
  '%j is none',
  (pattern) => {
    expect(findInvalidPatterns(`# x\r\n\r\n${pattern}\r\nb`)).toEqual([{ line: 3, text: pattern }])
  },
)
