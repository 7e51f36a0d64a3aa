import type { LoadedConfig } from '../config/types.ts'
import type { Environment } from '../git/environment.ts'
import type { Git } from '../git/git.ts'
import type { RepositoryLocation } from '../git/locate-repository.ts'
import type { Worktree } from '../git/worktrees.ts'
import type { Progress } from './progress.ts'
import type { Recovery } from './recover/recovery.ts'

/** Everything an engine function may know about the world outside its arguments. */
export interface Context {
  /** Runs in the main worktree (or the bare repository). */
  readonly git: Git
  /** Real path of the directory the command was started in. */
  readonly cwd: string
  readonly location: RepositoryLocation
  /** Absolute path of the main worktree, or of the bare repository. */
  readonly main: string
  /** The main entry is a bare repository: there is no main worktree. */
  readonly bare: boolean
  /** The main worktree's folder name. */
  readonly project: string
  readonly loaded: LoadedConfig
  /** Absolute. */
  readonly sessionsDir: string
  readonly env: Environment
  readonly signal: AbortSignal | undefined
  /** Milliseconds to wait for the repository's lock; undefined for as long as a person would. */
  readonly lockWaitMs: number | undefined
  /** How operations are recovered that this layer knows nothing of; hooks know none, and leave those to commands. */
  readonly recoveries?: ((context: Context) => Promise<readonly Recovery[]>) | undefined
  readonly now: () => Date
  readonly report: (progress: Progress) => void
}

/** The git directory all worktrees share. */
export function commonDirOf(context: Context): string {
  return context.location.commonDir
}

/** The worktrees as they were when the context was opened, so that reading them twice is never needed. */
export interface OpenedContext {
  readonly context: Context
  readonly worktrees: readonly Worktree[]
}
