import type { Finding } from '../../errors.ts'
import { appendHistoryOnce } from '../../operations/history.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { changeSession } from '../save-session.ts'
import { noteSyncInLog } from './note-log.ts'
import type { SyncFacts } from './sync-facts.ts'

/** Writes down that a session was synced, or is not any more: in its record, its log and the history. Doing it again changes nothing. */
export async function noteSynced(
  context: Context,
  entry: RegisteredSession | undefined,
  facts: SyncFacts,
  op: string,
): Promise<Finding[]> {
  const { id, uuid, base, onto, method, head, to, since, end, path, undoes } = facts
  const findings: Finding[] = []
  if (entry !== undefined) {
    const at = undoes === undefined ? `${since.slice(0, 19)}Z` : undoes.lastSyncedAt
    const saved = await changeSession(context, entry.gitDir, entry.session, ({ syncedOnto: _before, ...now }) =>
      undoes === undefined ? { ...now, lastSyncedAt: at, syncedOnto: facts.ontoOid } : { ...now, lastSyncedAt: at },
    )
    findings.push(...saved.findings)
    if (entry.worktree.prunable === null) {
      const { session } = saved
      const synced = { session, worktree: { ...entry.worktree, path } }
      findings.push(...(await noteSyncInLog(context, synced, at ?? session.startedAt)))
    }
  }
  const common = { at: context.now().toISOString(), id, uuid, op }
  if (undoes !== undefined) {
    await appendHistoryOnce(commonDirOf(context), { ...common, event: 'undone', of: undoes.op, what: 'synced', with: [] })
    return findings
  }
  await appendHistoryOnce(commonDirOf(context), {
    ...common,
    event: 'synced',
    ...(end === undefined ? {} : { end }),
    branch: facts.ref.replace('refs/heads/', ''),
    base,
    onto,
    method,
    from: head,
    to,
  })
  return findings
}
