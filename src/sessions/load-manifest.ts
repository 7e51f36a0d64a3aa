import { readFile, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { type Finding, FlightRulesError } from '../errors.ts'
import { isGone } from '../operations/trash/gate.ts'
import { isManifest } from './manifest.ts'
import type { StoredManifest } from './manifest-schema.ts'

export type ManifestState =
  /** `isAway`: there is no sessions directory it could be in. */
  | { readonly state: 'none'; readonly isAway: boolean }
  | { readonly state: 'valid'; readonly manifest: StoredManifest; readonly text: string }
  | { readonly state: 'corrupt'; readonly reason: string }
  /** A newer version of the program wrote it: nothing is known of what it says, and it is never rewritten. */
  | { readonly state: 'newer'; readonly version: number; readonly file: string }

/** No manifest of ours comes near this; more is garbage that is not worth reading. */
const largestManifest = 20 * 1024 * 1024

/** The manifest's file, inside the sessions directory. */
export function manifestFile(sessionsDir: string): string {
  return join(sessionsDir, '.manifest.json')
}

/** Reads the manifest. What cannot be read for whatever reason is corrupt, never absent. */
export async function loadManifest(sessionsDir: string): Promise<ManifestState> {
  const file = manifestFile(sessionsDir)
  const stats = await stat(file).catch(() => undefined)
  if (stats === undefined) return { state: 'none', isAway: await isGone(sessionsDir) }
  if (!stats.isFile()) return { state: 'corrupt', reason: 'it is not a regular file' }
  if (stats.size > largestManifest) return { state: 'corrupt', reason: `it has ${stats.size} bytes` }
  let text: string
  let content: unknown
  try {
    text = await readFile(file, 'utf8')
    content = JSON.parse(text)
  } catch (error) {
    // the last session ended in between
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return { state: 'none', isAway: false }
    return { state: 'corrupt', reason: (error as Error).message }
  }
  const version = findVersion(content)
  if (version > 1) return { state: 'newer', version, file }
  if (!isManifest(content)) {
    const { explainManifest } = await import('./manifest-schema.ts')
    return { state: 'corrupt', reason: explainManifest(content) }
  }
  if (version !== 1) return { state: 'corrupt', reason: `version ${version}` }
  // only somebody else's hand writes it in another layout; of a name written twice JSON keeps the last, and drops what the first said
  if (`${JSON.stringify(content, null, 2)}\n` !== text) {
    const { findRepeatedName } = await import('../files/repeated-name.ts')
    const repeated = findRepeatedName(text)
    if (repeated !== undefined) return { state: 'corrupt', reason: `${JSON.stringify(repeated)} is there twice in one place` }
  }
  return { state: 'valid', manifest: content, text }
}

/** What is said of a manifest of a newer version by what only reads. */
export function describeNewer({ version, file }: { readonly version: number; readonly file: string }): Finding {
  return {
    code: 'MANIFEST_NEWER',
    message: `${file} has version ${version}; this program knows version 1, so it changes nothing here`,
    hint: 'update flightrules',
    details: { file, version },
  }
}

/** @throws FlightRulesError MANIFEST_NEWER, for everything that would write. */
export function refuseNewer(manifest: ManifestState): void {
  if (manifest.state !== 'newer') return
  const { message, hint = '', details = {} } = describeNewer(manifest)
  throw new FlightRulesError({
    kind: 'usage',
    code: 'MANIFEST_NEWER',
    message,
    hint: `${hint}, then run the command again`,
    details,
  })
}

function findVersion(content: unknown): number {
  if (typeof content !== 'object' || content === null || !('version' in content)) return 0
  return typeof content.version === 'number' ? content.version : 0
}
