import type { WorktreeStatus } from '../git/status.ts'

/** One of those that are compared with each other: a session, or a base branch. */
export interface Side {
  /** A session's id, or `base:<branch>`. */
  readonly name: string
  /** Commit it is at. */
  readonly head: string
  /** Commit of the branch it goes back to; null where that is not known, and for a base itself. */
  readonly base: string | null
  /** Its working tree; null where only commits are compared. */
  readonly live: LivePlace | null
}

export interface LivePlace {
  readonly worktree: string
  readonly gitDir: string
  /** As git sees it now. */
  readonly status: WorktreeStatus
}

/** Two sides, by their places in a list. */
export type SidePair = readonly [number, number]
