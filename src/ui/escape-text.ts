import { paintMark } from './paint.ts'

/**
 * Characters in text from outside (branch names, paths, goals, issue titles) that would act on the terminal or
 * make a reader see something else than what is there: control characters, escape sequences, invisible and
 * direction-changing characters, line separators, and the marks of our own colours.
 */
const actingCharacters =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufdd0-\ufdef\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu

/** The text in one line, with every acting character written out (`\n`, `\x1b`, `\u202e`). */
export function escapeText(text: string): string {
  return text.replace(actingCharacters, writeOut)
}

/**
 * What a name or a sentence may well hold and a program text has no use for: joiners, fillers and selectors nobody sees, blanks that are
 * no spaces, halves of characters, and what no font has.
 */
const unseenCharacters = /[\p{Default_Ignorable_Code_Point}\p{Cf}\p{Cn}\p{Co}\p{Cs}\u2800]|(?! )\p{Zs}/gu

/** One line of a program a person is to judge: tabs stay, everything else that cannot be seen for what it is is written out. */
export function escapeCode(line: string): string {
  return line
    .replace(actingCharacters, (character) => (character === '\t' ? character : writeOut(character)))
    .replace(unseenCharacters, writeOut)
}

/** As `escapeText`, but line ends and tabs stay. */
export function escapeParagraph(text: string): string {
  return text.replace(actingCharacters, (character) =>
    character === '\n' || character === '\t' ? character : writeOut(character),
  )
}

/** As `escapeParagraph`, for text that may carry our own colours. */
export function escapePainted(text: string): string {
  return mapUnpainted(text, escapeParagraph)
}

/** Maps what is between the marks of our own colours. */
export function mapUnpainted(text: string, map: (part: string) => string): string {
  let result = ''
  let from = 0
  for (const match of text.matchAll(paintMark)) {
    result += map(text.slice(from, match.index)) + match[0]
    from = match.index + match[0].length
  }
  return result + map(text.slice(from))
}

function writeOut(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\r') return '\\r'
  if (character === '\t') return '\\t'
  const code = character.codePointAt(0) ?? 0
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`
}
