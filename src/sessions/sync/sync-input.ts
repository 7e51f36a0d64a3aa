import type { SyncMethod } from '../../config/types.ts'
import type { Finding, FlightRulesError } from '../../errors.ts'

export interface SyncInput {
  /** null: as configured, or by merge where a rebase would do harm. */
  readonly method: SyncMethod | null
  /** Leave a conflicting rebase or merge in progress for a person. */
  readonly leaveConflicts: boolean
  /** What becomes of commits that a rewritten base has dropped and the session stands on. */
  readonly dropped: 'ask' | 'leave-out' | 'keep'
}

/** One session's part of the `data` of `sync`'s answer. */
export interface SyncResult {
  readonly id: string
  readonly outcome: 'up-to-date' | 'synced' | 'conflict' | 'failed'
  /** Commit the session was at; null where that could not be told. */
  readonly from: string | null
  /** Commit it is at now. */
  readonly to: string | null
  /** Files in conflict. */
  readonly paths: readonly string[]
  readonly method: SyncMethod | null
  /** What it was brought onto: `main`, `origin/main`, and the commit that was. */
  readonly onto: { readonly name: string; readonly oid: string } | null
  /** Why it failed or conflicts. */
  readonly error: { readonly code: string; readonly message: string; readonly hint: string | null } | null
}

export interface Synced {
  readonly result: SyncResult
  readonly findings: readonly Finding[]
  /** What `result.error` was made of. */
  readonly error: FlightRulesError | null
}
