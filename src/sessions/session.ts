/** What a session is. Types only. */

export type SessionStatus = 'creating' | 'active' | 'ending' | 'kept'
export type SessionOrigin = 'cli' | 'hook' | 'agent'

export interface SetupState {
  /** `interrupted`: its process died; nothing of it is run again unasked. `untrusted`: the commands were not run because nobody approved the config. */
  readonly status: 'pending' | 'running' | 'ok' | 'failed' | 'interrupted' | 'skipped' | 'untrusted'
  /** ISO time of the last change. */
  readonly at: string
  /** Absolute path of the log of the commands' output, null when nothing ran. */
  readonly log: string | null
}

/** Work somebody else sent in: nothing of it runs, and nothing of the person's is copied to it, until they approve a commit. */
export interface ForeignWork {
  /** Number of the request it came with. */
  readonly request: number
  /** The commit that was checked out first. */
  readonly head: string
  /** Who sent it, as the forge says. */
  readonly from: string
}

/** A session as its own record in the worktree's git directory holds it. */
export interface Session {
  /** git reuses the names of administrative directories; this tells two sessions apart for ever. */
  readonly uuid: string
  readonly id: string
  /** Short branch name, null on a detached HEAD. */
  readonly branch: string | null
  readonly startedAt: string
  /** Path of the log in the worktree, null when the project keeps none. */
  readonly sessionLog: string | null
  readonly goals: readonly string[]
  /** Globs, seen from the root, of what it was said to be going to change; not there where nothing was said. */
  readonly touch?: readonly string[]
  readonly status: SessionStatus
  readonly mode: 'parallel' | 'standard'
  /** Short name of the branch it goes back to. */
  readonly base: string
  /** The commit the session's worktree began with: a tip equal to it has no work of this session, whatever the branch held before. */
  readonly baseCommit: string
  /** The branch was made for this session; one that was there before is never deleted without being asked. */
  readonly ownsBranch: boolean
  readonly lastSyncedAt: string | null
  /** The commit of its base it had then; not there where it was never synced. */
  readonly syncedOnto?: string
  readonly ports: Readonly<Record<string, number>>
  /** Copied files, relative to the worktree, with the sha256 of what was copied. Never their values. */
  readonly envFiles: readonly { readonly path: string; readonly sha256: string }[]
  readonly setup: SetupState | null
  readonly createdBy: SessionOrigin
  readonly issue: number | null
  readonly pr: { readonly number: number; readonly url: string } | null
  /** Absent where the work is the person's own. */
  readonly foreign?: ForeignWork
}
