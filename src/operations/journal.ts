import { mkdir, readdir, readFile, rename, unlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { reachFailpoint } from '../files/failpoint.ts'
import { replaceFile } from '../files/replace-file.ts'
import { hasFields, isListOf, isNumber, isOneOf, isText, orNull } from '../files/shape.ts'
import type { Json, Step } from './plan.ts'
import { probeLiveness, type ProcessIdentity } from './process-identity.ts'

/** What is needed to finish or undo an operation whose process died: plain data, written before its first effect. */
export interface JournalEntry {
  readonly version: 1
  /** Also the value of FLIGHTRULES_OP in the environment of every process the operation starts. */
  readonly op: string
  /** Names the operation kind that knows the steps. */
  readonly kind: string
  readonly at: string
  readonly owner: ProcessIdentity
  readonly steps: readonly Step[]
  readonly facts: Facts
}

export type Facts = { readonly [key: string]: Json }

export interface Journal {
  readonly entries: readonly JournalEntry[]
  /** Files that are no entries of ours, with the reason. */
  readonly strange: readonly { readonly file: string; readonly reason: string }[]
}

const isEntry = hasFields({
  version: isOneOf(1),
  op: isText,
  kind: isText,
  at: isText,
  owner: hasFields({
    pid: isNumber,
    startTime: orNull(isText),
    bootId: orNull(isText),
    pidNamespace: orNull(isText),
    host: isText,
  }),
  steps: isListOf(hasFields({ kind: isText, undo: isText })),
  facts: isObject,
})

const opPattern = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** Writes an entry so that it survives a power cut, before anything it is about happens. */
export async function writeJournal(commonDir: string, entry: JournalEntry): Promise<void> {
  await replaceFile(entryFile(commonDir, entry.op), `${JSON.stringify(entry)}\n`, { mode: 0o600 })
}

/** The operation is at its end, either way. */
export async function closeJournal(commonDir: string, op: string): Promise<void> {
  reachFailpoint('unlink:journal')
  await unlink(entryFile(commonDir, op)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}

/** Every entry, oldest first. One directory read where there is none. */
export async function loadJournal(commonDir: string): Promise<Journal> {
  const directory = journalDirectory(commonDir)
  const names = (await readdir(directory).catch(() => [])).filter((name) => name.endsWith('.json') && !name.startsWith('.'))
  const entries: JournalEntry[] = []
  const strange: { file: string; reason: string }[] = []
  for (const name of names) {
    const file = join(directory, name)
    const read = await readEntry(file)
    if (typeof read === 'object') entries.push(read)
    else if (read !== 'gone') strange.push({ file, reason: read })
  }
  return { entries: entries.toSorted((a, b) => a.at.localeCompare(b.at)), strange }
}

/**
 * Sets a file aside that is not an entry of ours, or one that asks for what no operation of ours does. It is never executed.
 * @returns where it is now.
 */
export async function quarantine(commonDir: string, file: string): Promise<string> {
  const aside = join(journalDirectory(commonDir), 'quarantine')
  await mkdir(aside, { recursive: true, mode: 0o700 })
  const target = join(aside, `${basename(file)}.${Date.now()}`)
  await rename(file, target)
  return target
}

/** Operations of processes nobody can look at from here. */
export async function listOutOfSight(commonDir: string, own: ProcessIdentity): Promise<JournalEntry[]> {
  const { entries } = await loadJournal(commonDir)
  const liveness = await Promise.all(entries.map((entry) => probeLiveness(entry.owner, own)))
  return entries.filter((_, index) => liveness[index] === 'unknown')
}

export function entryFile(commonDir: string, op: string): string {
  return join(journalDirectory(commonDir), `${op}.json`)
}

function journalDirectory(commonDir: string): string {
  return join(commonDir, 'flightrules', 'journal')
}

/** The entry, why it is none, or `gone` when its operation came to its end meanwhile. */
async function readEntry(file: string): Promise<JournalEntry | string> {
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (!isEntry(content)) return 'it does not have the shape of an entry'
    const entry = content as JournalEntry
    if (!opPattern.test(entry.op) || basename(file, '.json') !== entry.op) return 'its name is not that of its operation'
    return entry
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'gone' : (error as Error).message
  }
}

function isObject(value: unknown): boolean {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
