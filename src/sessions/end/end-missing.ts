import type { Finding } from '../../errors.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import { appendHistory } from '../../operations/history.ts'
import { withLock } from '../../operations/lock.ts'
import { dropMissingWorktree, removeEmptySessionsDir } from '../../operations/trash/delete.ts'
import { type Context, commonDirOf } from '../context.ts'
import { manifestFile } from '../load-manifest.ts'
import { deleteOwnBranch, isOwnBranch } from '../delete-branch.ts'
import { loadSessions, type RegisteredSession } from '../load-sessions.ts'
import { refreshManifest } from '../save-session.ts'
import { type Ended, type EndInput, emptyResult } from './end-input.ts'

/** Abandons a session whose folder somebody deleted: what git still has of it (commits, index) is stored, the rest let go. */
export async function endMissing(context: Context, entry: RegisteredSession, input: EndInput): Promise<Ended> {
  const { session, worktree, gitDir } = entry
  const { id, uuid, branch } = session
  const { head } = worktree
  const commonDir = commonDirOf(context)
  const lock = { operation: `end ${id}`, signal: context.signal }
  const { ref, findings, branchDeleted } = await withLock(commonDir, lock, async () => {
    const reason = 'abandoned; its folder was gone'
    const set = await loadSessions(context, await listWorktrees(context.git))
    const ref = await dropMissingWorktree({
      git: context.git,
      commonDir,
      worktree: worktree.path,
      gitDir,
      id,
      head,
      reason,
      now: context.now(),
    })
    const findings: Finding[] = []
    const branchDeleted =
      !input.keepBranch &&
      isOwnBranch(session, worktree.branch) &&
      (await deleteOwnBranch(context, set, { id, gitDir, branch, head }, findings))
    findings.push(...(await refreshManifest(context, new Set([id]))))
    await removeEmptySessionsDir(context.sessionsDir, manifestFile(context.sessionsDir))
    return { ref, findings, branchDeleted }
  })
  await appendHistory(commonDir, {
    at: context.now().toISOString(),
    event: 'ended',
    id,
    uuid,
    branch,
    tip: head,
    reason: 'abandoned',
    ref,
  })
  const result = {
    ...emptyResult(id, 'abandon', worktree.path),
    worktreeRemoved: true,
    branchDeleted,
    trash: ref === null ? null : nameOf(ref),
    purged: true,
    path: null,
  }
  return { result, findings }
}

/** `refs/flightrules/trash/<id>/<time>` is `<id>-<time>`, as for a session that was moved into the trash. */
function nameOf(ref: string): string {
  return ref.split('/').slice(-2).join('-')
}
