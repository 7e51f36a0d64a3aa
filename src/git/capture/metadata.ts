import { isNumber, isText, orNull } from '../../files/shape.ts'
import { type BytePath, parsePath, storePath } from './byte-path.ts'
import type { ObjectFormat } from './raw-object.ts'
import type { Uncaptured } from './walk-tree.ts'

export interface CapturedEntry {
  readonly path: BytePath
  readonly type: 'file' | 'link' | 'directory'
  readonly mode: number
  /** Object with the bytes, or with the target of a link; null for a folder. */
  readonly oid: string | null
}

/** Everything a capture says about what it holds: enough to make it again. */
export interface CaptureMetadata {
  readonly format: ObjectFormat
  /** The worktree, but for its `.git`. */
  readonly worktree: readonly CapturedEntry[]
  /** What was in its git directory. */
  readonly admin: readonly CapturedEntry[]
  readonly uncaptured: readonly Uncaptured[]
  /** Left out on purpose. */
  readonly excepted: readonly BytePath[]
  /** Annotated tags something in the git directory names, with the blob that holds each one's text. */
  readonly tags: readonly { readonly oid: string; readonly blob: string }[]
}

const kind = 'flightrules capture'

export function writeMetadata(metadata: CaptureMetadata): string {
  const { worktree, admin, excepted, ...rest } = metadata
  const content = {
    kind,
    version: 1,
    ...rest,
    excepted: excepted.map(storePath),
    worktree: worktree.map(storeEntry),
    admin: admin.map(storeEntry),
  }
  return `${JSON.stringify(content)}\n`
}

function storeEntry({ path, type, mode, oid }: CapturedEntry): readonly unknown[] {
  return [storePath(path), type, mode, oid]
}

/** The metadata, undefined when the text is not exactly that: a ref may have come from anywhere. */
export function parseMetadata(text: string): CaptureMetadata | undefined {
  const content = parseObject(text)
  if (content === undefined || content['kind'] !== kind || content['version'] !== 1) return undefined
  const format = content['format']
  if (format !== 'sha1' && format !== 'sha256') return undefined
  const length = format === 'sha1' ? 40 : 64
  const worktree = parseEntries(content['worktree'], length)
  const admin = parseEntries(content['admin'], length)
  const excepted = listOf(content['excepted'], parsePath)
  const tags = listOf(content['tags'], (tag) => parseTag(tag, length))
  const uncaptured = listOf(content['uncaptured'], parseUncaptured)
  if (worktree === undefined || admin === undefined || excepted === undefined || tags === undefined) return undefined
  if (uncaptured === undefined || worktree.some(({ path }) => /(?:^|\/)\.git(?:\/|$)/i.test(path))) return undefined
  return { format, worktree, admin, excepted, tags, uncaptured }
}

/** Each once, and nothing below what is not a folder: it would be written through a link. */
function parseEntries(stored: unknown, length: number): CapturedEntry[] | undefined {
  const entries = listOf(stored, (entry) => parseEntry(entry, length))
  const types = new Map(entries?.map(({ path, type }) => [path, type]))
  if (types.size !== entries?.length) return undefined
  const isPlaced = ({ path }: CapturedEntry): boolean =>
    !path.includes('/') || types.get(path.slice(0, path.lastIndexOf('/'))) === 'directory'
  return entries.every(isPlaced) ? entries : undefined
}

function parseEntry(stored: unknown, length: number): CapturedEntry | undefined {
  if (!Array.isArray(stored)) return undefined
  const [storedPath, type, mode, oid] = stored as unknown[]
  const path = parsePath(storedPath)
  if (path === undefined || !isNumber(mode) || !orNull(isText)(oid)) return undefined
  if (type !== 'file' && type !== 'link' && type !== 'directory') return undefined
  if (!Number.isInteger(mode) || (mode as number) < 0 || (mode as number) > 0o7777) return undefined
  if (type === 'directory' ? oid !== null : !isOid(oid, length)) return undefined
  return { path, type, mode: mode as number, oid: oid as string | null }
}

function parseTag(stored: unknown, length: number): { oid: string; blob: string } | undefined {
  if (typeof stored !== 'object' || stored === null || !('oid' in stored) || !('blob' in stored)) return undefined
  const { oid, blob } = stored
  return isOid(oid, length) && isOid(blob, length) ? { oid, blob } : undefined
}

function parseUncaptured(stored: unknown): Uncaptured | undefined {
  if (typeof stored !== 'object' || stored === null || !('path' in stored) || !('why' in stored)) return undefined
  return isText(stored.path) && isText(stored.why) ? (stored as Uncaptured) : undefined
}

function isOid(value: unknown, length: number): value is string {
  return typeof value === 'string' && value.length === length && /^[0-9a-f]+$/.test(value)
}

function listOf<T>(stored: unknown, parse: (value: unknown) => T | undefined): T[] | undefined {
  if (!Array.isArray(stored)) return undefined
  const parsed = stored.map(parse)
  return parsed.every((value) => value !== undefined) ? (parsed as T[]) : undefined
}

function parseObject(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const content: unknown = JSON.parse(text)
    return typeof content === 'object' && content !== null ? (content as Readonly<Record<string, unknown>>) : undefined
  } catch {
    return undefined
  }
}
