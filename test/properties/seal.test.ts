import fc from 'fast-check'
import { expect, test } from 'vitest'
import { readSeal, sealText } from '../../src/agents/slash/seal.ts'

const line = fc.stringMatching(/^[\w :*#<>!-]{0,12}$/)
const lines = fc.array(line, { maxLength: 8 }).map((all) => all.map((one) => `${one}\n`).join(''))
const sealed = fc
  .tuple(lines, lines, fc.constantFrom('html' as const, 'hash' as const))
  .map(([head, rest, style]) => sealText(head, rest, style))

test('a sealed text is known again, whatever line ends git gives it', () => {
  fc.assert(
    fc.property(sealed, (text) => {
      expect(readSeal(text)).toBe('unedited')
      expect(readSeal(text.replaceAll('\n', '\r\n'))).toBe('unedited')
    }),
  )
})

test('any change of it makes it somebody else’s', () => {
  fc.assert(
    fc.property(sealed, fc.nat(), fc.constantFrom('x', ' ', '\n', 'é'), (text, at, added) => {
      const place = at % (text.length + 1)
      expect(readSeal(text.slice(0, place) + added + text.slice(place))).not.toBe('unedited')
      if (text.length > 1 && text[place] !== undefined)
        expect(readSeal(text.slice(0, place) + text.slice(place + 1))).not.toBe('unedited')
    }),
  )
})

test('no other text is taken for one of ours', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string({ unit: 'binary' }), lines), (text) => {
      expect(readSeal(text)).toBe('foreign')
    }),
  )
})
