import { applySteps, undoSteps } from '../../operations/apply-plan.ts'
import type { Finding } from '../../errors.ts'
import type { JournalEntry } from '../../operations/journal.ts'
import { type OperationKind, StrangeEntryError } from '../../operations/operation.ts'

export interface Recovered extends Pick<Finding, 'message' | 'hint'> {
  readonly outcome: 'finished' | 'undone'
  /** What is left to be done without the lock. */
  finish(): Promise<void>
  /** What there is to say of it, once it is finished. */
  findings?(): readonly Finding[]
}

/** How one kind of operation is recovered, whatever its steps work on. */
export interface Recovery {
  readonly kind: string
  /** Call it under the lock. */
  recover(entry: JournalEntry): Promise<Recovered>
}

/** Undoes what did not reach its commit point, finishes what did. Steps may have been done, half done or not at all. */
export function recoveryOf<W>(kind: OperationKind<W>): Recovery {
  return {
    kind: kind.kind,
    async recover(entry) {
      const stranger = entry.steps.find((step) => kind.handlers[step.kind] === undefined)
      if (stranger !== undefined) throw new StrangeEntryError(`${kind.kind} has no step ${JSON.stringify(stranger.kind)}`)
      const work = await kind.resume(entry)
      const findings = (): readonly Finding[] => kind.findings?.(work) ?? []
      const applyAgain = async (isUnlocked: boolean): Promise<void> => {
        const from = entry.steps.findIndex((step) => step.kind === kind.commitPoint) + 1
        const steps = entry.steps.filter((step, index) => index >= from && kind.unlocked.has(step.kind) === isUnlocked)
        await applySteps(steps, kind.handlers, work, kind.commitPoint, { begun: [], committed: true })
      }
      if (await kind.isCommitted(entry, work)) {
        await applyAgain(false)
        return { outcome: 'finished', ...kind.describe(entry, 'finished'), finish: () => applyAgain(true), findings }
      }
      const cause = new Error(`${kind.kind} was interrupted`)
      const thrown = await undoSteps(entry.steps, kind.handlers, work, cause)
      if (thrown !== cause) throw thrown
      return { outcome: 'undone', ...kind.describe(entry, 'undone'), finish: async () => {}, findings }
    },
  }
}
