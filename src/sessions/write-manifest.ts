import { rename } from 'node:fs/promises'
import { relative } from 'node:path'
import { reachFailpoint } from '../files/failpoint.ts'
import { replaceFile } from '../files/replace-file.ts'
import type { Finding } from '../errors.ts'
import { excludeFromStatus, findExcludePattern } from '../git/exclude.ts'
import { type Context, commonDirOf } from './context.ts'
import { isWithin } from './find-session.ts'
import { manifestFile, type ManifestState, refuseNewer } from './load-manifest.ts'
import type { RegisteredSession } from './load-sessions.ts'
import { type Manifest, type ManifestEntry, renderManifest, toManifestEntry } from './manifest.ts'

/** The manifest as it should be: every registered session, and the entries whose worktree is gone. */
export function projectManifest(context: Context, registered: readonly RegisteredSession[], stored: ManifestState): Manifest {
  const entries = registered.map(({ session, worktree }): ManifestEntry => {
    const entry = toManifestEntry(session, context.main, worktree.path)
    return worktree.prunable === null ? entry : { ...entry, orphaned: true }
  })
  const remembered = stored.state === 'valid' ? (stored.manifest.sessions as unknown as readonly ManifestEntry[]) : []
  const gone = new Map(remembered.map((entry) => [entry.id, entry]))
  for (const entry of entries) gone.delete(entry.id)
  const orphans = [...gone.values()].map((entry) => ({ ...entry, orphaned: true }))
  return { version: 1, project: context.project, main: context.main, sessions: [...entries, ...orphans] }
}

/** Whether the file says something else than it should. */
export function isManifestStale(manifest: Manifest, stored: ManifestState): boolean {
  if (stored.state === 'none') {
    // with every folder gone, or one and the directory around it, the disk may be away: nothing is written where it would be mounted
    const orphaned = manifest.sessions.filter((entry) => entry.orphaned === true).length
    return orphaned < manifest.sessions.length && (orphaned === 0 || !stored.isAway)
  }
  if (stored.state === 'corrupt') return true
  if (stored.state === 'newer') return false
  return stored.text !== renderManifest(manifest, stored.manifest)
}

/**
 * Writes the manifest; call it only under the lock. A file that could not be read is kept aside first. Inside the main worktree neither it
 * nor the sessions may show up as untracked files.
 */
export async function writeManifest(context: Context, manifest: Manifest, stored: ManifestState): Promise<Finding[]> {
  refuseNewer(stored)
  const file = manifestFile(context.sessionsDir)
  const findings: Finding[] = []
  const patterns = listOwnPatterns(context)
  if (patterns.length > 0) await excludeFromStatus({ commonDir: commonDirOf(context), patterns })
  if (stored.state === 'corrupt') {
    const aside = `${file}.corrupt-${context.now().toISOString().replace(/[:.]/g, '-')}`
    reachFailpoint('rename:manifest')
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

function listOwnPatterns(context: Context): string[] {
  if (context.bare || !isWithin(context.main, context.sessionsDir)) return []
  const folder = relative(context.main, context.sessionsDir).replaceAll('\\', '/')
  if (folder === '') return ['/.manifest.json*', '/.trash/']
  const pattern = findExcludePattern(folder)
  return pattern === undefined ? [] : [`${pattern}/`]
}
