import { quoteForShell } from '../../../src/files/quote-for-shell.ts'
import { parseWords } from '../plain-line.ts'

/** By the flag before a placeholder, or by its own name; several: the flag once for each. */
export type Values = Readonly<Record<string, string | readonly string[]>>

/** Puts values into a line of a command file, each as one word. Every placeholder needs one, and every value a placeholder. */
export function fillLine(line: string, values: Values): string {
  const unused = new Set(Object.keys(values))
  const words: string[] = []
  for (const word of parseWords(line)) {
    const placeholder = /^<(.+)>$/.exec(word)?.[1]
    if (placeholder === undefined) {
      words.push(word)
      continue
    }
    const flag = words.at(-1) ?? ''
    const name = flag in values ? flag : placeholder
    const value = values[name]
    if (value === undefined) throw new Error(`nothing is known for ${word} of: ${line}`)
    unused.delete(name)
    const [first = '', ...others] = typeof value === 'string' ? [value] : value
    words.push(first, ...others.flatMap((other) => [flag, other]))
  }
  if (unused.size > 0) throw new Error(`there is no place for ${[...unused].join(', ')} in: ${line}`)
  return words.map(quoteForShell).join(' ')
}
