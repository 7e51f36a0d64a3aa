import { mkdir, open, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { reachFailpoint } from '../files/failpoint.ts'

/** One thing that happened to a session, for `history` and for finding out later what was done. */
export interface HistoryEntry {
  readonly at: string
  readonly event:
    | 'started'
    | 'registered'
    | 'ended'
    | 'cleaned-up'
    | 'restored'
    | 'undone'
    | 'recovered'
    | 'purged'
    | 'synced'
    | 'mended'
  readonly id: string
  readonly uuid: string
  /** The operation that did it; several lines of one operation belong together. */
  readonly op?: string
  readonly [detail: string]: unknown
}

/** Appends one line; a line is written in one call, so that two writers never mix. */
export async function appendHistory(commonDir: string, entry: HistoryEntry): Promise<void> {
  const file = historyFile(commonDir)
  await mkdir(dirname(file), { recursive: true })
  reachFailpoint('append:history')
  const handle = await open(file, 'a+')
  try {
    const { size } = await handle.stat()
    const last = size === 0 ? '\n' : (await handle.read(Buffer.alloc(1), 0, 1, size - 1)).buffer.toString()
    // a line that a full disk tore ends where the next begins
    await handle.appendFile(`${last === '\n' ? '' : '\n'}${JSON.stringify(entry)}\n`)
  } finally {
    await handle.close()
  }
}

/** Every line that can be read, oldest first; torn ones are left out. */
export async function loadHistory(commonDir: string): Promise<HistoryEntry[]> {
  const text = await readFile(historyFile(commonDir), 'utf8').catch(() => '')
  return text.split('\n').flatMap((line) => {
    try {
      const entry: unknown = JSON.parse(line)
      return typeof entry === 'object' && entry !== null && 'event' in entry && 'id' in entry ? [entry as HistoryEntry] : []
    } catch {
      return []
    }
  })
}

/** As `appendHistory`, for a step: one that is applied again after a kill tells nothing twice. */
export async function appendHistoryOnce(commonDir: string, entry: HistoryEntry & { readonly op: string }): Promise<void> {
  const told = await loadHistory(commonDir)
  if (!told.some(({ op, event }) => op === entry.op && event === entry.event)) await appendHistory(commonDir, entry)
}

function historyFile(commonDir: string): string {
  return join(commonDir, 'flightrules', 'history.jsonl')
}
