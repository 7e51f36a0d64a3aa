import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '../../files/replace-file.ts'

/** One file `init` wrote, so that `init --remove` can put back what was there. */
export interface WrittenFile {
  /** Relative to the main worktree, with slashes; absolute where it is elsewhere. */
  readonly path: string
  /** Of what we wrote, hex. */
  readonly sha256: string
  /** The bytes that were there, base64; null when the file is ours alone. */
  readonly before: string | null
  readonly modeBefore: number | null
}

/** A file `init` moved aside. */
export interface MovedFile {
  readonly from: string
  readonly to: string
}

export interface InitRecord {
  readonly version: 1
  readonly files: readonly WrittenFile[]
  readonly moved: readonly MovedFile[]
  /** Directories that were not there, outermost first. */
  readonly directories: readonly string[]
  /** The repository's own `core.hooksPath` before and after; undefined when `init` had nothing to do with it. */
  readonly hooksPath?: { readonly before: string | null; readonly after: string | null }
}

export const emptyInitRecord: InitRecord = { version: 1, files: [], moved: [], directories: [] }

export function initRecordFile(commonDir: string): string {
  return join(commonDir, 'flightrules', 'init.json')
}

/** What `init` did in this copy of the repository; undefined when it did nothing or its record cannot be read. */
export async function loadInitRecord(commonDir: string): Promise<InitRecord | undefined> {
  const text = await readFile(initRecordFile(commonDir), 'utf8').catch(() => '')
  try {
    const value: unknown = JSON.parse(text)
    return isInitRecord(value) ? value : undefined
  } catch {
    return undefined
  }
}

export async function saveInitRecord(commonDir: string, record: InitRecord): Promise<void> {
  await replaceFile(initRecordFile(commonDir), `${JSON.stringify(record, null, 2)}\n`, { mode: 0o600 })
}

export function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}

function isInitRecord(value: unknown): value is InitRecord {
  if (typeof value !== 'object' || value === null) return false
  const { version, files, moved, directories } = value as Record<string, unknown>
  return version === 1 && Array.isArray(files) && Array.isArray(moved) && Array.isArray(directories)
}
