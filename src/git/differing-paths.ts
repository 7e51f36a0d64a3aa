import type { Git } from './git.ts'

/** A path two commits differ in; a renamed file is one that went and one that came. */
export interface DifferingPath {
  readonly path: string
  /** The older of the two has no such path. */
  readonly isNew: boolean
}

/** Longer path lists do not fit on a command line everywhere. */
const pathListLimit = 16_000

/**
 * Paths in which each `to` differs from its `from`, both commits, in one git process.
 * @param among only these, from the root of the worktree; more may come when they are too many to say.
 */
export async function listDifferingPaths(
  git: Git,
  pairs: readonly { from: string; to: string }[],
  among: readonly string[] = [],
): Promise<DifferingPath[][]> {
  if (pairs.length === 0) return []
  // from the root of the worktree, wherever in it git runs
  const paths = among.map((path) => `:(top,literal)${path}`)
  const limit = paths.join(' ').length > pathListLimit ? [] : ['--', ...paths]
  const args = ['diff-tree', '--stdin', '-r', '-z', '--raw', '--no-abbrev', '--no-renames', '--always', '--format=%H']
  // a second commit on a line stands for the parent of the first
  const output = await git.read([...args, ...limit], { input: pairs.map(({ from, to }) => `${to} ${from}\n`).join('') })
  const blocks = parseRawBlocks(output).map(({ changes }) => changes)
  if (blocks.length !== pairs.length) throw new Error(`git diff-tree answered ${blocks.length} of ${pairs.length} questions`)
  return blocks
}

/** Reads `-z --raw --format=%H`: a commit, then for each change its description after a colon, and its path. */
export function parseRawBlocks(output: string): { commit: string; changes: DifferingPath[] }[] {
  const blocks: { commit: string; changes: DifferingPath[] }[] = []
  const fields = output.split('\0')
  for (let index = 0; index < fields.length; index += 1) {
    const field = fields[index]?.replace(/^\n/, '') ?? ''
    if (field.startsWith(':')) {
      const path = fields[(index += 1)]
      if (path !== undefined) blocks.at(-1)?.changes.push({ path, isNew: field.startsWith(':000000 ') })
    } else if (field !== '') blocks.push({ commit: field, changes: [] })
  }
  return blocks
}
