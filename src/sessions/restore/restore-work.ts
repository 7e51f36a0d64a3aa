import type { Finding } from '../../errors.ts'
import type { Git } from '../../git/git.ts'
import type { Context } from '../context.ts'
import type { RestoreFacts } from './restore-facts.ts'

/** What the steps of a restore work on. */
export interface RestoreWork {
  readonly context: Context
  /** Is not stopped by a signal: once begun it is finished, or taken back. */
  readonly git: Git
  readonly commonDir: string
  readonly op: string
  readonly facts: RestoreFacts
  readonly findings: Finding[]
}
