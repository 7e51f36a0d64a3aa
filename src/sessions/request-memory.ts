import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '../files/replace-file.ts'
import { hasFields, isMapOf, isNumber, isText } from '../files/shape.ts'
import type { ForgeRequest } from '../integrate/forge/forge.ts'
import { type Context, commonDirOf } from './context.ts'
import type { RegisteredSession } from './load-sessions.ts'

/** A session whose work may have come into its base by a request. */
export interface RequestQuestion {
  readonly entry: RegisteredSession
  /** Commit the session is at. */
  readonly tip: string
}

const isMemory = isMapOf(hasFields({ number: isNumber, url: isText }))

/** Answers worth keeping. */
const largestMemory = 500

/** Keeps what the forge said: that a request was merged at exactly this commit stays true. */
export async function rememberRequests(
  context: Context,
  questions: readonly RequestQuestion[],
  found: ReadonlyMap<string, ForgeRequest>,
): Promise<void> {
  const memory = await recallRequests(context)
  for (const { entry, tip } of questions) {
    const request = found.get(entry.session.uuid)
    if (request !== undefined) memory.set(memoryKey(entry, tip), request)
  }
  const kept = [...memory].slice(-largestMemory)
  // what cannot be kept is asked again
  await replaceFile(fileOf(context), JSON.stringify(Object.fromEntries(kept))).catch(() => {})
}

/** What the forge answered before, by `memoryKey`: good enough to show, not to remove by. */
export async function recallRequests(context: Context): Promise<Map<string, ForgeRequest>> {
  const text = await readFile(fileOf(context), 'utf8').catch(() => '{}')
  try {
    const content: unknown = JSON.parse(text)
    return isMemory(content) ? new Map(Object.entries(content as Readonly<Record<string, ForgeRequest>>)) : new Map()
  } catch {
    return new Map()
  }
}

/** Of the session's next commit nothing is said. */
export function memoryKey({ session }: Pick<RegisteredSession, 'session'>, tip: string): string {
  return `${session.uuid}:${tip}`
}

function fileOf(context: Context): string {
  return join(commonDirOf(context), 'flightrules', 'cache', 'requests.json')
}
