import type { Finding } from '../errors.ts'
import { listWorktrees } from '../git/worktrees.ts'
import { withLock } from '../operations/lock.ts'
import { type Context, commonDirOf } from './context.ts'
import { loadSessions } from './load-sessions.ts'
import { writeRecord } from './record.ts'
import type { Session } from './session.ts'
import { isManifestStale, projectManifest, writeManifest } from './write-manifest.ts'

/** Stores a changed session: its record, then the manifest, under the lock. */
export async function saveSession(context: Context, gitDir: string, session: Session): Promise<Finding[]> {
  return withLock(commonDirOf(context), { operation: `save ${session.id}`, signal: context.signal }, async () => {
    await writeRecord(gitDir, session)
    return refreshManifest(context)
  })
}

/** Rewrites the manifest from the records where it says something else. Call it only under the lock. */
export async function refreshManifest(context: Context, ended: ReadonlySet<string> = new Set()): Promise<Finding[]> {
  const set = await loadSessions(context, await listWorktrees(context.git))
  const projected = projectManifest(context, set.registered, set.manifest)
  const manifest = { ...projected, sessions: projected.sessions.filter((entry) => !ended.has(entry.id)) }
  return isManifestStale(manifest, set.manifest) ? writeManifest(context, manifest, set.manifest) : []
}
