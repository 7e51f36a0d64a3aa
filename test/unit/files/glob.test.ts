import fc from 'fast-check'
import { expect, test } from 'vitest'
import { matchesGlobs } from '../../../src/files/glob.ts'

test.each([
  ['docs/**', 'docs/a.md'],
  ['docs/**', 'docs/deep/.hidden'],
  ['docs/', 'docs/deep/a.md'],
  ['./docs/*', 'docs/a.md'],
  ['**/*.md', 'README.md'],
  ['**/*.md', 'a/b/c.md'],
  ['a/**/z', 'a/z'],
  ['a/**/z', 'a/b/c/z'],
  ['*.{md,txt}', 'a.txt'],
  ['{docs,spec/{a,b}}/*', 'spec/b/x'],
  ['file-[0-9].md', 'file-7.md'],
  ['file-[!0-9].md', 'file-x.md'],
  ['?.md', '\u{1f600}.md'],
  ['a\\*b', 'a*b'],
  ['[', '['],
  ['a[]b', 'a[]b'],
])('%s means %s', (glob, path) => {
  expect(matchesGlobs([glob], path)).toBe(true)
})

test.each([
  ['docs/**', 'src/docs/a.md'],
  ['docs/**', 'docsy/a.md'],
  ['docs/*', 'docs/deep/a.md'],
  ['*.md', 'docs/a.md'],
  ['docs', 'docs/a.md'],
  ['*.md', 'a.mdx'],
  ['a.c', 'abc'],
  ['file-[!0-9].md', 'file-7.md'],
  ['a\\*b', 'axb'],
  ['', 'a'],
])('%s does not mean %s', (glob, path) => {
  expect(matchesGlobs([glob], path)).toBe(false)
})

test('what begins with ! is taken out, wherever it stands', () => {
  expect(['docs/a.md', 'docs/logs/b.md'].map((path) => matchesGlobs(['!docs/logs/**', 'docs/**'], path))).toEqual([true, false])
})

test('a plain path means itself', () => {
  const name = fc.string({ minLength: 1 }).filter((text) => !/[/*?[\]{}!\\]/.test(text) && text !== '.')
  fc.assert(
    fc.property(fc.array(name, { minLength: 1 }), (names) => {
      const path = names.join('/')
      expect([matchesGlobs([path], path), matchesGlobs(['**'], path), matchesGlobs([path], `${path}x`)]).toEqual([
        true,
        true,
        false,
      ])
    }),
  )
})

test('no glob takes long, and whatever is in it is an answer', () => {
  const long = 'a'.repeat(2_000)
  expect(matchesGlobs([`${'*a'.repeat(200)}b`, `${'**/'.repeat(100)}b`, '{a,b}'.repeat(60)], `${long}/${long}`)).toBe(false)
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom(...'ab/*?[]{},!\\-^') }), fc.string(), (glob, path) => {
      expect(typeof matchesGlobs([glob], path)).toBe('boolean')
    }),
  )
})
