import type { Step } from '../operations/plan.ts'
import type { Facts } from './facts.ts'

/** The headings of the answer, in its order. */
export const checkGroups = {
  tools: 'Tools',
  repository: 'Repository',
  hooks: 'Git hooks',
  config: 'Configuration',
  sessions: 'Sessions',
  operations: 'Operations',
  disk: 'Disk and clock',
} as const
export type CheckGroup = keyof typeof checkGroups

/** `warn`: it works, but something is odd, weak or unknown. `fail`: something does not work. */
export type CheckStatus = 'ok' | 'warn' | 'fail'

/** A change that loses nothing and can be taken back. */
export interface Repair {
  /** What it would do, and the command that takes it back. */
  readonly step: Step
  /** Looks again, then does it. @returns what was done, the old value in it. */
  readonly apply: () => Promise<string>
}

/** What a check found out, with the evidence in the message. */
export interface Verdict {
  readonly status: CheckStatus
  readonly message: string
  /** A command to type, or what a person has to do. */
  readonly remedy?: string
  readonly repair?: Repair
}

export interface Check {
  readonly id: string
  readonly group: CheckGroup
  /** It looks at running processes, among which ours must not be: it is done before all others. */
  readonly alone?: true
  /** Changes nothing. What it throws makes it a warning: unknown is not ok. */
  readonly run: (facts: Facts) => Promise<Verdict | readonly Verdict[]>
}

export function ok(message: string): Verdict {
  return { status: 'ok', message }
}

export function warn(message: string, remedy?: string, repair?: Repair): Verdict {
  return withRemedy({ status: 'warn', message }, remedy, repair)
}

export function fail(message: string, remedy?: string, repair?: Repair): Verdict {
  return withRemedy({ status: 'fail', message }, remedy, repair)
}

function withRemedy(verdict: Verdict, remedy: string | undefined, repair: Repair | undefined): Verdict {
  return { ...verdict, ...(remedy === undefined ? {} : { remedy }), ...(repair === undefined ? {} : { repair }) }
}
