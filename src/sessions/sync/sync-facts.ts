import { isAbsolute } from 'node:path'
import type { SyncMethod } from '../../config/types.ts'
import { hasFields, isOneOf, isText, orAbsent, orNull } from '../../files/shape.ts'
import type { Facts } from '../../operations/journal.ts'
import { StrangeEntryError } from '../../operations/operation.ts'
import { findNameProblem } from '../name.ts'

/** A session on its way onto its base: everything that is needed to bring it there, or back. All of it is made before anything moves. */
export interface SyncFacts {
  readonly id: string
  readonly uuid: string
  /** The worktree, absolute. */
  readonly path: string
  /** Full name. */
  readonly ref: string
  /** Name of the base branch, and of what the session is brought onto: `main`, `origin/main`. */
  readonly base: string
  readonly onto: string
  readonly ontoOid: string
  readonly method: SyncMethod
  /** Where the branch was, and where it is to be. */
  readonly head: string
  readonly to: string
  /** Commits of the files and of the index, as they were and as they are to be. */
  readonly files: string
  readonly index: string
  readonly newFiles: string
  readonly newIndex: string
  /** ISO time. */
  readonly since: string
  /** The `end` it is a part of. */
  readonly end?: string
  /** The sync that this one takes back, and when the session had been synced before that. */
  readonly undoes?: { readonly op: string; readonly lastSyncedAt: string | null }
}

const isOid = (value: unknown): boolean => typeof value === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value)

const isSyncFacts = hasFields({
  id: (value) => typeof value === 'string' && findNameProblem(value) === undefined,
  uuid: isText,
  path: (value) => typeof value === 'string' && isAbsolute(value),
  ref: (value) => typeof value === 'string' && /^refs\/heads\/(?!.*\.\.)[^\0-\x20~^:?*[\\]+$/.test(value),
  base: isText,
  onto: isText,
  ontoOid: isOid,
  method: isOneOf('rebase', 'merge'),
  head: isOid,
  to: isOid,
  files: isOid,
  index: isOid,
  newFiles: isOid,
  newIndex: isOid,
  since: isText,
  end: orAbsent(isText),
  undoes: orAbsent(hasFields({ op: isText, lastSyncedAt: orNull(isText) })),
})

/** @throws StrangeEntryError for anything a sync of ours would not have written. */
export function readSyncFacts(facts: Facts): SyncFacts {
  if (!isSyncFacts(facts)) throw new StrangeEntryError('it does not say which session was to be synced, or to what')
  return facts as unknown as SyncFacts
}

/** What is under way, in the words of messages. */
export function nameSync({ id, onto, undoes }: Pick<SyncFacts, 'id' | 'onto' | 'undoes'>): string {
  return undoes === undefined ? `the sync of session ${id} with ${onto}` : `the undo of the sync of session ${id}`
}

/** Where what a sync needs is kept while it is under way. */
export function syncRefs(id: string, op: string): { readonly before: string; readonly after: string } {
  const prefix = `refs/flightrules/sync/${id}/${op.slice(0, 8)}`
  return { before: `${prefix}/before`, after: `${prefix}/after` }
}
