/**
 * `empty`: nothing was ever committed there, so nothing can have been merged.
 * `net-zero`: there are commits, but together they change nothing; nothing to lose and nothing merged.
 * `reverted`: the base had the work, and took all of it back.
 * `how`: the work is in the base; `into` is a commit of the base that holds it.
 * null: it is not, or it cannot be told (a maintainer edited it while merging).
 */
export type Integration = 'empty' | 'net-zero' | 'reverted' | Landed | null

export interface Landed {
  readonly how: 'ancestor' | 'same-tree' | 'walk'
  readonly into: string
}

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

export function hasLanded(integration: Integration): integration is Landed {
  return typeof integration === 'object' && integration !== null
}
