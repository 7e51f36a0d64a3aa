import type { Person } from '../git/log.ts'

/**
 * Who a squashed commit is by: the one author of all its commits, else whoever squashes,
 * with the others in `Co-authored-by` trailers.
 */
export function squashAuthorship(
  message: string,
  authors: readonly Person[],
  squasher: Person,
): { message: string; author: Person } {
  const distinct = [...new Map(authors.map((person) => [person.email.toLowerCase(), person])).values()]
  const [only] = distinct
  if (distinct.length === 1 && only !== undefined) return { message, author: only }
  const named = message.toLowerCase()
  const trailers = distinct
    .filter(({ email }) => email.toLowerCase() !== squasher.email.toLowerCase())
    .filter(({ email }) => !named.includes(`<${email.toLowerCase()}>`))
    .map(({ name, email }) => `Co-authored-by: ${name} <${email}>`)
    .sort()
  if (trailers.length === 0) return { message, author: squasher }
  return { message: `${message.trimEnd()}${endsWithTrailers(message) ? '\n' : '\n\n'}${trailers.join('\n')}\n`, author: squasher }
}

/** Trailers are one block at the end: another blank line would start a new one. */
function endsWithTrailers(message: string): boolean {
  const paragraphs = message.trimEnd().split(/\n\s*\n/)
  const last = paragraphs.at(-1) ?? ''
  return paragraphs.length > 1 && last.split('\n').every((line) => /^[A-Za-z0-9-]+: \S/.test(line))
}
