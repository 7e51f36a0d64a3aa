import type { Git } from './git.ts'

/** Commits one side has and the other has not. */
export interface Divergence {
  readonly ahead: readonly string[]
  readonly behind: number
}

/**
 * How far each `tip` has gone from its `base`, both commits, in one walk: the commits that are in some of them and not
 * in all. Two git processes however many pairs there are.
 */
export async function findDivergences(git: Git, pairs: readonly { base: string; tip: string }[]): Promise<Divergence[]> {
  const ends = [...new Set(pairs.flatMap(({ base, tip }) => [base, tip]))]
  if (ends.length < 2) return pairs.map(() => ({ ahead: [], behind: 0 }))
  const { stdout } = await git.run(['merge-base', '--octopus', ...ends], { accept: [0, 1] })
  const common = stdout.trim()
  const limit = common === '' ? [] : [`^${common}`]
  const output = await git.read(['rev-list', '--parents', '--stdin'], { input: `${[...ends, ...limit].join('\n')}\n` })
  const parents = parseParents(output)
  const reached = new Map(ends.map((end) => [end, collectAncestors(parents, end)]))
  return pairs.map(({ base, tip }) => {
    const fromBase = reached.get(base) ?? new Set<string>()
    const fromTip = reached.get(tip) ?? new Set<string>()
    return { ahead: listMissing(fromTip, fromBase), behind: listMissing(fromBase, fromTip).length }
  })
}

/** Reads `git rev-list --parents`: a commit and its parents on each line. */
export function parseParents(output: string): Map<string, readonly string[]> {
  const parents = new Map<string, readonly string[]>()
  for (const line of output.split('\n')) {
    const [commit, ...rest] = line.split(' ')
    if (commit !== undefined && commit !== '') parents.set(commit, rest)
  }
  return parents
}

/** `start` and everything before it, as far as the walk went. */
function collectAncestors(parents: ReadonlyMap<string, readonly string[]>, start: string): Set<string> {
  const found = new Set<string>()
  const pending = [start]
  for (let commit = pending.pop(); commit !== undefined; commit = pending.pop()) {
    const before = parents.get(commit)
    if (before === undefined || found.has(commit)) continue
    found.add(commit)
    pending.push(...before)
  }
  return found
}

function listMissing(from: ReadonlySet<string>, other: ReadonlySet<string>): string[] {
  return [...from].filter((commit) => !other.has(commit))
}
