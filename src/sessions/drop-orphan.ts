import { type Finding, FlightRulesError } from '../errors.ts'
import { appendHistory } from '../operations/history.ts'
import { withLock } from '../operations/lock.ts'
import { removeEmptySessionsDir } from '../operations/trash/delete.ts'
import { type Context, commonDirOf } from './context.ts'
import { manifestFile } from './load-manifest.ts'
import type { SessionSet } from './load-sessions.ts'
import { resolveManifestPath } from './manifest.ts'
import { foldName } from './name.ts'
import { recordFile } from './record.ts'
import { refreshManifest } from './save-session.ts'

/**
 * A session that only the manifest remembers: git knows no worktree of it any more.
 * @throws FlightRulesError RECORD_UNREADABLE when git knows its worktree, and only the record is damaged.
 */
export function findOrphan(
  context: Context,
  set: SessionSet,
  id: string,
): { readonly id: string; readonly branch: string | null } | undefined {
  if (set.manifest.state !== 'valid') return undefined
  if (set.registered.some((entry) => foldName(entry.session.id) === foldName(id))) return undefined
  const orphan = set.manifest.manifest.sessions.find((entry) => foldName(entry.id) === foldName(id))
  if (orphan === undefined) return undefined
  const path = resolveManifestPath(context.main, orphan)
  const damaged = set.unreadable.find(({ worktree }) => worktree.path === path)
  if (damaged === undefined) return orphan
  throw new FlightRulesError({
    kind: 'decision',
    code: 'RECORD_UNREADABLE',
    message: `session ${orphan.id} was left alone: what is recorded of ${path} cannot be read: ${damaged.reason}`,
    hint: `move the record away, and the next command registers the worktree anew: ${recordFile(damaged.gitDir)}`,
    details: { id: orphan.id, path, record: recordFile(damaged.gitDir) },
  })
}

/** Takes such an entry out of the manifest. Its branch, if it is still there, stays. */
export async function dropOrphan(
  context: Context,
  orphan: { readonly id: string; readonly branch: string | null },
): Promise<Finding[]> {
  const commonDir = commonDirOf(context)
  const findings = await withLock(commonDir, { operation: `end ${orphan.id}`, signal: context.signal }, async () => {
    const found = await refreshManifest(context, new Set([orphan.id]))
    await removeEmptySessionsDir(context.sessionsDir, manifestFile(context.sessionsDir))
    return found
  })
  await appendHistory(commonDir, {
    at: context.now().toISOString(),
    event: 'ended',
    id: orphan.id,
    uuid: '',
    branch: orphan.branch,
    reason: 'its worktree was gone',
  })
  return findings
}
