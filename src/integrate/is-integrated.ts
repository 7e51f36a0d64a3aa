import { findMergeBase, isAncestor, listChangedPaths, readParents, readTrees } from '../git/ancestry.ts'
import type { Git } from '../git/git.ts'
import { readCommits } from '../git/log.ts'
import { listCustomMerges } from '../git/merge-drivers.ts'
import { mergeTrees } from '../git/merge-tree.ts'
import { readReflog } from '../git/reflog.ts'

/**
 * `empty`: nothing was ever committed there, so nothing can have been merged.
 * `net-zero`: there are commits, but together they change nothing; nothing to lose and nothing merged.
 * `how`: the work is in the base; `into` is a commit of the base that holds it.
 * null: it is not, or it cannot be told (a maintainer edited it while merging).
 */
export type Integration = 'empty' | 'net-zero' | { readonly how: 'ancestor' | 'same-tree' | 'walk'; readonly into: string } | null

export interface IntegrationQuestion {
  /** Commit the base branch points to. */
  readonly base: string
  /** Commit the session's branch points to. */
  readonly tip: string
  /** Commit the session started from, null when nobody noted it. */
  readonly start: string | null
  /**
   * Full name of the session's branch. With it a branch that only ever followed its base (fast-forwards, resets)
   * is told from one whose own commits the base took over by fast-forward; the graph alone cannot.
   */
  readonly ref?: string
}

/** Commits of the base looked at, newest first. */
const walkLimit = 500

/** Merges of the base into the branch, one on top of the other, looked behind. */
const syncLimit = 20

/** Longer path lists do not fit on a command line everywhere; the walk is then over all commits. */
const pathListLimit = 16_000

/**
 * Whether the base has the work of a session, whoever merged it and however: fast-forward, merge, squash or rebase,
 * also when the lines were changed again since.
 */
export async function findIntegration(git: Git, question: IntegrationQuestion, depth = 0): Promise<Integration> {
  const { base, tip, start, ref } = question
  if (tip === start || (start !== null && (await isAncestor(git, tip, start)))) return 'empty'
  if (await isAncestor(git, tip, base)) {
    if (start === null || (ref !== undefined && (await onlyFollowed(git, ref)))) return 'empty'
    return { how: 'ancestor', into: base }
  }
  const mergeBase = await findMergeBase(git, base, tip)
  if (mergeBase === null) return null
  const [baseTree, tipTree, mergeBaseTree] = await readTrees(git, [base, tip, mergeBase])
  if (tipTree === mergeBaseTree) return findThroughSync(git, question, depth)
  const changed = await listChangedPaths(git, mergeBase, tip)
  const [merged] = await mergeTrees(git, [{ ours: base, theirs: tip }])
  const sameTree = merged?.clean === true && merged.tree === baseTree
  const found = sameTree ? ({ how: 'same-tree', into: base } as const) : await walk(git, { base, tip, mergeBase, changed })
  if (found === null || (await listCustomMerges(git, changed)).length > 0) return null
  return found
}

/** A branch that took its base in after it was squashed there differs from it in nothing: what it was before decides. */
async function findThroughSync(git: Git, { base, tip, start }: IntegrationQuestion, depth: number): Promise<Integration> {
  const [first, second] = await readParents(git, tip)
  if (first === undefined || second === undefined || depth === syncLimit) return 'net-zero'
  if (!(await isAncestor(git, second, base))) return 'net-zero'
  const before = await findIntegration(git, { base, tip: first, start }, depth + 1)
  return before === null || before === 'empty' ? 'net-zero' : before
}

interface WalkInput {
  readonly base: string
  readonly tip: string
  readonly mergeBase: string
  readonly changed: readonly string[]
}

/** The commit of the base into which merging the tip would change nothing: there the work was complete. */
async function walk(git: Git, { base, tip, mergeBase, changed }: WalkInput): Promise<Integration> {
  const paths = changed.join('').length + changed.length > pathListLimit ? [] : changed
  const commits = await readCommits(git, mergeBase, base, { firstParent: true, limit: walkLimit, paths })
  const outcomes = await mergeTrees(
    git,
    commits.map(({ oid }) => ({ ours: oid, theirs: tip })),
  )
  const found = commits.find(({ tree }, index) => outcomes[index]?.clean === true && outcomes[index].tree === tree)
  return found === undefined ? null : { how: 'walk', into: found.oid }
}

/** Every move the branch ever made was to a commit that was there already. Without a record it is not known, so: no. */
async function onlyFollowed(git: Git, ref: string): Promise<boolean> {
  const entries = await readReflog(git, ref)
  return (
    entries.length > 0 &&
    entries.every(({ oid, action }) => {
      if (/^branch: |^flightrules: start |^reset: |: Fast-forward$/i.test(action)) return true
      return / \(finish\): .* onto ([0-9a-f]+)$/.exec(action)?.[1] === oid
    })
  )
}
