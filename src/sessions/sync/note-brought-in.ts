import type { Finding } from '../../errors.ts'
import { isAncestor } from '../../git/ancestry.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { changeSession } from '../save-session.ts'
import { toTimestamp } from '../timestamp.ts'
import { noteSyncInLog } from './note-log.ts'

/**
 * Writes down, once, that a session has its base without a sync of ours having brought it there: a person has gone on with a rebase that
 * was left for them, or pulled. In its record and its log; the history is of what we did, and can undo.
 */
export async function noteBroughtIn(
  context: Context,
  { session, worktree, gitDir }: RegisteredSession,
  onto: string,
): Promise<readonly Finding[]> {
  const known = session.syncedOnto ?? session.baseCommit
  if (known === onto || (await isAncestor(context.git, onto, known))) return []
  const at = toTimestamp(context.now())
  const saved = await changeSession(context, gitDir, session, (now) => ({ ...now, lastSyncedAt: at, syncedOnto: onto }))
  return [...saved.findings, ...(await noteSyncInLog(context, { session: saved.session, worktree }, at))]
}
