import { placeLockMarker, readLockMarker, writeLockMarker } from '../operations/trash/lock-marker.ts'
import { findAgentFolder } from './agent-worktree.ts'
import type { OwnSession } from './find-own-session.ts'
import { findFreshHeartbeat, loadHeartbeats } from './heartbeat.ts'
import type { RegisteredSession } from './load-sessions.ts'
import { conversationLockReason, isConversationLock } from './lock-reason.ts'

/**
 * Locks the worktree of a session while an agent is heard from in it. Those in the sessions directory are locked anyway; one somebody else made
 * is his to remove before and after. A lock that is there stays, and Claude Code locks its own.
 */
export async function lockForConversation({ location, session }: OwnSession): Promise<void> {
  const { worktree, gitDir, commonDir } = location
  if (session === null || worktree === null || gitDir === commonDir || findAgentFolder(worktree, 'claude') !== undefined) return
  await placeLockMarker(gitDir, conversationLockReason(session.id))
}

/** Takes that lock off again, and no other, once no agent is known to be at work there. */
export async function unlockAfterConversation(gitDir: string, now: Date): Promise<void> {
  if (!isConversationLock((await readLockMarker(gitDir)) ?? '')) return
  if (findFreshHeartbeat(await loadHeartbeats(gitDir), now) === undefined) await writeLockMarker(gitDir, null)
}

/** The same for an agent that did not say good-bye: it was killed, or had gone elsewhere. Costs nothing where no worktree has such a lock. */
export async function sweepConversationLocks(registered: readonly RegisteredSession[], now: Date): Promise<void> {
  const locked = registered.filter(({ worktree }) => worktree.locked !== null && isConversationLock(worktree.locked))
  await Promise.all(locked.map(({ gitDir }) => unlockAfterConversation(gitDir, now).catch(() => {})))
}
