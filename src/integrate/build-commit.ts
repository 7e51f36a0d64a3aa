import type { MergeMethod } from '../config/types.ts'
import { FlightRulesError } from '../errors.ts'
import { countAheadBehind, findMergeBase, isAncestor, readTrees } from '../git/ancestry.ts'
import { commitTree, requireIdentity, wantsSignedCommits } from '../git/commit-tree.ts'
import type { Git } from '../git/git.ts'
import { type Commit, readCommits } from '../git/log.ts'
import { mergeTrees } from '../git/merge-tree.ts'
import { requireVerified } from './merge-settings.ts'
import { mergeConflicts, type Sides } from './merge-conflicts.ts'
import { type HookPlace, passHooks, passPreRebase, type ProposedCommit } from './pass-hooks.ts'
import { replayCommits, type Rewritten } from './replay.ts'
import { squashAuthorship } from './squash-author.ts'
import { collectCoAuthors } from './trailers.ts'

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
  /** Whose work a squash is. Default: all that `base` does not have. */
  readonly commits?: readonly Commit[]
  /** `preview`: only to find out what there would be; nobody signs it. Default: `land`. */
  readonly purpose?: 'preview' | 'land'
  /** Whose hooks are asked. Default: nobody's. */
  readonly hooks?: HookPlace
}

export interface BuiltIntegration {
  /** Where the base branch is to point; it descends from `base`, and is `base` when there is nothing to integrate. */
  readonly commit: string
  readonly tree: string
  /** Commits the base gains on its first-parent line. */
  readonly commits: number
  /** Of a rebase: commits that are others now, oldest first. */
  readonly rewritten?: readonly Rewritten[]
}

/**
 * Makes the commits of an integration without a worktree. No ref moves: until somebody points a branch at the result
 * nothing has happened.
 * @throws FlightRulesError MERGE_CONFLICTS, NOT_FAST_FORWARD, REBASE_HAS_MERGES, UNRELATED_HISTORIES, IDENTITY_MISSING, HOOK_REFUSED,
 * SIGNING_FAILED, UNVERIFIED_SIGNATURE.
 */
export async function buildIntegration(git: Git, input: BuildInput): Promise<BuiltIntegration> {
  const { method, base, tip, sides } = input
  if (await isAncestor(git, tip, base)) return at(git, base, 0)
  if ((await findMergeBase(git, base, tip)) === null) throw unrelated(base, tip, sides)
  if (input.purpose !== 'preview') await requireVerified(git, tip, sides)
  if (method === 'ff-only') return fastForward(git, base, tip, sides)
  if (method === 'rebase') return rebase(git, input)
  const { author } = await requireIdentity(git)
  const tree = await mergedTree(git, base, tip, sides)
  if (method === 'merge') return commitOne(git, input, { method, tip, sides, tree, message: input.message }, [base, tip])
  const [baseTree] = await readTrees(git, [base])
  if (tree === baseTree) return at(git, base, 0)
  const commits = (input.commits ?? (await readCommits(git, base, tip))).filter(isWork)
  const coAuthors = collectCoAuthors(commits.map((commit) => commit.message))
  const authors = commits.map((commit) => commit.author)
  const authorship = squashAuthorship(input.message, authors, author, coAuthors)
  return commitOne(git, input, { method, tip, sides, tree, ...authorship }, [base])
}

async function commitOne(
  git: Git,
  input: BuildInput,
  proposed: ProposedCommit,
  parents: readonly string[],
): Promise<BuiltIntegration> {
  const { author } = proposed
  const { tree, message } = input.hooks === undefined ? proposed : await passHooks(git, input.hooks, proposed)
  const sign = await mustSign(git, input)
  const commit = await commitTree(git, { tree, parents, message, sign, ...(author === undefined ? {} : { author }) })
  return { commit, tree, commits: 1 }
}

async function mustSign(git: Git, { purpose }: BuildInput): Promise<boolean> {
  return purpose !== 'preview' && (await wantsSignedCommits(git))
}

/** Merges are nobody's work. */
function isWork({ parents }: Commit): boolean {
  return parents.length < 2
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

async function rebase(git: Git, input: BuildInput): Promise<BuiltIntegration> {
  const { base, tip, sides, hooks } = input
  const commits = (await readCommits(git, base, tip)).reverse()
  const merge = commits.find(({ parents }) => parents.length > 1)
  if (merge !== undefined) throw hasMerges(merge, sides)
  // already on top of the base: the commits stay the very same
  if (await isAncestor(git, base, tip)) return at(git, tip, commits.length)
  await requireIdentity(git)
  if (hooks !== undefined) await passPreRebase(git, sides, hooks.onOutput)
  return replayCommits(git, { onto: base, commits, sides, sign: await mustSign(git, input) })
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
