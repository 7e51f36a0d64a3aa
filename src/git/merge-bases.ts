import { loadCommitGraph } from './commit-graph.ts'
import type { Git } from './git.ts'
import { type CommitPair, findBestShared } from './shared-commits.ts'

/**
 * The merge bases of each pair, in order: the best commits both come from, more than one where histories cross, none where they have
 * nothing in common. Two git processes however many pairs there are.
 */
export async function findMergeBases(git: Git, pairs: readonly CommitPair[]): Promise<string[][]> {
  const tips = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))]
  if (tips.length < 2) return pairs.map(({ a }) => [a])
  return findBestShared((await loadCommitGraph(git, tips)).commits, pairs)
}
