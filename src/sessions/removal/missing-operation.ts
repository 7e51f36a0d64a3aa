import type { StepHandlers } from '../../operations/apply-plan.ts'
import type { OperationKind } from '../../operations/operation.ts'
import type { Step } from '../../operations/plan.ts'
import { readRef, updateRefs } from '../../git/refs.ts'
import { discardDropped } from '../../operations/trash/delete.ts'
import { dropMissing } from '../../operations/trash/drop-missing.ts'
import { putAwayHandlers } from '../../operations/trash/put-away.ts'
import { type Context, commonDirOf } from '../context.ts'
import { loadRecord } from '../record.ts'
import { snapshotMissing } from './snapshot-missing.ts'
import { leavingHandlers, planLeaving, type RemovalWork } from './leaving-steps.ts'
import { readRemovalFacts, type RemovalFacts } from './removal-facts.ts'
import { makeRemovalWork } from './removal-operation.ts'

const commitPoint = 'drop-worktree'

/** The steps by which a session goes whose folder is gone already: what git still has of it is stored first. */
export function planMissing(facts: RemovalFacts): Step[] {
  const { item } = facts
  return [
    { kind: 'snapshot-index', ref: item.ref, undo: `git update-ref -d ${item.ref}` },
    { kind: 'write-trash-item', trash: item.trash, undo: 'forget the entry' },
    { kind: commitPoint, path: item.from, undo: `flightrules restores it from ${item.ref}` },
    { kind: 'discard-dropped', undo: 'nothing to take back' },
    ...planLeaving(facts),
  ]
}

const handlers: StepHandlers<RemovalWork> = {
  'snapshot-index': {
    async apply(_step, work) {
      const { git, item } = work
      const commit = await snapshotMissing(git, item)
      if (commit === null) return
      await updateRefs(git, [{ ref: item.ref, new: commit, old: null }], `flightrules: ${item.reason}`).catch(
        (error: unknown) => {
          work.isRefTaken = true
          throw error
        },
      )
    },
    async undo(_step, { git, item, isRefTaken }) {
      if (isRefTaken === true) return
      const commit = await readRef(git, item.ref)
      if (commit !== null) await updateRefs(git, [{ ref: item.ref, new: null, old: commit }], 'flightrules: taken back')
    },
  },
  'write-trash-item': putAwayHandlers['write-trash-item'] ?? { async apply() {} },
  [commitPoint]: {
    apply: (_step, { commonDir, op, item }) => dropMissing(commonDir, op, { worktree: item.from, gitDir: item.gitDir }),
  },
  'discard-dropped': { apply: (_step, { commonDir, op }) => discardDropped(commonDir, op) },
  ...leavingHandlers,
}

/** Letting go of a session whose folder is gone; interrupted before git forgot it, it is as it was, after that it is finished. */
export function missingOperation(context: Context): OperationKind<RemovalWork> {
  return {
    kind: 'remove-missing',
    handlers,
    commitPoint,
    unlocked: new Set(),
    describe({ facts }, outcome) {
      const id = (facts['item'] as { id?: string } | undefined)?.id ?? 'a session'
      return outcome === 'finished'
        ? { message: `letting go of session ${id}, whose folder is gone, was interrupted and is finished now` }
        : {
            message: `letting go of session ${id}, whose folder is gone, was interrupted and taken back`,
            hint: 'flightrules status',
          }
    },
    async resume(entry) {
      return makeRemovalWork(context, entry.op, readRemovalFacts(commonDirOf(context), entry))
    },
    async isCommitted(_entry, { item, facts }) {
      // git gives the names of its directories to others; the record tells whose this is
      const record = await loadRecord(item.gitDir)
      return record.state === 'none' || (record.state === 'valid' && record.session.uuid !== facts.uuid)
    },
  }
}
