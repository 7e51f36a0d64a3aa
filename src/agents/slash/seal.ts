import { createHash } from 'node:crypto'

/** How a comment is written in a kind of file. */
export type CommentStyle = 'html' | 'hash'

/** `unedited`: as some version of ours wrote it. `edited`: ours once, changed since. `foreign`: never ours. */
export type SealState = 'unedited' | 'edited' | 'foreign'

const words = 'flightrules: written by flightrules init; edited files are left alone; sha256:'
const pattern = /^(?:<!--|#) flightrules: .*\bsha256:([0-9a-f]{64})(?: -->)?$/m

/** Characters in which the comment is looked for: it stands below the head a format wants. */
const mostHead = 4_000

/** `head`, a comment with the digest of the file but for that digest, `rest`. `head` ends with a line end, or is empty. */
export function sealText(head: string, rest: string, style: CommentStyle): string {
  const [before, after] = style === 'html' ? ['<!-- ', ' -->'] : ['# ', '']
  const begin = `${head}${before}${words}`
  const end = `${after}\n${rest}`
  return begin + digestOf(begin + end) + end
}

/** Whether a file is one `sealText` made, to the last character. Line ends are git's matter: they may be either. */
export function readSeal(text: string): SealState {
  const plain = withoutReturns(text)
  const noted = pattern.exec(plain.slice(0, mostHead))?.[1]
  if (noted === undefined) return 'foreign'
  const place = plain.indexOf(noted)
  return digestOf(plain.slice(0, place) + plain.slice(place + noted.length)) === noted ? 'unedited' : 'edited'
}

export function withoutReturns(text: string): string {
  return text.replaceAll('\r\n', '\n')
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
