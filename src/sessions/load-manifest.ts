import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { FlightRulesError } from '../errors.ts'
import { isManifest } from './manifest.ts'
import type { StoredManifest } from './manifest-schema.ts'

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
  const version = findVersion(content)
  if (version > 1) {
    throw new FlightRulesError({
      kind: 'usage',
      code: 'MANIFEST_NEWER',
      message: `${file} has version ${version}; this program knows version 1`,
      hint: 'update flightrules, then run the command again',
      details: { file, version },
    })
  }
  if (!isManifest(content)) {
    const { explainManifest } = await import('./manifest-schema.ts')
    return { state: 'corrupt', reason: explainManifest(content) }
  }
  if (version !== 1) return { state: 'corrupt', reason: `version ${version}` }
  return { state: 'valid', manifest: content, text }
}

function findVersion(content: unknown): number {
  if (typeof content !== 'object' || content === null || !('version' in content)) return 0
  return typeof content.version === 'number' ? content.version : 0
}
