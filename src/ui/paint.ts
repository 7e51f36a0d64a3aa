import type { Paint } from './screen.ts'

/**
 * Our colours inside a text, until it is written: Unicode sets these code points aside for a program's own use and no text is to hold
 * them, so that escape sequences somebody else wrote are never taken for ours.
 */
const codes: Readonly<Record<string, number>> = {
  '\ufdd0': 1,
  '\ufdd1': 2,
  '\ufdd2': 22,
  '\ufdd3': 31,
  '\ufdd4': 32,
  '\ufdd5': 33,
  '\ufdd6': 36,
  '\ufdd7': 39,
}

/** The marks of `markingPaint`. */
export const paintMark = /[\ufdd0-\ufdd7]/g

/** Marks what a terminal is to show in colour; `showPaint` or `removePaint` does the rest when it is written. */
export const markingPaint: Paint = {
  bold: (text) => `\ufdd0${text}\ufdd2`,
  dim: (text) => `\ufdd1${text}\ufdd2`,
  red: (text) => `\ufdd3${text}\ufdd7`,
  green: (text) => `\ufdd4${text}\ufdd7`,
  yellow: (text) => `\ufdd5${text}\ufdd7`,
  cyan: (text) => `\ufdd6${text}\ufdd7`,
}

export function showPaint(text: string): string {
  return text.replace(paintMark, (mark) => `\u001b[${codes[mark] ?? 0}m`)
}

export function removePaint(text: string): string {
  return text.replace(paintMark, '')
}
