import type { Git } from '../git/git.ts'
import { type Conflict, mergeTrees } from '../git/merge-tree.ts'

export interface Prediction {
  readonly clean: boolean
  readonly conflicts: readonly Conflict[]
}

/** What merging `tip` into `base` would run into. Both are names of commits; nothing is written. */
export async function predictConflicts(git: Git, base: string, tip: string): Promise<Prediction> {
  const [outcome] = await mergeTrees(git, [{ ours: base, theirs: tip }])
  return { clean: outcome?.clean === true, conflicts: outcome?.conflicts ?? [] }
}
