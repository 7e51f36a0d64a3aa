import { describe, expect, test } from 'vitest'
import { splitGraphemes, textWidth, truncateText } from '../../../src/ui/text-width.ts'

const segmenter = new Intl.Segmenter(undefined, { granularity: 'grapheme' })

/** Code points for which Unicode need not be asked. */
const ranges = [
  [0x20, 0x7e],
  [0xa1, 0xac],
  [0xae, 0x24f],
  [0x2010, 0x2027],
  [0x2190, 0x21ff],
] as const

describe('what is taken for one column without asking', () => {
  test.each(ranges)('from %i to %i is that for Unicode too', (first, last) => {
    const characters = Array.from({ length: last - first + 1 }, (_, index) => String.fromCodePoint(first + index))
    const text = characters.join('')
    expect(Array.from(segmenter.segment(text), ({ segment }) => segment)).toEqual(characters)
    expect(splitGraphemes(text)).toEqual(characters)
    expect(characters.filter((one) => /[\p{Mn}\p{Me}\p{Cf}\p{Cc}\p{Emoji_Presentation}]/u.test(one))).toEqual([])
    expect(textWidth(text)).toBe(characters.length)
  })
})

test('marks that join, wide characters and emoji are asked about all the same', () => {
  expect(textWidth('e\u0301')).toBe(1)
  expect(textWidth('日本')).toBe(4)
  expect(textWidth('\u2194\ufe0f')).toBe(2)
  expect(textWidth('a\u200bb')).toBe(2)
  expect(truncateText('login · 日本語', 12)).toBe('login · 日…')
})
