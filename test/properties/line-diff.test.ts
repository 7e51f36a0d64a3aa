import fc from 'fast-check'
import { expect, test } from 'vitest'
import { diffLines } from '../../src/ui/line-diff.ts'

const text = fc
  .array(fc.constantFrom('a', 'b', 'c', '', '\r', '- a', '+ b'), { maxLength: 12 })
  .map((lines) => lines.map((line) => `${line}\n`).join(''))

test('the marked lines are both texts, whole and in order', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      const diff = diffLines(before, after)
      const join = (without: string): string =>
        diff.flatMap(({ mark, text: line }) => (mark === without ? [] : [`${line}\n`])).join('')
      expect([join('+'), join('-')]).toEqual([before, after])
    }),
  )
})

test('nothing is marked where nothing differs, and something is where something does', () => {
  fc.assert(
    fc.property(text, text, (before, after) => {
      expect(diffLines(before, after).some(({ mark }) => mark !== ' ')).toBe(before !== after)
    }),
  )
})
