import { type CommitGraph, findCommonAncestor, listFirstParents, reaches } from '../git/commit-graph.ts'
import type { Git } from '../git/git.ts'
import { listDifferingPaths } from '../git/differing-paths.ts'

export interface LandedWork {
  readonly base: string
  readonly tip: string
  readonly start: string | null
  readonly how: 'ancestor' | 'walk'
}

/**
 * For each piece of work that the base once had: whether it has taken all of it back, so that every file the work changed is there as it
 * was before. Two git processes.
 */
export async function listReverted(git: Git, graph: CommitGraph, works: readonly LandedWork[]): Promise<boolean[]> {
  const asked = works.flatMap((work) => {
    const arrival = work.how === 'walk' ? findFork(graph, work) : findArrival(graph, work)
    return arrival === null ? [] : [{ work, ...arrival }]
  })
  if (asked.length === 0) return works.map(() => false)
  const brought = await listDifferingPaths(
    git,
    asked.map(({ before, after }) => ({ from: before, to: after })),
  )
  const left = await listDifferingPaths(
    git,
    asked.map(({ work, before }) => ({ from: before, to: work.base })),
    [...new Set(brought.flat().map(({ path }) => path))],
  )
  const taken = new Set(
    asked.flatMap(({ work }, index) => {
      const differing = new Set(left[index]?.map(({ path }) => path))
      const own = brought[index] ?? []
      return own.length > 0 && own.every(({ path }) => !differing.has(path)) ? [work] : []
    }),
  )
  return works.map((work) => taken.has(work))
}

interface Arrival {
  /** The base without the work, and with it. */
  readonly before: string
  readonly after: string
}

function findFork(graph: CommitGraph, { base, tip }: LandedWork): Arrival | null {
  const before = findCommonAncestor(graph, base, tip)
  return before === null ? null : { before, after: tip }
}

/** The merge that brought the tip into the base; for a fast-forward the work itself. */
function findArrival(graph: CommitGraph, { base, tip, start }: LandedWork): Arrival | null {
  const holders = listHolders(graph, base, tip)
  const after = listFirstParents(graph, base).findLast((commit) => holders.has(commit))
  if (after === undefined) return null
  const [before] = after === tip ? [start] : (graph.commits.get(after)?.parents ?? [])
  if (before === undefined || before === null) return null
  return after === tip && !reaches(graph, tip, before) ? null : { before, after }
}

/** Commits of the base that can reach the tip, itself included. */
function listHolders(graph: CommitGraph, base: string, tip: string): Set<string> {
  const holders = new Set([tip])
  const ofBase = graph.ancestorsOf(base)
  // parents come after their children, so backwards each commit comes after what it is built on
  for (const commit of [...graph.commits.keys()].toReversed())
    if (ofBase.has(commit) && graph.commits.get(commit)?.parents.some((parent) => holders.has(parent)) === true)
      holders.add(commit)
  return holders
}
