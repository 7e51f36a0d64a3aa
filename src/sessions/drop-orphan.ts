import type { Finding } from '../errors.ts'
import { appendHistory } from '../operations/history.ts'
import { withLock } from '../operations/lock.ts'
import { removeEmptySessionsDir } from '../operations/trash/delete.ts'
import { type Context, commonDirOf } from './context.ts'
import { manifestFile } from './load-manifest.ts'
import type { SessionSet } from './load-sessions.ts'
import { foldName } from './name.ts'
import { refreshManifest } from './save-session.ts'

/** A session that only the manifest remembers: git knows no worktree of it any more. */
export function findOrphan(set: SessionSet, id: string): { readonly id: string; readonly branch: string | null } | undefined {
  if (set.manifest.state !== 'valid') return undefined
  const isRegistered = set.registered.some((entry) => foldName(entry.session.id) === foldName(id))
  return isRegistered ? undefined : set.manifest.manifest.sessions.find((entry) => foldName(entry.id) === foldName(id))
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
