import { listWorktrees } from '../../git/worktrees.ts'
import { loadJournal } from '../../operations/journal.ts'
import { withLock } from '../../operations/lock.ts'
import { probeLiveness, readOwnIdentity } from '../../operations/process-identity.ts'
import { type Context, commonDirOf } from '../context.ts'
import { loadSessions, type RegisteredSession } from '../load-sessions.ts'
import { sessionEnded, sessionEnding, sessionSyncing } from './end-errors.ts'

/**
 * Of two that want to end a session one does: `begin` writes the journal entry that tells the other, under the lock.
 * @throws FlightRulesError SESSION_ENDING, SESSION_ENDED (exit 5).
 */
export async function claimEnd<T>(context: Context, entry: RegisteredSession, begin: () => Promise<T>): Promise<T> {
  const lock = { operation: `end ${entry.session.id}`, signal: context.signal }
  return withLock(commonDirOf(context), lock, async () => {
    await requireUnclaimed(context, entry)
    await requireStillThere(context, entry)
    return begin()
  })
}

/**
 * Nobody else ends or syncs the session. `by` is the operation that asks.
 * @throws FlightRulesError SESSION_ENDING, SESSION_SYNCING (exit 5).
 */
export async function requireUnclaimed(context: Context, { session }: RegisteredSession, by?: string): Promise<void> {
  const { entries } = await loadJournal(commonDirOf(context))
  const own = await readOwnIdentity()
  for (const entry of entries) {
    const isSync = entry.kind === 'sync' || entry.kind === 'sync-conflicts'
    if ((!isSync && !entry.kind.startsWith('end-')) || entry.facts['uuid'] !== session.uuid || entry.op === by) continue
    if ((await probeLiveness(entry.owner, own)) === 'dead') continue
    throw isSync ? sessionSyncing(session.id, entry) : sessionEnding(session.id, entry)
  }
}

/** @throws FlightRulesError SESSION_ENDED. */
export async function requireStillThere(context: Context, { session }: RegisteredSession): Promise<void> {
  const set = await loadSessions(context, await listWorktrees(context.git))
  if (!set.registered.some((other) => other.session.uuid === session.uuid)) throw sessionEnded(session.id)
}
