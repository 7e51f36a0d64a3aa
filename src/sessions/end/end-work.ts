import type { Finding } from '../../errors.ts'
import type { Move } from '../../integrate/recover-land.ts'
import type { Facts } from '../../operations/journal.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import type { CheckedEnd } from './check-end.ts'
import type { EndInput, EndResult } from './end-input.ts'

/** A session being ended: what the steps read and change. */
export interface EndWork {
  /** Children of its git carry the operation's id. */
  readonly context: Context
  readonly op: string
  entry: RegisteredSession
  readonly input: EndInput
  readonly checked: CheckedEnd
  result: EndResult
  readonly findings: Finding[]
  /** Commit that was integrated. */
  tip?: string
  /** The merge, once the base is on its way. */
  move?: Move
  /** Where git notes what was pushed. */
  tracking?: string
  /** Writes down what a recovery has to know, before it happens. */
  note(facts: Facts): Promise<void>
}
