import { randomUUID } from 'node:crypto'
import type { Git } from '../../git/git.ts'
import { readRef, updateRefs } from '../../git/refs.ts'
import type { StepHandlers } from '../../operations/apply-plan.ts'
import { type OperationKind, runOperation, StrangeEntryError } from '../../operations/operation.ts'
import type { Step } from '../../operations/plan.ts'
import { loadTrashItem, type TrashItem, writeTrashItem } from '../../operations/trash/item.ts'
import { type Context, commonDirOf } from '../context.ts'

interface PurgeWork {
  readonly git: Git
  readonly commonDir: string
  readonly trash: string
  readonly ref: string
  readonly before: string | null
  readonly commit: string
  /** As it is going to be noted; absent where a dead process is recovered, which never goes on from before that. */
  readonly item?: TrashItem
  /** Throws when the snapshot is not whole, or not what the folder holds. */
  readonly isAsStored?: () => Promise<void>
}

/** From here on only the snapshot counts. */
const commitPoint = 'mark-purging'

const handlers: StepHandlers<PurgeWork> = {
  'store-snapshot': {
    async apply(_step, { git, ref, before, commit, isAsStored }) {
      await updateRefs(git, [{ ref, new: commit, old: before }], 'flightrules: complete snapshot')
      await isAsStored?.()
    },
    async undo(_step, { git, ref, before, commit }) {
      const present = await readRef(git, ref)
      // also where nothing moved: a lock that a killed git left on the ref shows here, and is then not forgotten
      if (present === commit || present === before)
        await updateRefs(git, [{ ref, new: before, old: present }], 'flightrules: purge taken back')
    },
  },
  [commitPoint]: {
    async apply(_step, { commonDir, item }) {
      if (item !== undefined) await writeTrashItem(commonDir, item)
    },
  },
}

/** Storing what a trashed folder holds and noting that it may go; deleting it can be done again at any time and needs no journal. */
export function purgeOperation(context: Context): OperationKind<PurgeWork> {
  return {
    kind: 'purge',
    handlers,
    commitPoint,
    unlocked: new Set(),
    describe({ facts }, outcome) {
      const trash = String(facts['trash'])
      return outcome === 'finished'
        ? { message: `the folder of ${trash} was being deleted; the next purge goes on`, hint: 'flightrules trash --purge' }
        : { message: `the interrupted purge of ${trash} was taken back; its folder is in the trash` }
    },
    async resume({ facts, op }) {
      const { trash, ref, before, commit } = facts
      const isRight =
        typeof trash === 'string' &&
        typeof ref === 'string' &&
        /^refs\/flightrules\/trash\/[^/\s]+\/[0-9tz]+$/.test(ref) &&
        (before === null || isOid(before)) &&
        isOid(commit)
      if (!isRight) throw new StrangeEntryError('it names no entry of the trash')
      const git = context.git.withoutSignal().with({ FLIGHTRULES_OP: op })
      return { git, commonDir: commonDirOf(context), trash, ref, before: before as string | null, commit: commit as string }
    },
    async isCommitted(_entry, { commonDir, trash }) {
      const item = await loadTrashItem(commonDir, trash)
      return item === undefined || (item.state ?? 'whole') !== 'whole'
    },
  }
}

/** Call it under the lock. */
export async function storeAndMark(
  context: Context,
  input: { item: TrashItem; before: string | null; commit: string; isAsStored: () => Promise<void> },
): Promise<void> {
  const { item, before, commit } = input
  const { id, trash, ref } = item
  const op = randomUUID()
  const commonDir = commonDirOf(context)
  const git = context.git.withoutSignal().with({ FLIGHTRULES_OP: op })
  const steps: Step[] = [
    {
      kind: 'store-snapshot',
      ref,
      to: commit,
      undo: before === null ? `git update-ref -d ${ref}` : `git update-ref ${ref} ${before}`,
    },
    { kind: commitPoint, trash, undo: `flightrules restore --trash ${trash}` },
  ]
  const work = { ...input, git, commonDir, trash, ref }
  await runOperation(commonDir, purgeOperation(context), { op, steps, facts: { id, uuid: '', trash, ref, before, commit }, work })
}

function isOid(value: unknown): boolean {
  return typeof value === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value)
}
