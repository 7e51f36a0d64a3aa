import { askInParts } from '../git/ask-in-parts.ts'
import { loadCommitGraph } from '../git/commit-graph.ts'
import { readDivergences } from '../git/divergence.ts'
import { findKnownCommits } from '../git/known-commits.ts'
import { mergeTrees } from '../git/merge-tree.ts'
import { readTouchedPaths } from '../git/touched-paths.ts'
import { hasLanded } from '../integrate/integration.ts'
import { judgeWork, type WorkVerdict } from '../integrate/judge-work.ts'
import type { Context } from './context.ts'
import type { Divergence, Pair } from './divergence.ts'

/** Finds them out, in order; undefined where something of their history is missing, which takes no other's answer along. */
export async function computeDivergences(context: Context, all: readonly Pair[]): Promise<(Divergence | undefined)[]> {
  const found = await askInParts(all, (some) => computeTogether(context, some))
  return found.map((one) => (one instanceof Error ? undefined : one))
}

async function computeTogether({ git }: Context, all: readonly Pair[]): Promise<(Divergence | undefined)[]> {
  const here = await findKnownCommits(
    git,
    all.flatMap(({ base, tip, start, upstream }) => [base, tip, start, upstream ?? base]),
  )
  const pairs = all.filter(({ base, tip }) => here.has(base) && here.has(tip))
  const ends = pairs.flatMap(({ base, tip, start, upstream }) => [base, tip, start, upstream ?? base])
  const graph = await loadCommitGraph(
    git,
    ends.filter((commit) => here.has(commit)),
  )
  const divergences = readDivergences(graph, pairs)
  const commits = [...new Set(divergences.flatMap((divergence) => divergence.ahead))]
  const diverged = pairs.filter((_pair, index) => isDiverged(divergences[index]))
  const [touched, merges] = await Promise.all([
    readTouchedPaths(git, commits),
    mergeTrees(
      git,
      diverged.map(({ base, tip }) => ({ ours: base, theirs: tip })),
      { commits: 'known' },
    ),
  ])
  const outcomes = new Map(diverged.map((pair, index) => [`${pair.base}:${pair.tip}`, merges[index]]))
  const judged = pairs.filter((pair, index) => isWorthAsking(pair, divergences[index]))
  const verdicts = await judgeWork(
    git,
    judged.map(({ base, tip, start, branch, upstream }) => ({
      base,
      tip,
      start,
      upstream: upstream !== undefined && upstream !== null && here.has(upstream) ? upstream : null,
      ...(branch === null ? {} : { ref: `refs/heads/${branch}` }),
    })),
    { graph, mergeOf: (base, tip) => outcomes.get(`${base}:${tip}`) },
  )
  const found = pairs.map((pair, index): Divergence => {
    const ahead = divergences[index]?.ahead ?? []
    const at = judged.indexOf(pair)
    return {
      ahead: ahead.length,
      behind: divergences[index]?.behind ?? 0,
      touched: [...new Set(ahead.flatMap((commit) => touched.get(commit) ?? []))].sort(),
      work: at === -1 ? 'open' : nameWork(verdicts[at] ?? null),
    }
  })
  return all.map((pair) => found[pairs.indexOf(pair)])
}

function isDiverged(divergence: { ahead: readonly string[]; behind: number } | undefined): boolean {
  return divergence !== undefined && divergence.ahead.length > 0 && divergence.behind > 0
}

/** A fresh session is an ancestor of its base too: only a tip that has left its start can have been integrated. */
function isWorthAsking({ tip, start }: Pair, divergence: { ahead: readonly string[] } | undefined): boolean {
  return tip !== start && divergence !== undefined
}

function nameWork(verdict: WorkVerdict): Divergence['work'] {
  if (hasLanded(verdict)) return 'merged'
  return verdict === 'reverted' || verdict === 'net-zero' ? verdict : 'open'
}
