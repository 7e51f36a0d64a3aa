import { isUtf8 } from 'node:buffer'
import type { Git } from './git.ts'

export interface Person {
  readonly name: string
  readonly email: string
}

export interface Commit {
  readonly oid: string
  readonly tree: string
  readonly parents: readonly string[]
  readonly author: Person
  /** Seconds since 1970 and offset, as git stores it: `1700000000 +0200`. */
  readonly authorDate: string
  /** Subject and body, UTF-8. */
  readonly message: string
}

export interface LogOptions {
  readonly firstParent?: boolean
  readonly limit?: number
  /** Only commits that touch one of these paths, from the root of the worktree, taken literally. */
  readonly paths?: readonly string[]
}

/** Commits of `include` that are not of `exclude`, children before their parents. */
export async function readCommits(git: Git, exclude: string, include: string, options: LogOptions = {}): Promise<Commit[]> {
  const output = await git.readBytes([
    '-c',
    'log.showSignature=false',
    'log',
    '-z',
    '--topo-order',
    '--date=raw',
    '--encoding=UTF-8',
    '--format=%H%x00%T%x00%P%x00%an%x00%ae%x00%ad%x00%B',
    ...(options.firstParent === true ? ['--first-parent'] : []),
    ...(options.limit === undefined ? [] : [`--max-count=${options.limit}`]),
    `${exclude}..${include}`,
    '--',
    // from the root of the worktree, wherever in it git runs
    ...(options.paths ?? []).map((path) => `:(top,literal)${path}`),
  ])
  return parseCommits(decodeText(output))
}

/** What is no UTF-8 in a commit git takes for Latin-1, byte by byte, when it makes one of it. */
export function decodeText(bytes: Uint8Array): string {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (isUtf8(buffer)) return buffer.toString()
  return buffer.toString('latin1').replace(character, (found) => Buffer.from(found, 'latin1').toString())
}

const character =
  /[\xc2-\xdf][\x80-\xbf]|(?:\xe0[\xa0-\xbf]|[\xe1-\xec\xee\xef][\x80-\xbf]|\xed[\x80-\x9f])[\x80-\xbf]|(?:\xf0[\x90-\xbf]|[\xf1-\xf3][\x80-\xbf]|\xf4[\x80-\x8f])[\x80-\xbf]{2}/g

/** Reads seven NUL-ended fields a commit. */
export function parseCommits(output: string): Commit[] {
  const fields = output.split('\0')
  const commits: Commit[] = []
  for (let index = 0; index + 7 <= fields.length; index += 7) {
    const [oid = '', tree = '', parents = '', name = '', email = '', authorDate = '', message = ''] = fields.slice(
      index,
      index + 7,
    )
    commits.push({ oid, tree, parents: parents === '' ? [] : parents.split(' '), author: { name, email }, authorDate, message })
  }
  return commits
}
