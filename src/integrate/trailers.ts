import type { Person } from '../git/log.ts'

const trailer = /^[A-Za-z0-9-]+: \S/

/** The trailers of these messages, each once, in their order. A change has one id, and what is made of several changes has none of theirs. */
export function collectTrailers(messages: readonly string[]): string[] {
  const found = messages.flatMap((message) => trailersOf(message)).filter((line) => !/^Change-Id: /i.test(line))
  return [...new Set(found)]
}

/** Who is named by `Co-authored-by` in these messages. */
export function collectCoAuthors(messages: readonly string[]): Person[] {
  return collectTrailers(messages).flatMap((line) => {
    const [, name, email] = /^co-authored-by: *(.*?) *<([^<>]*)>/i.exec(line) ?? []
    return name === undefined || email === undefined ? [] : [{ name, email }]
  })
}

/** The message with more trailers. They are one block at its end: another blank line would start a new one. */
export function addTrailers(message: string, lines: readonly string[]): string {
  if (lines.length === 0) return message
  return `${message.trimEnd()}${trailersOf(message).length > 0 ? '\n' : '\n\n'}${lines.join('\n')}\n`
}

/** The lines of a last paragraph that is nothing but trailers, a folded one as one line. */
function trailersOf(message: string): string[] {
  const paragraphs = message.trimEnd().split(/\n\s*\n/)
  const lines = (paragraphs.at(-1) ?? '').replace(/\n[ \t]+/g, ' ').split('\n')
  return paragraphs.length > 1 && lines.every((line) => trailer.test(line)) ? lines : []
}
