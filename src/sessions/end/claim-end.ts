import { listWorktrees } from '../../git/worktrees.ts'
import { loadJournal } from '../../operations/journal.ts'
import { withLock } from '../../operations/lock.ts'
import { probeLiveness, readOwnIdentity } from '../../operations/process-identity.ts'
import { type Context, commonDirOf } from '../context.ts'
import { loadSessions, type RegisteredSession } from '../load-sessions.ts'
import { sessionEnded, sessionEnding } from './end-errors.ts'

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

/** @throws FlightRulesError SESSION_ENDING. */
export async function requireUnclaimed(context: Context, { session }: RegisteredSession): Promise<void> {
  const { entries } = await loadJournal(commonDirOf(context))
  const own = await readOwnIdentity()
  for (const entry of entries) {
    if (!entry.kind.startsWith('end-') || entry.facts['uuid'] !== session.uuid) continue
    if ((await probeLiveness(entry.owner, own)) !== 'dead') throw sessionEnding(session.id, entry)
  }
}

/** @throws FlightRulesError SESSION_ENDED. */
export async function requireStillThere(context: Context, { session }: RegisteredSession): Promise<void> {
  const set = await loadSessions(context, await listWorktrees(context.git))
  if (!set.registered.some((other) => other.session.uuid === session.uuid)) throw sessionEnded(session.id)
}
