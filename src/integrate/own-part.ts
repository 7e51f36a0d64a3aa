/** The part of a request's text that is ours: what people write before or behind it stays theirs. */

const begin = '<!-- flightrules:begin -->'
const end = '<!-- flightrules:end -->'

/** Bytes the marks take. */
export const markBytes = begin.length + end.length + 10

/** The text between the marks. Marks inside it, as in a log that quotes a request, are none any more. */
export function markOwnPart(text: string): string {
  return `${begin}\n\n${text.replaceAll('<!-- flightrules:', '<! -- flightrules:').trim()}\n\n${end}\n`
}

/**
 * A request's text with our part in the place of the earlier one, byte for byte as it was around it.
 * @returns null where there is no part of ours, and so nothing that is ours to write.
 */
export function replaceOwnPart(current: string, part: string): string | null {
  const from = current.indexOf(begin)
  const to = current.indexOf(end, from)
  if (from === -1 || to === -1) return null
  return `${current.slice(0, from)}${part.trimEnd()}${current.slice(to + end.length)}`
}

/** Bytes of a request's text that are not ours; null where nothing of it is. */
export function countOtherBytes(current: string): number | null {
  const rest = replaceOwnPart(current, '')
  return rest === null ? null : Buffer.byteLength(rest)
}

/** Whether two texts are the same to a reader: a forge gives other line ends back than it got, and none at the end. */
export function isSameText(one: string, other: string): boolean {
  const plain = (text: string): string => text.replaceAll('\r\n', '\n').trimEnd()
  return plain(one) === plain(other)
}
