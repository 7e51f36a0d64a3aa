import type { Conflict } from '../git/merge-tree.ts'

/** What comparing two sides brought to light; but for `failed` a pure function of what they hold. */
export interface Comparison {
  /**
   * `unrelated`: their histories have nothing in common, so there is no saying what either changed. `failed`: git cannot read one of
   * them; with an overlap, what both changed is known, and only whether it conflicts is not.
   */
  readonly outcome: 'compared' | 'unrelated' | 'failed'
  readonly overlap: readonly string[]
  readonly conflict: readonly Conflict[]
  /** Paths only case, or the composition of letters, keeps apart. */
  readonly caseClash: readonly string[]
  /** Those around every path that was merged, in either place of a moved one: attributes there decide as well. Sorted. */
  readonly folders: readonly string[]
  /** What git said, of one that failed. */
  readonly reason?: string
}

export const noComparison: Comparison = { outcome: 'compared', overlap: [], conflict: [], caseClash: [], folders: [] }

export function failedComparison(error: Error, overlap: readonly string[] = []): Comparison {
  const said = 'stderr' in error && typeof error.stderr === 'string' ? error.stderr.trim() : ''
  return { ...noComparison, outcome: 'failed', overlap, reason: (said || error.message).replaceAll('\n', '; ') }
}
