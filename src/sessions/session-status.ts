import type { LifeSign } from './life-signs.ts'
import type { ManifestEntry } from './manifest.ts'

export type SessionState =
  | 'active'
  | 'orphaned'
  | 'incomplete'
  | 'setup failed'
  /** Somebody else's work, at a commit nobody approved. */
  | 'held'
  | 'merged'
  | 'reverted'
  | 'nothing to lose'
  | 'stale'
  | 'in use'
  | 'kept'
  | 'detached'
  | 'rebasing'
  | 'applying'
  | 'merging'
  | 'cherry-picking'
  | 'reverting'
  | 'bisecting'
  | 'unreadable'

export interface Changes {
  /** Numbers of files. */
  readonly staged: number
  readonly modified: number
  readonly untracked: number
  /** Numbers of lines in tracked files. */
  readonly insertions: number
  readonly deletions: number
}

export interface PathsWith {
  /** A session's id, or `base:<branch>`. */
  readonly with: string
  readonly paths: readonly string[]
}

/** A session as `status` shows it: what the manifest says, and what git says now. */
export interface SessionStatusEntry extends ManifestEntry {
  /** Absolute. */
  readonly path: string
  readonly states: readonly SessionState[]
  /** null where git could not say; that is not the same as none. */
  readonly changes: Changes | null
  /** Commits since the base, and of the base since; null where git could not say. */
  readonly ahead: number | null
  readonly behind: number | null
  /** Files changed here and there since the two parted, committed or not; of these or beside them, those that merging would conflict in. */
  readonly overlaps: readonly PathsWith[]
  readonly conflicts: readonly PathsWith[]
  /** When it was last worked in, as files and agents tell; null where its folder is gone. */
  readonly lastActivityAt: string | null
  /** Signs that somebody works in it. */
  readonly live: readonly LifeSign[]
}

export interface StatusReport {
  /** Absolute; worktrees elsewhere were made by somebody else. */
  readonly sessionsDir: string
  readonly main: { readonly path: string; readonly branch: string | null; readonly clean: boolean | null }
  readonly sessions: readonly SessionStatusEntry[]
}
