import { type Finding, FlightRulesError } from '../errors.ts'
import { GitError } from '../git/git-error.ts'
import { applySteps, type Progress, type StepHandlers } from './apply-plan.ts'
import { closeJournal, type Facts, type JournalEntry, writeJournal } from './journal.ts'
import type { Step } from './plan.ts'
import { readOwnIdentity } from './process-identity.ts'

/** How one kind of operation is carried out, and what becomes of it when its process dies. */
export interface OperationKind<W> {
  readonly kind: string
  readonly handlers: StepHandlers<W>
  /** Kind of the step that decides: before it an interrupted operation is undone, after it finished. */
  readonly commitPoint: string
  /** Kinds of steps that run without the repository's lock, after all others. */
  readonly unlocked: ReadonlySet<string>
  /**
   * Rebuilds what the steps work on from the journal alone.
   * @throws StrangeEntryError when the entry asks for what this operation never does; it is then quarantined, not executed.
   */
  resume(entry: JournalEntry): Promise<W>
  /** For people, once it was recovered: `session a was taken back`, and the command that goes on. */
  describe(entry: JournalEntry, outcome: 'finished' | 'undone'): Pick<Finding, 'message' | 'hint'>
  /** What finishing it brought to light. */
  findings?(work: W): readonly Finding[]
  /** Whether the commit point was passed, as the world tells. */
  isCommitted(entry: JournalEntry, work: W): Promise<boolean>
}

/** A journal entry that no operation of ours would have written. */
export class StrangeEntryError extends Error {}

/** What a new operation consists of. */
export interface OperationInput<W> {
  readonly op: string
  readonly steps: readonly Step[]
  /** What `resume` needs beside the steps. */
  readonly facts: Facts
  readonly work: W
}

/** An operation under way: its journal entry is on disk until it ends. */
export interface Operation {
  /**
   * Carries out steps of the journaled plan. What fails before the commit point is taken back and the operation is over; what fails
   * after it is finished by the next command.
   * @throws what a step threw; FlightRulesError UNDO_FAILED when not everything could be taken back.
   */
  apply(steps: readonly Step[]): Promise<void>
  /** Adds to what a recovery will know, before what it is about happens. */
  note(facts: Facts): Promise<void>
  /** Closes the journal. */
  end(): Promise<void>
}

/** Writes the journal entry of an operation; nothing else has happened yet when this returns. */
export async function beginOperation<W>(
  commonDir: string,
  kind: Pick<OperationKind<W>, 'kind' | 'handlers' | 'commitPoint'>,
  { op, steps, facts, work }: OperationInput<W>,
): Promise<Operation> {
  const owner = await readOwnIdentity()
  let entry: JournalEntry = { version: 1, op, kind: kind.kind, at: new Date().toISOString(), owner, steps, facts }
  await writeJournal(commonDir, entry)
  const progress: Progress = { begun: [], committed: false }
  return {
    async apply(some) {
      try {
        await applySteps(some, kind.handlers, work, kind.commitPoint, progress)
      } catch (error) {
        if (!progress.committed && !isUndoFailure(error) && !wasGitKilled(error)) await closeJournal(commonDir, op)
        throw error
      }
    },
    async note(more) {
      entry = { ...entry, facts: { ...entry.facts, ...more } }
      await writeJournal(commonDir, entry)
    },
    end: () => closeJournal(commonDir, op),
  }
}

/** Carries out an operation whose steps all need the lock, which the caller holds. */
export async function runOperation<W>(
  commonDir: string,
  kind: Pick<OperationKind<W>, 'kind' | 'handlers' | 'commitPoint'>,
  input: OperationInput<W>,
): Promise<void> {
  const operation = await beginOperation(commonDir, kind, input)
  await operation.apply(input.steps)
  await operation.end()
}

/** Then it may have left lock files, which only the next command can tell from those of a living git. */
function wasGitKilled(error: unknown): boolean {
  return error instanceof GitError && error.status > 129
}

function isUndoFailure(error: unknown): boolean {
  return error instanceof FlightRulesError && error.code === 'UNDO_FAILED'
}
