import { join } from 'node:path'
import type { Finding } from '../../errors.ts'
import { readRef, updateRefs } from '../../git/refs.ts'
import type { StepHandlers } from '../../operations/apply-plan.ts'
import { appendHistoryOnce } from '../../operations/history.ts'
import type { Facts, JournalEntry } from '../../operations/journal.ts'
import { type OperationKind, StrangeEntryError } from '../../operations/operation.ts'
import type { Json, Step } from '../../operations/plan.ts'
import { removeTrashItem, type TrashItem, trashTime, writeTrashItem } from '../../operations/trash/item.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { ManifestEntry } from '../manifest.ts'
import { findNameProblem } from '../name.ts'
import { refreshManifest } from '../save-session.ts'
import { toRememberedRecord } from './remembered-record.ts'
import { readRemovalFacts } from './removal-facts.ts'

/** An entry only the manifest has: what it says is somebody's text, so nothing of it becomes a path or a command. */
export interface EntryFacts {
  readonly id: string
  /** What a restore needs; null where nothing is left to restore. */
  readonly item: TrashItem | null
  readonly event: 'ended' | 'cleaned-up'
  readonly details: Readonly<Record<string, Json>>
}

export interface EntryWork {
  readonly context: Context
  readonly op: string
  readonly facts: EntryFacts
  readonly findings: Finding[]
}

const commitPoint = 'pin-branch'

/** What taking such an entry out of the manifest comes to. Its branch stays, and is pinned, so that a restore finds it whatever becomes of it. */
export async function decideEntry(
  context: Context,
  entry: ManifestEntry,
  { event, reason, details }: { event: EntryFacts['event']; reason: string; details: Readonly<Record<string, Json>> },
): Promise<EntryFacts> {
  const { id, branch } = entry
  const tip = branch === null ? null : await readRef(context.git, `refs/heads/${branch}`)
  const said = { branch, tip, reason, ...details }
  if (tip === null || findNameProblem(id) !== undefined) return { id, item: null, event, details: said }
  const now = context.now()
  const time = trashTime(now)
  const item: TrashItem = {
    version: 1,
    trash: `${id}-${time}`,
    id,
    at: now.toISOString(),
    reason,
    branch,
    head: tip,
    ref: `refs/flightrules/trash/${id}/${time}`,
    path: join(context.sessionsDir, '.trash', `${id}-${time}`),
    from: join(context.sessionsDir, id),
    gitDir: join(commonDirOf(context), 'worktrees', id),
    state: 'purged',
    keep: false,
    record: toRememberedRecord(entry, tip),
  }
  return { id, item, event, details: said }
}

export function planEntry({ id, item }: EntryFacts): Step[] {
  return [
    { kind: commitPoint, ref: item?.ref ?? null, commit: item?.head ?? null, undo: 'forget the ref' },
    { kind: 'write-trash-item', trash: item?.trash ?? null, undo: 'forget the entry' },
    { kind: 'drop-entry', id, undo: 'flightrules restores it, while its branch or the ref is there' },
    { kind: 'write-history', undo: 'nothing to take back' },
  ]
}

const handlers: StepHandlers<EntryWork> = {
  [commitPoint]: {
    async apply(_step, { context, facts: { item } }) {
      if (item === null) return
      await updateRefs(context.git, [{ ref: item.ref, new: item.head, old: null }], `flightrules: ${item.reason}`)
    },
  },
  'write-trash-item': {
    async apply(_step, { context, facts: { item } }) {
      if (item !== null) await writeTrashItem(commonDirOf(context), item)
    },
    async undo(_step, { context, facts: { item } }) {
      if (item !== null) await removeTrashItem(commonDirOf(context), item.trash)
    },
  },
  'drop-entry': {
    async apply(_step, { context, facts, findings }) {
      findings.push(...(await refreshManifest(context, new Set([facts.id]))))
    },
  },
  'write-history': {
    async apply(_step, { context, op, facts }) {
      const commonDir = commonDirOf(context)
      const { id, item, event, details } = facts
      const trash = item === null ? {} : { trash: item.trash, ref: item.ref }
      await appendHistoryOnce(commonDir, { at: context.now().toISOString(), event, id, uuid: '', op, ...details, ...trash })
    },
  },
}

/** Forgetting a session only the manifest remembers. */
export function entryOperation(context: Context): OperationKind<EntryWork> {
  return {
    kind: 'drop-entry',
    handlers,
    commitPoint,
    unlocked: new Set(),
    describe({ facts }, outcome) {
      const id = String(facts['id'])
      return outcome === 'finished'
        ? { message: `dropping the entry of session ${id} was interrupted and is finished now` }
        : { message: `dropping the entry of session ${id} was interrupted and taken back`, hint: 'flightrules status' }
    },
    async resume(entry) {
      return makeEntryWork(context, entry.op, readEntryFacts(commonDirOf(context), entry))
    },
    async isCommitted(_entry, { facts: { item } }) {
      return item === null || (await readRef(context.git, item.ref)) !== null
    },
  }
}

export function makeEntryWork(context: Context, op: string, facts: EntryFacts): EntryWork {
  return { context: { ...context, git: context.git.withoutSignal().with({ FLIGHTRULES_OP: op }) }, op, facts, findings: [] }
}

export function toEntryJson(facts: EntryFacts): Facts {
  return { ...facts, item: facts.item as unknown as Json, details: facts.details as unknown as Json }
}

function readEntryFacts(commonDir: string, entry: JournalEntry): EntryFacts {
  const { id, item, event, details } = entry.facts
  const isRight =
    typeof id === 'string' &&
    (event === 'ended' || event === 'cleaned-up') &&
    typeof details === 'object' &&
    details !== null &&
    !Array.isArray(details)
  if (!isRight) throw new StrangeEntryError('it does not say what is to be done')
  const said = details as Readonly<Record<string, Json>>
  if (item === null || item === undefined) return { id, item: null, event, details: said }
  const removal = { ...entry, facts: { item, uuid: '', lockedBefore: null, deleteBranch: false, event, details } }
  const found = readRemovalFacts(commonDir, removal)
  if (found.item.id !== id || found.item.state !== 'purged') throw new StrangeEntryError('it is about two sessions')
  return { id, item: found.item, event, details: said }
}
