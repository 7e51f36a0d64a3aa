import { paintMark } from './paint.ts'

/** How many columns of a terminal a text takes. */

/** One column each, and joined with nothing: for these Unicode need not be asked, which takes 20 ms the first time. */
const plain = /^[\u0020-\u007e\u00a1-\u00ac\u00ae-\u024f\u2010-\u2027\u2190-\u21ff]*$/
const noRoom = /^[\p{Mn}\p{Me}\p{Cf}\p{Cc}]$/u
const emoji = /\p{Emoji_Presentation}|\p{Emoji}\ufe0f/u

/** First and last code points of what East Asian Width calls wide or full-width. */
const wideRanges: readonly (readonly [number, number])[] = [
  [0x1100, 0x115f],
  [0x2329, 0x232a],
  [0x2e80, 0x303e],
  [0x3041, 0x33ff],
  [0x3400, 0x4dbf],
  [0x4e00, 0x9fff],
  [0xa000, 0xa4cf],
  [0xa960, 0xa97f],
  [0xac00, 0xd7a3],
  [0xf900, 0xfaff],
  [0xfe10, 0xfe19],
  [0xfe30, 0xfe6f],
  [0xff00, 0xff60],
  [0xffe0, 0xffe6],
  [0x16fe0, 0x18cff],
  [0x1aff0, 0x1b16f],
  [0x1f200, 0x1f2ff],
  [0x20000, 0x3fffd],
]

let segmenter: Intl.Segmenter | undefined

/** What a reader sees as single characters. */
export function splitGraphemes(text: string): string[] {
  if (plain.test(text)) return [...text]
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
  return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

/** Columns the text takes; our own colours take none. */
export function textWidth(text: string): number {
  const bare = text.replace(paintMark, '')
  if (plain.test(bare)) return bare.length
  return splitGraphemes(bare).reduce((sum, grapheme) => sum + graphemeWidth(grapheme), 0)
}

export function graphemeWidth(grapheme: string): number {
  if (plain.test(grapheme)) return grapheme.length
  if (emoji.test(grapheme)) return 2
  let width = 0
  for (const character of grapheme) {
    if (noRoom.test(character)) continue
    const code = character.codePointAt(0) ?? 0
    width = Math.max(width, wideRanges.some(([first, last]) => code >= first && code <= last) ? 2 : 1)
  }
  return width
}

/** The text cut to `columns` with a closing `…`; colours that were open are closed by the codes kept from the rest. */
export function truncateText(text: string, columns: number): string {
  if (textWidth(text) <= columns) return text
  if (columns <= 0) return ''
  let result = ''
  let used = 0
  let full = false
  let from = 0
  const take = (part: string): void => {
    for (const grapheme of splitGraphemes(part)) {
      if (full) return
      const width = graphemeWidth(grapheme)
      if (used + width > columns - 1) {
        full = true
        result += '…'
        return
      }
      result += grapheme
      used += width
    }
  }
  for (const match of text.matchAll(paintMark)) {
    take(text.slice(from, match.index))
    result += match[0]
    from = match.index + match[0].length
  }
  take(text.slice(from))
  return result
}
