import { unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { readAtOnce } from '../files/read-at-once.ts'
import { replaceFile } from '../files/replace-file.ts'
import { hasFields, isFlag, isListOf, isMapOf, isNumber, isOneOf, isText, orAbsent, orNull } from '../files/shape.ts'
import { findContainedPath } from '../setup/contained-path.ts'
import { findNameProblem } from './name.ts'
import type { Session } from './session.ts'
import { isTouchGlob } from './touch.ts'

/** What becomes part of a path, a ref or an argument; from a file it could be anything. */
export const recordParts = {
  isId: (value: unknown): boolean => typeof value === 'string' && findNameProblem(value) === undefined,
  isUuid: (value: unknown): boolean => typeof value === 'string' && /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(value),
  isOid: (value: unknown): boolean => typeof value === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value),
  isInside: (value: unknown): boolean => typeof value === 'string' && findContainedPath(value) !== undefined,
} as const

type StoredRecord = Session & { readonly version: 1 }

const hasRecordFields = hasFields({
  version: isOneOf(1),
  uuid: recordParts.isUuid,
  id: recordParts.isId,
  branch: orNull(isText),
  startedAt: isText,
  sessionLog: orNull(recordParts.isInside),
  goals: isListOf(isText),
  touch: orAbsent(isListOf(isTouchGlob)),
  status: isOneOf('creating', 'active', 'ending', 'kept'),
  mode: isOneOf('parallel', 'standard'),
  base: isText,
  baseCommit: recordParts.isOid,
  ownsBranch: isFlag,
  lastSyncedAt: orNull(isText),
  syncedOnto: orAbsent(recordParts.isOid),
  ports: isMapOf(isNumber),
  envFiles: isListOf(hasFields({ path: recordParts.isInside, sha256: isText })),
  setup: orNull(
    hasFields({
      status: isOneOf('pending', 'running', 'ok', 'failed', 'interrupted', 'skipped', 'untrusted'),
      at: isText,
      log: orNull(isText),
    }),
  ),
  createdBy: isOneOf('cli', 'hook', 'agent'),
  issue: orNull(isNumber),
  pr: orNull(hasFields({ number: isNumber, url: isText })),
  foreign: orAbsent(hasFields({ request: isNumber, head: recordParts.isOid, from: isText })),
})

/** Whether a value is a record as stored; fields of newer versions may be there too. */
export function isRecord(value: unknown): value is StoredRecord {
  return hasRecordFields(value)
}

/** What a worktree's git directory says about its session. */
export type RecordState =
  | { readonly state: 'none' }
  | { readonly state: 'valid'; readonly session: Session }
  | { readonly state: 'unreadable'; readonly reason: string }

/** Where the record of the worktree with this git directory is; git moves and deletes it with the worktree. */
export function recordFile(gitDir: string): string {
  return join(gitDir, 'flightrules.json')
}

/** The record of a worktree. Anything that is not exactly a record is `unreadable`, never `none`. */
export async function loadRecord(gitDir: string): Promise<RecordState> {
  let text: string
  try {
    text = readAtOnce(recordFile(gitDir))
  } catch (error) {
    if (isAbsence(error)) return { state: 'none' }
    return { state: 'unreadable', reason: (error as Error).message }
  }
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    return { state: 'unreadable', reason: (error as Error).message }
  }
  if (!isRecord(content)) {
    const { explainRecord } = await import('./record-schema.ts')
    return { state: 'unreadable', reason: explainRecord(content) }
  }
  const { version: _version, ...session } = content
  return { state: 'valid', session }
}

/**
 * Stores a session in its worktree's git directory.
 * @throws the file system's error where that is gone: made anew it would be a worktree git cannot explain.
 */
export async function writeRecord(gitDir: string, session: Session): Promise<void> {
  await replaceFile(recordFile(gitDir), `${JSON.stringify({ version: 1, ...session }, null, 2)}\n`, { makeDirectory: false })
}

/**
 * Changes what is stored of a session, as it is now. Call it only under the lock.
 * @returns the session as stored, undefined where its record is not there any more or is that of another one.
 */
export async function changeRecord(
  gitDir: string,
  uuid: string,
  change: (current: Session) => Session,
): Promise<Session | undefined> {
  const record = await loadRecord(gitDir)
  if (record.state !== 'valid' || record.session.uuid !== uuid) return undefined
  const session = change(record.session)
  await writeRecord(gitDir, session)
  return session
}

function isAbsence(error: unknown): boolean {
  const code = (error as NodeJS.ErrnoException).code
  return code === 'ENOENT' || code === 'ENOTDIR'
}

/** Takes a record away; only for a session whose worktree stays, as the main one does. */
export async function removeRecord(gitDir: string): Promise<void> {
  await unlink(recordFile(gitDir)).catch((error: unknown) => {
    if (!isAbsence(error)) throw error
  })
}
