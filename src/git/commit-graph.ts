import type { Git } from './git.ts'

export interface GraphCommit {
  readonly tree: string
  readonly parents: readonly string[]
}

/** The part of the history that some commits do not all have in common, and the last commit that they have. */
export interface CommitGraph {
  /** Newest first, as git walks it. Older ones are not in it: they are ancestors of every commit asked about. */
  readonly commits: ReadonlyMap<string, GraphCommit>
  /** Everything in the graph that a commit can reach, itself included. */
  ancestorsOf(commit: string): ReadonlySet<string>
}

/**
 * Loads what lies between these commits, all of which must be there. Two git processes however many they are.
 * @param ends names of commits.
 */
export async function loadCommitGraph(git: Git, ends: readonly string[]): Promise<CommitGraph> {
  const names = [...new Set(ends)]
  if (names.length === 0) return makeGraph(new Map())
  const { stdout } = await git.run(['merge-base', '--octopus', ...names], { accept: [0, 1] })
  const common = stdout.trim()
  // the common commit itself belongs to it
  const limit = common === '' ? [] : [`^${common}^@`]
  const input = `${[...names, ...limit].join('\n')}\n`
  const args = ['rev-list', '--stdin', '--topo-order', '--no-commit-header', '--format=%H %T %P']
  return makeGraph(parseGraph(await git.read(args, { input })))
}

/** Reads a commit, its tree and its parents on each line. */
export function parseGraph(output: string): Map<string, GraphCommit> {
  const commits = new Map<string, GraphCommit>()
  for (const line of output.split('\n')) {
    const [commit, tree, ...parents] = line.trim().split(' ')
    if (commit !== undefined && tree !== undefined) commits.set(commit, { tree, parents })
  }
  return commits
}

function makeGraph(commits: ReadonlyMap<string, GraphCommit>): CommitGraph {
  const reached = new Map<string, ReadonlySet<string>>()
  return {
    commits,
    ancestorsOf(commit) {
      const known = reached.get(commit)
      if (known !== undefined) return known
      const found = collectAncestors(commits, commit)
      reached.set(commit, found)
      return found
    },
  }
}

function collectAncestors(commits: ReadonlyMap<string, GraphCommit>, start: string): Set<string> {
  const found = new Set<string>()
  const pending = [start]
  for (let commit = pending.pop(); commit !== undefined; commit = pending.pop()) {
    const known = commits.get(commit)
    if (known === undefined || found.has(commit)) continue
    found.add(commit)
    pending.push(...known.parents)
  }
  return found
}

/** Whether `ancestor` is `descendant` or can be reached from it; both are of the commits the graph was loaded for. */
export function reaches(graph: CommitGraph, descendant: string, ancestor: string): boolean {
  return graph.ancestorsOf(descendant).has(ancestor)
}

/** A best common ancestor, null when the two have none. Of several the newest, as git itself takes it. */
export function findCommonAncestor(graph: CommitGraph, a: string, b: string): string | null {
  const [ofA, ofB] = [graph.ancestorsOf(a), graph.ancestorsOf(b)]
  // no commit comes before one that is built on it, so the first is nobody's ancestor
  for (const commit of graph.commits.keys()) if (ofA.has(commit) && ofB.has(commit)) return commit
  return null
}

/** A commit and those it was built on, always by the first parent, as far as the graph goes. */
export function listFirstParents(graph: CommitGraph, from: string): string[] {
  const chain: string[] = []
  for (let commit: string | undefined = from; commit !== undefined;) {
    const known: GraphCommit | undefined = graph.commits.get(commit)
    if (known === undefined) break
    chain.push(commit)
    commit = known.parents[0]
  }
  return chain
}
