import { askInParts, requireBearable } from '../git/ask-in-parts.ts'
import type { Git } from '../git/git.ts'
import { type Conflict, mergeTrees } from '../git/merge-tree.ts'
import type { ScratchObjects } from '../git/scratch-objects.ts'
import { storeStandIns } from '../git/store-commits.ts'

/** What became of one of several merges that follow each other. */
export interface Rehearsed {
  /** `same`: it changed nothing any more. `failed`: git cannot read it. */
  readonly outcome: 'merged' | 'same' | 'conflict' | 'failed'
  readonly conflicts: readonly Conflict[]
}

export interface Rehearsal {
  /** In the order asked. */
  readonly results: readonly Rehearsed[]
  /** What the base would be after all that merged. */
  readonly end: string
}

/** What merging each of these into `base`, and nothing else, would come to. One git process for all. */
export async function rehearseEach(
  git: Git,
  base: { readonly commit: string; readonly tree: string },
  commits: readonly string[],
  objects: ScratchObjects,
): Promise<Rehearsed[]> {
  const pairs = commits.map((theirs) => ({ ours: base.commit, theirs }))
  const outcomes = await askInParts(pairs, (some) => mergeTrees(git, some, { objects, commits: 'known' }))
  return outcomes.map((outcome): Rehearsed => {
    if (outcome instanceof Error) return failed
    const { clean, tree, conflicts } = outcome
    return { outcome: clean ? (tree === base.tree ? 'same' : 'merged') : 'conflict', conflicts }
  })
}

const failed: Rehearsed = { outcome: 'failed', conflicts: [] }

/**
 * Merges them into `base` one after the other, in scratch objects; one that conflicts is passed over. What two do not run into,
 * three together may.
 */
export async function rehearseOrder(
  git: Git,
  base: string,
  commits: readonly string[],
  objects: ScratchObjects,
): Promise<Rehearsal> {
  const results: Rehearsed[] = []
  let end = base
  for (const commit of commits) {
    const merging = mergeTrees(git, [{ ours: end, theirs: commit }], { objects, commits: 'known' })
    const merge = await merging.then(([only]) => only, requireBearable)
    if (merge === undefined || merge instanceof Error) {
      results.push(failed)
      continue
    }
    results.push({ outcome: merge.clean ? 'merged' : 'conflict', conflicts: merge.conflicts })
    if (!merge.clean) continue
    const [next] = await storeStandIns(git, [{ tree: merge.tree, parents: [end, commit] }], objects)
    if (next !== undefined) end = next
  }
  return { results, end }
}
