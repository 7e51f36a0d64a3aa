import type { Finding } from '../errors.ts'
import type { Context } from './context.ts'
import type { Session } from './session.ts'

/** A session being made or readied: what its steps read and change. */
export interface Work {
  readonly context: Context
  /** The operation it belongs to. */
  readonly op: string
  /** Absolute path of the worktree. */
  readonly worktree: string
  /** The worktree's own git directory; known once the worktree is there. */
  gitDir: string
  session: Session
  readonly findings: Finding[]
  /** What the project's commands came to, once they ran. */
  failedCommand: { readonly command: string; readonly exitStatus: number } | null
}
