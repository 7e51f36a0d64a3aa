import { updateRefs } from '../../git/refs.ts'
import { appendHistory } from '../../operations/history.ts'
import { withLock } from '../../operations/lock.ts'
import { dropMissingWorktree, removeEmptySessionsDir } from '../../operations/trash.ts'
import { type Context, commonDirOf } from '../context.ts'
import { manifestFile } from '../load-manifest.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { refreshManifest } from '../save-session.ts'
import { type Ended, type EndInput, emptyResult } from './end-input.ts'

/** Abandons a session whose folder somebody deleted: what git still has of it (commits, index) is stored, the rest let go. */
export async function endMissing(context: Context, { session, worktree, gitDir }: RegisteredSession, input: EndInput): Promise<Ended> {
  const { id, uuid, branch } = session
  const { head } = worktree
  const commonDir = commonDirOf(context)
  const deletesBranch = session.ownsBranch && !input.keepBranch && branch !== null && head !== null
  const lock = { operation: `end ${id}`, signal: context.signal }
  const { ref, findings } = await withLock(commonDir, lock, async () => {
    const reason = 'abandoned; its folder was gone'
    const ref = await dropMissingWorktree({ git: context.git, commonDir, worktree: worktree.path, gitDir, id, head, reason, now: context.now() })
    if (deletesBranch) {
      await updateRefs(context.git, [{ ref: `refs/heads/${branch}`, new: '0'.repeat(head.length), old: head }], `flightrules: ${id} ended`)
    }
    const findings = await refreshManifest(context, new Set([id]))
    await removeEmptySessionsDir(context.sessionsDir, manifestFile(context.sessionsDir))
    return { ref, findings }
  })
  await appendHistory(commonDir, { at: context.now().toISOString(), event: 'ended', id, uuid, branch, tip: head, reason: 'abandoned', ref })
  const result = { ...emptyResult(id, 'abandon', worktree.path), worktreeRemoved: true, branchDeleted: deletesBranch, trash: null, path: null }
  return { result, findings }
}
