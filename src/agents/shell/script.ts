import { sep } from 'node:path'

/** How a shell line is taken apart. What cannot be known without running it stays unknown, and is never guessed. */
export type Dialect = 'posix' | 'powershell'

export type Part =
  /** Exactly these characters. */
  | { readonly kind: 'text'; readonly text: string }
  /** `*`, `?` or `[…]`, not quoted. */
  | { readonly kind: 'glob'; readonly text: string }
  | { readonly kind: 'variable'; readonly name: string; readonly quoted: boolean }
  /** A list in braces: the word is several, one with each of these. */
  | { readonly kind: 'choice'; readonly texts: readonly string[] }
  /** What `mktemp` made just now: wherever it is, it is nobody's. */
  | { readonly kind: 'fresh' }
  /** What a substitution or an expression comes to. */
  | { readonly kind: 'unknown' }

export type Word = readonly Part[]

/** Stands for a directory that `mktemp` made: absolute, and nothing that is there has this name. */
export const freshDirectory = `${sep}\0fresh`

export interface Redirect {
  /** `>`, `>>`, `<`, … without the number of the descriptor. */
  readonly operator: string
  readonly target: Word
}

export interface ShellCommand {
  /** `NAME=value` in front of the words. */
  readonly assignments: readonly { readonly name: string; readonly value: Word }[]
  readonly words: readonly Word[]
  readonly redirects: readonly Redirect[]
  /** What a here-document gives it to read, where that can be known. */
  readonly input: string | null
}

/** A script, flat: what stands between `open` and `close` runs in a shell of its own and leaves directory and variables as they were. */
export type ScriptStep =
  | { readonly kind: 'open' }
  | { readonly kind: 'close' }
  | { readonly kind: 'command'; readonly command: ShellCommand }

/** The characters a word is, undefined where some of it is unknown. */
export function findLiteral(word: Word): string | undefined {
  return word.every((part) => part.kind === 'text') ? word.map((part) => part.text).join('') : undefined
}

/** Neighbouring characters in one part; empty quotes count only where nothing else is. */
export function joinParts(parts: readonly Part[]): Word {
  const joined: Part[] = []
  for (const part of parts) {
    const last = joined.at(-1)
    if (part.kind === 'text' && last?.kind === 'text') joined[joined.length - 1] = { kind: 'text', text: last.text + part.text }
    else joined.push(part)
  }
  const filled = joined.filter((part) => part.kind !== 'text' || part.text !== '')
  return filled.length === 0 ? joined.slice(0, 1) : filled
}
