/**
 * Characters in text from outside (branch names, paths, goals, issue titles) that would act on the terminal or
 * make a reader see something else than what is there: control characters, escape sequences, invisible and
 * direction-changing characters, and line separators.
 */
const actingCharacters =
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u2064\u2066-\u206f\ufeff\ufff9-\ufffb]|[\u{e0000}-\u{e007f}]/gu

/** The text in one line, with every acting character written out (`\n`, `\x1b`, `\u202e`). */
export function escapeText(text: string): string {
  return text.replace(actingCharacters, writeOut)
}

/** As `escapeText`, but line ends and tabs stay. */
export function escapeParagraph(text: string): string {
  return text.replace(actingCharacters, (character) =>
    character === '\n' || character === '\t' ? character : writeOut(character),
  )
}

function writeOut(character: string): string {
  if (character === '\n') return '\\n'
  if (character === '\r') return '\\r'
  if (character === '\t') return '\\t'
  const code = character.codePointAt(0) ?? 0
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, '0')}`
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, '0')}` : `\\u{${code.toString(16)}}`
}
