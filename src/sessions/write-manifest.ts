import { rename } from 'node:fs/promises'
import { relative } from 'node:path'
import { reachFailpoint } from '../files/failpoint.ts'
import { replaceFile } from '../files/replace-file.ts'
import type { Finding } from '../errors.ts'
import { excludeFromStatus, findExcludePattern } from '../git/exclude.ts'
import { type Context, commonDirOf } from './context.ts'
import { isWithin } from './find-session.ts'
import { listInnerPatterns } from './inner-worktrees.ts'
import { manifestFile, type ManifestState, refuseNewer } from './load-manifest.ts'
import type { RegisteredSession } from './load-sessions.ts'
import { type Manifest, type ManifestEntry, renderManifest, resolveManifestPath, toManifestEntry } from './manifest.ts'

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
 * Writes the manifest; call it only under the lock. A file that could not be read is kept aside first. Neither it nor a session may show up
 * as untracked in the worktree it is in.
 */
export async function writeManifest(context: Context, manifest: Manifest, stored: ManifestState): Promise<Finding[]> {
  refuseNewer(stored)
  const file = manifestFile(context.sessionsDir)
  const findings: Finding[] = []
  const patterns = [...listOwnPatterns(context), ...listInnerPatterns(listPaths(context, manifest), context.sessionsDir)]
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

/** Of every worktree that is there. */
function listPaths(context: Context, { sessions }: Manifest): string[] {
  const paths = sessions
    .filter((entry) => (entry as ManifestEntry).orphaned !== true)
    .map((entry) => resolveManifestPath(context.main, entry))
  return context.bare ? paths : [context.main, ...paths.filter((path) => path !== context.main)]
}

function listOwnPatterns(context: Context): string[] {
  if (context.bare || !isWithin(context.main, context.sessionsDir)) return []
  const folder = relative(context.main, context.sessionsDir).replaceAll('\\', '/')
  if (folder === '') return ['/.manifest.json*', '/.trash/']
  const pattern = findExcludePattern(folder)
  return pattern === undefined ? [] : [`${pattern}/`]
}
