import { readCommits } from '../../git/log.ts'
import { resolveCommit } from '../../git/refs.ts'
import { appendHistory } from '../../operations/history.ts'
import { withLock } from '../../operations/lock.ts'
import { removeEmptySessionsDir } from '../../operations/trash/delete.ts'
import { type Context, commonDirOf } from '../context.ts'
import { manifestFile } from '../load-manifest.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { removeRecord } from '../record.ts'
import { refreshManifest } from '../save-session.ts'
import { completeLog } from './complete-log.ts'
import { type Ended, emptyResult } from './end-input.ts'

/** Ends a session in the main worktree: its log is closed and committed, its record dropped; branch and files stay as they are. */
export async function endStandard(context: Context, entry: RegisteredSession): Promise<Ended> {
  const { session, gitDir } = entry
  const head = await resolveCommit(context.git, 'HEAD')
  const commits = head === null ? [] : await readCommits(context.git, session.baseCommit, head)
  const findings = await completeLog(context, entry, { how: 'in the main worktree', commits })
  const lock = { operation: `end ${session.id}`, signal: context.signal }
  await withLock(commonDirOf(context), lock, async () => {
    await removeRecord(gitDir)
    findings.push(...(await refreshManifest(context, new Set([session.id]))))
    await removeEmptySessionsDir(context.sessionsDir, manifestFile(context.sessionsDir))
  })
  const { id, uuid, branch, base } = session
  await appendHistory(commonDirOf(context), {
    at: context.now().toISOString(),
    event: 'ended',
    id,
    uuid,
    branch,
    base,
    reason: 'standard',
  })
  return { result: emptyResult(id, 'keep', entry.worktree.path), findings }
}
