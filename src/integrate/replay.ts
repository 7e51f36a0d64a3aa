import { commitTree, copyCommit } from '../git/commit-tree.ts'
import { readTrees } from '../git/ancestry.ts'
import type { Git } from '../git/git.ts'
import type { Commit } from '../git/log.ts'
import { mergeTrees } from '../git/merge-tree.ts'
import { mergeConflicts, type Sides } from './merge-conflicts.ts'

const stepper = { name: 'Flight Rules', email: 'flightrules@localhost' }

/** A commit, and what stands for it now. */
export interface Rewritten {
  readonly from: string
  readonly to: string
}

/**
 * Puts commits, oldest first, on top of another one, keeping author, date and message, as `git rebase` would.
 * A commit the base has already is dropped; one that was empty from the start stays.
 * @throws FlightRulesError MERGE_CONFLICTS naming the first commit that does not fit.
 */
export async function replayCommits(
  git: Git,
  { onto, commits, sides, sign }: { onto: string; commits: readonly Commit[]; sides: Sides; sign: boolean },
): Promise<{ commit: string; tree: string; commits: number; rewritten: readonly Rewritten[] }> {
  let head = onto
  let [headTree = ''] = await readTrees(git, [onto])
  const rewritten: Rewritten[] = []
  for (const commit of commits) {
    const parent = commit.parents[0]
    if (parent === undefined) throw new Error(`${commit.oid} has no parent to be replayed from`)
    // git 2.39 cannot be told a merge base: a stand-in for the head that has the commit's own parent makes it one
    const standIn = await commitTree(git.with(stepperIdentity), {
      tree: headTree,
      parents: [parent],
      message: 'replay',
      author: stepper,
    })
    const [outcome] = await mergeTrees(git, [{ ours: standIn, theirs: commit.oid }], { objects: 'keep' })
    if (outcome === undefined) throw new Error('git merge-tree gave no answer')
    if (!outcome.clean) {
      const subject = JSON.stringify(commit.message.split('\n')[0] ?? '')
      throw mergeConflicts(
        `commit ${commit.oid.slice(0, 10)} (${subject}) of session ${sides.id} conflicts with ${sides.base}`,
        outcome.conflicts,
        sides,
      )
    }
    const [parentTree] = await readTrees(git, [parent])
    if (outcome.tree === headTree && commit.tree !== parentTree) continue
    const place = { tree: outcome.tree, parent: head }
    head = sign ? await commitTree(git, { ...commit, ...place, parents: [head], sign }) : await copyCommit(git, commit, place)
    headTree = outcome.tree
    rewritten.push({ from: commit.oid, to: head })
  }
  return { commit: head, tree: headTree, commits: rewritten.length, rewritten }
}

const stepperIdentity = { GIT_COMMITTER_NAME: stepper.name, GIT_COMMITTER_EMAIL: stepper.email }
