import { type CommitGraph, loadCommitGraph } from './commit-graph.ts'
import type { Git } from './git.ts'

/** Commits one side has and the other has not. */
export interface Divergence {
  readonly ahead: readonly string[]
  readonly behind: number
}

/** How far each `tip` has gone from its `base`, both commits, in one walk: two git processes however many pairs there are. */
export async function findDivergences(git: Git, pairs: readonly { base: string; tip: string }[]): Promise<Divergence[]> {
  const ends = [...new Set(pairs.flatMap(({ base, tip }) => [base, tip]))]
  if (ends.length < 2) return pairs.map(() => ({ ahead: [], behind: 0 }))
  return readDivergences(await loadCommitGraph(git, ends), pairs)
}

/** The same of a graph that was loaded for these commits. */
export function readDivergences(graph: CommitGraph, pairs: readonly { base: string; tip: string }[]): Divergence[] {
  return pairs.map(({ base, tip }) => {
    const [fromBase, fromTip] = [graph.ancestorsOf(base), graph.ancestorsOf(tip)]
    return { ahead: listMissing(fromTip, fromBase), behind: listMissing(fromBase, fromTip).length }
  })
}

function listMissing(from: ReadonlySet<string>, other: ReadonlySet<string>): string[] {
  return [...from].filter((commit) => !other.has(commit))
}
