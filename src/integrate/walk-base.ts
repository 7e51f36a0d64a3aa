import { type CommitGraph, findCommonAncestor, listFirstParents } from '../git/commit-graph.ts'
import type { Git } from '../git/git.ts'
import { mergeTrees } from '../git/merge-tree.ts'
import { listDifferingPaths, type DifferingPath } from '../git/differing-paths.ts'

/** Commits of a base looked at, newest first. */
const walkLimit = 5_000

/** Trial merges for one branch. */
const mergeLimit = 500

export interface WalkQuestion {
  readonly base: string
  readonly tip: string
  /** What the branch changes since it left the base. */
  readonly changes: readonly DifferingPath[]
}

/**
 * The commit of the base into which merging the tip would have changed nothing: there the work was complete, whatever became of it
 * since. null where there is none. Three git processes however many branches are asked about.
 */
export async function walkBases(
  git: Git,
  graph: CommitGraph,
  questions: readonly WalkQuestion[],
  settings: readonly string[] = [],
): Promise<(string | null)[]> {
  if (questions.length === 0) return []
  const chains = new Map(questions.map(({ base }) => [base, listFirstParents(graph, base).slice(0, walkLimit)]))
  const touched = await readTouched(git, graph, chains, questions)
  const candidates = questions.map((question) => findCandidates(graph, chains.get(question.base) ?? [], touched, question))
  const pairs = questions.flatMap(({ tip }, index) => (candidates[index] ?? []).map((ours) => ({ ours, theirs: tip })))
  const merges = await mergeTrees(git, pairs, { commits: 'known', settings })
  let next = 0
  return candidates.map((commits) => {
    const outcomes = merges.slice(next, (next += commits.length))
    const found = commits.find((commit, index) => {
      const outcome = outcomes[index]
      return outcome?.clean === true && outcome.tree === graph.commits.get(commit)?.tree
    })
    return found ?? null
  })
}

/** What each commit of the chains changes against its first parent. */
async function readTouched(
  git: Git,
  graph: CommitGraph,
  chains: ReadonlyMap<string, readonly string[]>,
  questions: readonly WalkQuestion[],
): Promise<Map<string, readonly string[]>> {
  const commits = [...new Set([...chains.values()].flat())]
  const steps = commits.flatMap(
    (to) =>
      graph.commits
        .get(to)
        ?.parents.slice(0, 1)
        .map((from) => ({ from, to })) ?? [],
  )
  const paths = [...new Set(questions.flatMap(({ changes }) => changes.map(({ path }) => path)))]
  const changes = await listDifferingPaths(git, steps, paths)
  return new Map(steps.map(({ to }, index) => [to, (changes[index] ?? []).map(({ path }) => path)]))
}

/**
 * Commits of the chain, newest first, at which the work can be complete. A file that the branch changed or deleted must have been
 * touched by then: where it is as the branch found it, merging the branch would change it.
 */
function findCandidates(
  graph: CommitGraph,
  chain: readonly string[],
  touched: ReadonlyMap<string, readonly string[]>,
  { base, tip, changes }: WalkQuestion,
): string[] {
  const before = graph.ancestorsOf(tip)
  const end = chain.findIndex((commit) => before.has(commit))
  const since = (end === -1 ? chain : chain.slice(0, end)).toReversed()
  const paths = new Set(changes.map(({ path }) => path))
  // only from where the branch left it does the chain tell everything that happened to a file
  const isWhole = end !== -1 && chain[end] === findCommonAncestor(graph, base, tip)
  const open = new Set(isWhole ? changes.filter(({ isNew }) => !isNew).map(({ path }) => path) : [])
  const candidates: string[] = []
  for (const commit of since) {
    const own = (touched.get(commit) ?? []).filter((path) => paths.has(path))
    for (const path of own) open.delete(path)
    if (own.length > 0 && open.size === 0) candidates.push(commit)
  }
  return candidates.toReversed().slice(0, mergeLimit)
}
