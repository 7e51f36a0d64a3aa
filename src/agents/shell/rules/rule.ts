import type { Ground } from '../../../sessions/grounds.ts'
import type { Run } from '../walk.ts'

/** What commands are measured by. */
export interface Surroundings {
  readonly commonDir: string
  readonly grounds: readonly Ground[]
  /** The agent's own worktree, where that is a session; null where it is in none. */
  readonly own: Ground | null
  /** Absolute paths of what was put away. */
  readonly trash: readonly string[]
}

export interface Verdict {
  /** `deny` only for what is certain. */
  readonly decision: 'deny' | 'warn'
  readonly reason: string
}

export type Rule = (run: Run, surroundings: Surroundings) => Promise<readonly Verdict[]>

export const deny = (reason: string): Verdict => ({ decision: 'deny', reason: `Flight Rules: ${reason}` })
export const warn = (reason: string): Verdict => ({ decision: 'warn', reason: `Flight Rules: ${reason}` })
