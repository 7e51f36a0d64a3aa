import type { MergeMethod } from '../config/types.ts'
import { FlightRulesError } from '../errors.ts'
import { countAheadBehind, findMergeBase, isAncestor, readTrees } from '../git/ancestry.ts'
import { commitTree, requireIdentity, wantsSignedCommits } from '../git/commit-tree.ts'
import type { Git } from '../git/git.ts'
import { type Commit, type Person, readCommits } from '../git/log.ts'
import { mergeTrees } from '../git/merge-tree.ts'
import { mergeConflicts, type Sides } from './merge-conflicts.ts'
import { replayCommits } from './replay.ts'
import { squashAuthorship } from './squash-author.ts'

export interface BuildInput {
  readonly method: MergeMethod
  /** Commit the base branch points to. */
  readonly base: string
  /** Commit to integrate. */
  readonly tip: string
  /** What the two are called, for messages. */
  readonly sides: Sides
  /** Message of the merge or squash commit; the other methods make no message of their own. */
  readonly message: string
  /** Whose work a squash is. Default: the authors of its commits. */
  readonly authors?: readonly Person[]
}

export interface BuiltIntegration {
  /** Where the base branch is to point; it descends from `base`, and is `base` when there is nothing to integrate. */
  readonly commit: string
  readonly tree: string
  /** Commits the base gains on its first-parent line. */
  readonly commits: number
}

/**
 * Makes the commits of an integration without a worktree. No ref moves: until somebody points a branch at the result
 * nothing has happened.
 * @throws FlightRulesError MERGE_CONFLICTS, NOT_FAST_FORWARD, REBASE_HAS_MERGES, UNRELATED_HISTORIES, IDENTITY_MISSING.
 */
export async function buildIntegration(git: Git, input: BuildInput): Promise<BuiltIntegration> {
  const { method, base, tip, sides } = input
  if (await isAncestor(git, tip, base)) return at(git, base, 0)
  if ((await findMergeBase(git, base, tip)) === null) throw unrelated(base, tip, sides)
  if (method === 'ff-only') return fastForward(git, base, tip, sides)
  if (method === 'rebase') return rebase(git, base, tip, sides)
  const { author } = await requireIdentity(git)
  const tree = await mergedTree(git, base, tip, sides)
  const sign = await wantsSignedCommits(git)
  if (method === 'merge') {
    const commit = await commitTree(git, { tree, parents: [base, tip], message: input.message, sign })
    return { commit, tree, commits: 1 }
  }
  const [baseTree] = await readTrees(git, [base])
  if (tree === baseTree) return at(git, base, 0)
  const authors = input.authors ?? authorsOf(await readCommits(git, base, tip))
  const authorship = squashAuthorship(input.message, authors, author)
  const commit = await commitTree(git, { tree, parents: [base], sign, ...authorship })
  return { commit, tree, commits: 1 }
}

/** Merges are nobody's work. */
export function authorsOf(commits: readonly Commit[]): Person[] {
  return commits.filter(({ parents }) => parents.length < 2).map((commit) => commit.author)
}

async function fastForward(git: Git, base: string, tip: string, sides: Sides): Promise<BuiltIntegration> {
  const { ahead, behind } = await countAheadBehind(git, base, tip)
  if (behind === 0) return at(git, tip, ahead)
  throw new FlightRulesError({
    kind: 'decision',
    code: 'NOT_FAST_FORWARD',
    message: `${sides.base} has ${behind === 1 ? 'a commit' : `${behind} commits`} that session ${sides.id} does not have, so it cannot be fast-forwarded; nothing was changed`,
    hint: `flightrules end ${sides.id} --strategy merge --merge merge`,
    choices: [
      { flag: '--merge merge', label: 'make a merge commit' },
      { flag: '--merge rebase', label: `put the session's commits on top of ${sides.base}` },
      { flag: '--sync rebase', label: 'rebase the session first, then fast-forward' },
    ],
    details: { ahead, behind },
  })
}

async function rebase(git: Git, base: string, tip: string, sides: Sides): Promise<BuiltIntegration> {
  const commits = (await readCommits(git, base, tip)).reverse()
  const merge = commits.find(({ parents }) => parents.length > 1)
  if (merge !== undefined) throw hasMerges(merge, sides)
  // already on top of the base: the commits stay the very same
  if (await isAncestor(git, base, tip)) return at(git, tip, commits.length)
  await requireIdentity(git)
  return replayCommits(git, { onto: base, commits, sides, sign: await wantsSignedCommits(git) })
}

async function mergedTree(git: Git, base: string, tip: string, sides: Sides): Promise<string> {
  const [outcome] = await mergeTrees(git, [{ ours: base, theirs: tip }], { objects: 'keep' })
  if (outcome === undefined) throw new Error('git merge-tree gave no answer')
  if (!outcome.clean) throw mergeConflicts(`session ${sides.id} conflicts with ${sides.base}`, outcome.conflicts, sides)
  return outcome.tree
}

async function at(git: Git, commit: string, commits: number): Promise<BuiltIntegration> {
  const [tree = ''] = await readTrees(git, [commit])
  return { commit, tree, commits }
}

function hasMerges(commit: Commit, { id }: Sides): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'REBASE_HAS_MERGES',
    message: `session ${id} contains the merge commit ${commit.oid.slice(0, 10)} (${JSON.stringify(commit.message.split('\n')[0] ?? '')}), and a merge cannot be replayed commit by commit; nothing was changed`,
    hint: `flightrules end ${id} --strategy merge --merge squash`,
    choices: [
      { flag: '--merge squash', label: 'make one commit of all the work' },
      { flag: '--merge merge', label: 'make a merge commit' },
    ],
    details: { commit: commit.oid },
  })
}

function unrelated(base: string, tip: string, { id, base: name }: Sides): FlightRulesError {
  return new FlightRulesError({
    kind: 'failed',
    code: 'UNRELATED_HISTORIES',
    message: `session ${id} (${tip.slice(0, 10)}) and ${name} (${base.slice(0, 10)}) have no common commit; was ${name} rewritten? Nothing was changed`,
    hint: `flightrules end ${id} --strategy keep`,
    details: { base, tip },
  })
}
