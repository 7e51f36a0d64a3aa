import fc from 'fast-check'
import { expect, test } from 'vitest'
import { findRepeatedName } from '../../../src/files/repeated-name.ts'

test.each([
  ['{"a":1,"a":2}', 'a'],
  ['{"a":1,"\\u0061":2}', 'a'],
  ['[{"x":{"a":1, "b":[{"a":{}}],"a" :2}}]', 'a'],
  ['{"a":"}","a":1}', 'a'],
  ['{"\\"":1,"\\"":2}', '"'],
  ['{"a":{"a":{"a":["a","a"]}},"b":[{"a":1},{"a":1}]}', undefined],
  ['{"a":"\\"a\\":","b":"a"}', undefined],
  ['"a"', undefined],
])('in %s', (text, expected) => expect(findRepeatedName(text)).toBe(expected))

test('nothing that was written by JSON.stringify has one', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.nat(3), (value, space) => findRepeatedName(JSON.stringify(value, null, space)) === undefined),
  )
})
