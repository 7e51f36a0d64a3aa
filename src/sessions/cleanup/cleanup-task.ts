import type { Finding } from '../../errors.ts'
import type { Json, Step } from '../../operations/plan.ts'
import type { Context } from '../context.ts'
import type { SessionSet } from '../load-sessions.ts'

/** In the order they are settled: while a lock file of a killed git is there, nothing else goes. */
export const cleanupKinds = [
  'lock',
  'interrupted',
  'orphaned',
  'half-made',
  'merged',
  'nothing-to-lose',
  'stale',
  'branch',
] as const
export type CleanupKind = (typeof cleanupKinds)[number]

/** Something that is left over, why it is taken for that, and what can be done about it. */
export interface CleanupTask {
  /** What `--id` takes: a session, a branch, an operation, the path of a lock file. */
  readonly id: string
  readonly kind: CleanupKind
  readonly evidence: string
  /** What happens to it, or why nothing does. */
  readonly action: string
  /** `safe`: nothing can be lost, so nobody is asked. `ask`: only when somebody wants it. `leave`: not from here. */
  readonly verdict: 'safe' | 'ask' | 'leave'
  /** The steps, for `--dry-run`; changes nothing. */
  preview(): Promise<readonly Step[]>
  /**
   * Does it. Everything is looked at again first.
   * @param run names all that one cleanup does, for the history.
   * @throws FlightRulesError when it is not what it was any more; nothing was changed then.
   */
  carryOut(run: string): Promise<CleanedUp>
}

export interface CleanedUp {
  /** Name of what is kept of it, null when there is nothing to keep. */
  readonly trash: string | null
  readonly findings: readonly Finding[]
}

export interface CleanupInput {
  readonly context: Context
  readonly set: SessionSet
  /** What was found out, and settled, when the sessions were loaded. */
  readonly findings: readonly Finding[]
  /** Milliseconds without a sign of life after which a session is stale; null: as the project's configuration has it. */
  readonly staleAfter: number | null
  /** `asked`: bases are fetched first, and the forge is asked about requests. */
  readonly network: 'asked' | 'none'
  /** Told what could not be found out. */
  readonly note: (finding: Finding) => void
}

export type CleanupFinder = (input: CleanupInput) => Promise<readonly CleanupTask[]>

/** For what is only named. */
export const nothing: Pick<CleanupTask, 'preview' | 'carryOut'> = {
  preview: async () => [],
  carryOut: async () => ({ trash: null, findings: [] }),
}

/** What the history says beside the rest: the sessions of one cleanup are undone together. */
export function historyDetails(run: string): Readonly<Record<string, Json>> {
  return { batch: run }
}
