import type { PlannedFile } from '../../agents/planned-file.ts'
import type { Finding } from '../../errors.ts'
import type { ImportPlan } from './import/plan-import.ts'
import type { ImportSource } from './import/sources.ts'

export const hookManagers = ['husky', 'lefthook', 'pre-commit', 'native', 'none'] as const
export type HookManager = (typeof hookManagers)[number]

/** A file gets other content, or comes to be. */
export interface WriteStep extends PlannedFile {
  readonly kind: 'write'
}

/** A hook in another language makes place for one that runs ours and then it. */
export interface MoveStep {
  readonly kind: 'move'
  readonly file: string
  readonly to: string
  readonly why: string
}

/** A hook manager's own installer. */
export interface RunStep {
  readonly kind: 'run'
  readonly program: string
  readonly args: readonly string[]
  readonly cwd: string
  /** As a person would type it. */
  readonly line: string
  /** Absolute files and folders (not below them) it may write to: what it makes is undone by `init --remove`. */
  readonly writes: readonly string[]
  /** It says failure on standard output and exits with 0. */
  readonly silentOnSuccess: boolean
  readonly why: string
}

export type InitStep = WriteStep | MoveStep | RunStep

/** Something `init` did not touch, or a person has to do. */
export interface Kept {
  readonly path: string
  readonly why: string
}

/**
 * `written`: `init` writes all of the config itself, and approves that. `wanted`: somebody else wrote it, or a part of it, and a person
 * has to look at it first. `taken`: `init` writes all of it, with commands of other tools' files in it, which a person has to look at first.
 * `given`: it is approved already.
 */
export type ConfigApproval = 'written' | 'wanted' | 'taken' | 'given'

/** What `init` is going to do, complete before the first change. */
export interface InitPlan {
  /** The main worktree; the repository itself where it is bare. */
  readonly main: string
  readonly commonDir: string
  readonly hooks: HookManager
  readonly presets: readonly string[]
  /** Whose settings get hooks of ours. */
  readonly agents: readonly string[]
  readonly steps: readonly InitStep[]
  readonly kept: readonly Kept[]
  readonly findings: readonly Finding[]
  /** The config file, absolute; null where none is wanted. */
  readonly config: { readonly file: string; readonly isNew: boolean; readonly approval: ConfigApproval } | null
  /** What other tools' files say of how worktrees are set up, and what of it the config gets; null where none was to be taken over. */
  readonly taken: ImportPlan | null
  /** Commands for a person to type afterwards. */
  readonly next: readonly string[]
}

/** The same facts once they are true. Paths relative to the main worktree. */
export interface InitResult {
  readonly created: readonly string[]
  readonly changed: readonly string[]
  readonly kept: readonly Kept[]
  readonly presets: readonly string[]
  readonly hooks: HookManager
  readonly agents: readonly string[]
  /** What the config has of other tools' files from now on. */
  readonly imported: readonly ImportSource[]
}
