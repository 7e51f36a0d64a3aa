import { readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { replaceFile } from '../files/replace-file.ts'
import type { Session } from './session.ts'

const setupSchema = z.object({
  status: z.enum(['pending', 'running', 'ok', 'failed', 'skipped', 'untrusted']),
  at: z.string(),
  log: z.nullable(z.string()),
})

/** A record as stored; fields of newer versions are kept. */
const recordSchema = z.looseObject({
  version: z.literal(1),
  uuid: z.string(),
  id: z.string(),
  branch: z.nullable(z.string()),
  startedAt: z.string(),
  sessionLog: z.nullable(z.string()),
  goals: z.array(z.string()),
  status: z.enum(['creating', 'active', 'ending', 'kept']),
  mode: z.enum(['parallel', 'standard']),
  base: z.string(),
  baseCommit: z.string(),
  ownsBranch: z.boolean(),
  lastSyncedAt: z.nullable(z.string()),
  ports: z.record(z.string(), z.number()),
  envFiles: z.array(z.object({ path: z.string(), sha256: z.string() })),
  setup: z.nullable(setupSchema),
  createdBy: z.enum(['cli', 'hook', 'agent']),
  issue: z.nullable(z.number()),
  pr: z.nullable(z.object({ number: z.number(), url: z.string() })),
})

/** What a worktree's git directory says about its session. */
export type RecordState = { readonly state: 'none' } | { readonly state: 'valid'; readonly session: Session } | { readonly state: 'unreadable'; readonly reason: string }

/** Where the record of the worktree with this git directory is; git moves and deletes it with the worktree. */
export function recordFile(gitDir: string): string {
  return join(gitDir, 'flightrules.json')
}

/** The record of a worktree. Anything that is not exactly a record is `unreadable`, never `none`. */
export async function loadRecord(gitDir: string): Promise<RecordState> {
  let text: string
  try {
    text = await readFile(recordFile(gitDir), 'utf8')
  } catch (error) {
    if (isAbsence(error)) return { state: 'none' }
    return { state: 'unreadable', reason: (error as Error).message }
  }
  try {
    const { version: _version, ...session } = z.parse(recordSchema, JSON.parse(text))
    return { state: 'valid', session }
  } catch (error) {
    return { state: 'unreadable', reason: (error as Error).message }
  }
}

/** Stores a session in its worktree's git directory. */
export async function writeRecord(gitDir: string, session: Session): Promise<void> {
  await replaceFile(recordFile(gitDir), `${JSON.stringify({ version: 1, ...session }, null, 2)}\n`)
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
