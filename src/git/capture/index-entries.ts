import type { Git } from '../git.ts'
import { type BytePath, bytePath } from './byte-path.ts'
import type { CapturedEntry } from './metadata.ts'

export interface IndexEntry {
  readonly path: BytePath
  readonly mode: string
  readonly oid: string
  /** 0, or 1 to 3 of a conflict. */
  readonly stage: number
  /** The file is not expected to be there. */
  readonly skipped: boolean
}

/** What a worktree's index names, every stage of it; what a sparse index keeps as a folder comes as its files. */
export async function listIndex(git: Git, worktree: string): Promise<IndexEntry[]> {
  return parseIndex(await git.readBytes(['ls-files', '-v', '--stage', '-z'], { cwd: worktree }))
}

/** Reads `git ls-files -v --stage -z`: `H 100644 <oid> 0<tab>path`. */
export function parseIndex(output: Uint8Array): IndexEntry[] {
  return bytePath(output)
    .split('\0')
    .flatMap((line) => {
      const [, flag = '', mode = '', oid = '', stage = ''] = /^(\S) (\d+) ([0-9a-f]+) (\d)\t/.exec(line) ?? []
      if (flag === '') return []
      return [{ path: line.slice(line.indexOf('\t') + 1), mode, oid, stage: Number(stage), skipped: /s/i.test(flag) }]
    })
}

/** Whether it names the object without a byte, in either format. */
export function isEmptyBlob(oid: string): boolean {
  return oid.startsWith('e69de29bb2d1d6434b8b29ae775ad8c2e48c5391') || oid.startsWith('473a0f4c3be8a93681a267e3b1e9a7dcda118543')
}

/** A line for `git update-index -z --index-info`. */
export function indexLine(entry: { mode: string; oid: string; path: BytePath }): Buffer {
  return Buffer.from(`${entry.mode} ${entry.oid}\t${entry.path}\0`, 'latin1')
}

/** The mode git has for it. */
export function gitMode({ type, mode }: CapturedEntry): string {
  if (type === 'link') return '120000'
  return (mode & 0o100) === 0 ? '100644' : '100755'
}

/** What `git add --all` would do, with the bytes as they are: for `git update-index -z --index-info`. */
export async function listRawChanges(
  git: Git,
  worktree: string,
  index: readonly IndexEntry[],
  stored: readonly CapturedEntry[],
): Promise<Buffer> {
  const untracked = bytePath(await git.readBytes(['ls-files', '-z', '--others', '--exclude-standard'], { cwd: worktree })).split(
    '\0',
  )
  const there = new Map(stored.map((entry) => [entry.path, entry]))
  const tracked = index.filter(({ mode }) => mode !== '160000')
  const paths = new Set([...tracked.map(({ path }) => path), ...untracked])
  const gone = tracked.filter(({ path, skipped }) => !skipped && !there.has(path))
  const lines = [...paths].flatMap((path) => {
    const entry = there.get(path)
    return entry === undefined || entry.oid === null ? [] : [indexLine({ mode: gitMode(entry), oid: entry.oid, path })]
  })
  // what is in the way of a file goes first
  return Buffer.concat([...gone.map(({ path, oid }) => indexLine({ mode: '0', oid: '0'.repeat(oid.length), path })), ...lines])
}
