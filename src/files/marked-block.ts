const beginMarker = '# >>> flightrules >>>'
const endMarker = '# <<< flightrules <<<'

const begin = /^# >>> flightrules >>>[ \t]*\r?$/gm
const end = /^# <<< flightrules <<<[ \t]*(?:\r?\n|\r?$)/gm

/** True when a line of the text would be taken for an edge of the block. */
export function holdsBlockMarker(text: string): boolean {
  return text.includes(beginMarker) || text.includes(endMarker)
}

/** The lines between the markers, undefined when the file has no complete block. */
export function findBlockLines(bytes: Buffer): string[] | undefined {
  const text = bytes.toString('latin1')
  const block = findBlock(text)
  if (block === undefined) return undefined
  const inside = Buffer.from(text.slice(block.start, block.end), 'latin1').toString('utf8')
  const lines = inside.split(/\r?\n/)
  return lines.slice(
    1,
    lines.findLastIndex((line) => line.startsWith(endMarker)),
  )
}

/**
 * `bytes` with our marked block holding `lines`: in place where there is one, else at the end. Every other byte
 * stays as it is. Where the file did not end with a line end, neither does it afterwards, so that taking the block out
 * gives back exactly what was there.
 */
export function placeBlock(bytes: Buffer, lines: readonly string[]): Buffer {
  const text = bytes.toString('latin1')
  const body = Buffer.from([beginMarker, ...lines, endMarker].join('\n')).toString('latin1')
  const block = findBlock(text)
  if (block !== undefined) {
    const lineEnd = /\r?\n$/.exec(text.slice(block.start, block.end))?.[0] ?? ''
    return Buffer.from(text.slice(0, block.start) + body + lineEnd + text.slice(block.end), 'latin1')
  }
  const closed = text === '' || text.endsWith('\n')
  return Buffer.from(closed ? `${text}${body}\n` : `${text}\n${body}`, 'latin1')
}

/** `bytes` without our marked block. */
export function removeBlock(bytes: Buffer): Buffer {
  const text = bytes.toString('latin1')
  const block = findBlock(text)
  if (block === undefined) return bytes
  const before = text.slice(0, block.start)
  const closed = text.slice(block.start, block.end).endsWith('\n')
  return Buffer.from((closed ? before : before.replace(/\n$/, '')) + text.slice(block.end), 'latin1')
}

/** The last begin marker that has an end marker after it: a begin that lost its end is somebody's text, not a block. */
function findBlock(text: string): { start: number; end: number } | undefined {
  const starts = [...text.matchAll(begin)].map((match) => match.index).reverse()
  const ends = [...text.matchAll(end)].map((match) => ({ at: match.index, end: match.index + match[0].length }))
  for (const start of starts) {
    const close = ends.find((candidate) => candidate.at > start)
    if (close !== undefined) return { start, end: close.end }
  }
  return undefined
}
