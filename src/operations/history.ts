import { appendFile, mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { reachFailpoint } from '../files/failpoint.ts'

/** One thing that happened to a session, for `history` and for finding out later what was done. */
export interface HistoryEntry {
  readonly at: string
  readonly event: 'started' | 'registered' | 'ended' | 'cleaned-up'
  readonly id: string
  readonly uuid: string
  readonly [detail: string]: unknown
}

/** Appends one line; a line is written in one call, so that two writers never mix. */
export async function appendHistory(commonDir: string, entry: HistoryEntry): Promise<void> {
  const file = join(commonDir, 'flightrules', 'history.jsonl')
  await mkdir(dirname(file), { recursive: true })
  reachFailpoint('append:history')
  await appendFile(file, `${JSON.stringify(entry)}\n`)
}
