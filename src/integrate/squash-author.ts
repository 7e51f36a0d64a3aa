import type { Person } from '../git/log.ts'
import { addTrailers } from './trailers.ts'

/**
 * Who a squashed commit is by: the one author of all its commits, else whoever squashes, with the others, and whom the commits name
 * besides, in `Co-authored-by` trailers.
 */
export function squashAuthorship(
  message: string,
  authors: readonly Person[],
  squasher: Person,
  coAuthors: readonly Person[] = [],
): { message: string; author: Person } {
  const distinct = distinctOf(authors)
  const author = distinct.length === 1 && distinct[0] !== undefined ? distinct[0] : squasher
  const named = message.toLowerCase()
  const trailers = distinctOf([...distinct, ...coAuthors])
    .filter(({ email }) => email.toLowerCase() !== author.email.toLowerCase())
    .filter(({ email }) => !named.includes(`<${email.toLowerCase()}>`))
    .map(({ name, email }) => `Co-authored-by: ${name} <${email}>`)
    .sort()
  return { message: addTrailers(message, trailers), author }
}

function distinctOf(people: readonly Person[]): Person[] {
  return [...new Map(people.toReversed().map((person) => [person.email.toLowerCase(), person])).values()].toReversed()
}
