import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod/mini'
import { FlightRulesError } from '../errors.ts'
import { manifestSchema } from './manifest.ts'

export type StoredManifest = z.infer<typeof manifestSchema>

export type ManifestState =
  | { readonly state: 'none' }
  | { readonly state: 'valid'; readonly manifest: StoredManifest; readonly text: string }
  | { readonly state: 'corrupt'; readonly reason: string }

/** No manifest of ours comes near this; more is garbage that is not worth reading. */
const largestManifest = 20 * 1024 * 1024

/** The manifest's file, inside the sessions directory. */
export function manifestFile(sessionsDir: string): string {
  return join(sessionsDir, '.manifest.json')
}

/**
 * Reads the manifest.
 * @throws FlightRulesError MANIFEST_NEWER when a newer version of the program wrote it: it is never rewritten.
 */
export async function loadManifest(sessionsDir: string): Promise<ManifestState> {
  const file = manifestFile(sessionsDir)
  const stats = await stat(file).catch(() => undefined)
  if (stats === undefined) return { state: 'none' }
  if (!stats.isFile()) return { state: 'corrupt', reason: 'it is not a regular file' }
  if (stats.size > largestManifest) return { state: 'corrupt', reason: `it has ${stats.size} bytes` }
  const text = await readFile(file, 'utf8').catch((error: NodeJS.ErrnoException) => {
    // the last session ended in between
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (text === undefined) return { state: 'none' }
  let content: unknown
  try {
    content = JSON.parse(text)
  } catch (error) {
    return { state: 'corrupt', reason: (error as Error).message }
  }
  const parsed = z.safeParse(manifestSchema, content)
  const version = parsed.success ? parsed.data.version : findVersion(content)
  if (version > 1) {
    throw new FlightRulesError({
      kind: 'usage',
      code: 'MANIFEST_NEWER',
      message: `${file} has version ${version}; this program knows version 1`,
      hint: 'update flightrules, then run the command again',
      details: { file, version },
    })
  }
  if (!parsed.success) return { state: 'corrupt', reason: parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ') }
  if (parsed.data.version !== 1) return { state: 'corrupt', reason: `version ${parsed.data.version}` }
  return { state: 'valid', manifest: parsed.data, text }
}

function findVersion(content: unknown): number {
  if (typeof content !== 'object' || content === null || !('version' in content)) return 0
  return typeof content.version === 'number' ? content.version : 0
}
