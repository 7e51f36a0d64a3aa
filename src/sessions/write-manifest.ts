import { rename } from 'node:fs/promises'
import { replaceFile } from '../files/replace-file.ts'
import type { Finding } from '../errors.ts'
import type { Context } from './context.ts'
import { manifestFile, type ManifestState } from './load-manifest.ts'
import type { RegisteredSession } from './load-sessions.ts'
import { type Manifest, type ManifestEntry, renderManifest, toManifestEntry } from './manifest.ts'

/** The manifest as it should be: every registered session, and the entries whose worktree is gone. */
export function projectManifest(context: Context, registered: readonly RegisteredSession[], stored: ManifestState): Manifest {
  const entries = registered.map(({ session, worktree }): ManifestEntry => {
    const entry = toManifestEntry(session, context.main, worktree.path)
    return worktree.prunable === null ? entry : { ...entry, orphaned: true }
  })
  const known = new Set(entries.map((entry) => entry.id))
  const gone = stored.state === 'valid' ? stored.manifest.sessions.filter((entry) => !known.has(entry.id)) : []
  const orphans = gone.map((entry) => ({ ...(entry as unknown as ManifestEntry), orphaned: true }))
  return { version: 1, project: context.project, main: context.main, sessions: [...entries, ...orphans] }
}

/** Whether the file says something else than it should. */
export function isManifestStale(manifest: Manifest, stored: ManifestState): boolean {
  // with every folder gone the disk may be away: nothing is written where it would be mounted
  if (stored.state === 'none') return manifest.sessions.some((entry) => entry.orphaned !== true)
  if (stored.state === 'corrupt') return true
  return stored.text !== renderManifest(manifest, stored.manifest)
}

/** Writes the manifest; call it only under the lock. A file that could not be read is kept aside first. */
export async function writeManifest(context: Context, manifest: Manifest, stored: ManifestState): Promise<Finding[]> {
  const file = manifestFile(context.sessionsDir)
  const findings: Finding[] = []
  if (stored.state === 'corrupt') {
    const aside = `${file}.corrupt-${context.now().toISOString().replace(/[:.]/g, '-')}`
    await rename(file, aside)
    findings.push({
      code: 'MANIFEST_REBUILT',
      message: `the manifest could not be read (${stored.reason}); it was rebuilt from the worktrees, the old file is ${aside}`,
      details: { file, kept: aside },
    })
  }
  await replaceFile(file, renderManifest(manifest, stored.state === 'valid' ? stored.manifest : undefined))
  return findings
}
