import type { Finding } from '../../errors.ts'
import type { Git } from '../../git/git.ts'
import type { HookFacts } from './detect-hook-manager.ts'
import type { Project } from './detect-project.ts'
import type { InitStep, Kept } from './init-plan.ts'

/** What each way of installing hooks starts from. */
export interface InstallInput {
  readonly git: Git
  /** The main worktree; the repository itself where it is bare. */
  readonly main: string
  readonly facts: HookFacts
  /** null in a bare repository. */
  readonly project: Project | null
  readonly packageRoot: string
  /** The node that runs now. */
  readonly node: string
}

/** What it comes to. */
export interface InstallPlan {
  readonly steps: InitStep[]
  readonly kept: Kept[]
  readonly findings: Finding[]
  readonly next: string[]
}

export function emptyInstallPlan(): InstallPlan {
  return { steps: [], kept: [], findings: [], next: [] }
}
