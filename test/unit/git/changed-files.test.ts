import fc from 'fast-check'
import { expect, it } from 'vitest'
import { parseNumstat } from '../../../src/git/changed-files.ts'

it('reads back what git writes, whatever the paths are', () => {
  const count = fc.option(fc.nat())
  const path = fc.string({ minLength: 1 }).filter((text) => !text.includes('\0'))
  const files = fc.array(fc.record({ path, insertions: count, deletions: count }))
  fc.assert(
    fc.property(files, (expected) => {
      const output = expected.map((file) => `${file.insertions ?? '-'}\t${file.deletions ?? '-'}\t${file.path}\0`).join('')
      expect(parseNumstat(output)).toEqual(expected)
    }),
  )
})

it.each(['', 'x', '1\t2', '1\t2\t', 'a\tb\tc\0'])('%j names no file', (output) => {
  expect(parseNumstat(output)).toEqual([])
})
