import type { Choice, Finding } from '../errors.ts'

/** Plain data: a plan can be printed, stored in the journal and read back by another process. */
export type Json = string | number | boolean | null | readonly Json[] | { readonly [key: string]: Json }

/** One change to the world. `kind` names its handler, `undo` says for people what takes it back. */
export interface Step {
  readonly kind: string
  readonly undo: string
  readonly [parameter: string]: Json
}

/** What a command is going to do, complete before the first change. */
export interface Plan {
  readonly version: 1
  readonly command: string
  readonly steps: readonly Step[]
  readonly choices: readonly Choice[]
  readonly findings: readonly Finding[]
}
