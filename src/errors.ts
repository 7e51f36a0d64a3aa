/** What sort of end a command came to; each kind has exactly one exit status. */
export type ErrorKind = 'failed' | 'usage' | 'decision' | 'conflict' | 'busy' | 'untrusted' | 'interrupted' | 'terminated'

/** The exit statuses of the public contract, in one place. */
export const exitStatus: Readonly<Record<ErrorKind, number>> = {
  failed: 1,
  usage: 2,
  decision: 3,
  conflict: 4,
  busy: 5,
  untrusted: 6,
  interrupted: 130,
  terminated: 143,
}

/** One way out of a refusal: the flag that decides and what it does. */
export interface Choice {
  /** As typed, a value in angle brackets: `--commit <message>`. */
  readonly flag: string
  readonly label: string
  /** Only a person can know whether it is right: never what a bare Enter takes. */
  readonly risky?: true
}

/** Something worth knowing that did not stop the command. */
export interface Finding {
  /** Stable upper-case code; programs match on it. */
  readonly code: string
  readonly message: string
  readonly hint?: string
  readonly details?: Readonly<Record<string, unknown>>
}

export interface FlightRulesErrorFields {
  readonly kind: ErrorKind
  /** Stable upper-case code; programs match on it. */
  readonly code: string
  /** What happened and why, one or more sentences, naming the offending value. */
  readonly message: string
  /** The next command to type, or the remedy. */
  readonly hint?: string
  readonly choices?: readonly Choice[]
  readonly details?: Readonly<Record<string, unknown>>
  readonly cause?: unknown
}

/** Every refusal and failure a user can meet. Anything else that is thrown is a defect of ours. */
export class FlightRulesError extends Error {
  override readonly name = 'FlightRulesError'
  readonly kind: ErrorKind
  readonly code: string
  readonly hint: string | undefined
  readonly choices: readonly Choice[]
  readonly details: Readonly<Record<string, unknown>>

  constructor(fields: FlightRulesErrorFields) {
    super(fields.message, fields.cause === undefined ? undefined : { cause: fields.cause })
    this.kind = fields.kind
    this.code = fields.code
    this.hint = fields.hint
    this.choices = fields.choices ?? []
    this.details = fields.details ?? {}
  }

  get exitStatus(): number {
    return exitStatus[this.kind]
  }
}
