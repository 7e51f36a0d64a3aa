import { readLockMarker, writeLockMarker } from '../operations/trash/lock-marker.ts'
import { findAgentFolder } from './agent-worktree.ts'
import type { OwnSession } from './find-own-session.ts'
import { findFreshHeartbeat, loadHeartbeats } from './heartbeat.ts'
import { conversationLockReason } from './lock-reason.ts'

/**
 * Locks the worktree of a session for as long as an agent talks in it. Those in the sessions directory are locked anyway; one somebody else made
 * is his to remove before and after. A lock that is there stays, and Claude Code locks its own.
 */
export async function lockForConversation({ location, session }: OwnSession): Promise<void> {
  const { worktree, gitDir, commonDir } = location
  if (session === null || worktree === null || gitDir === commonDir || findAgentFolder(worktree, 'claude') !== undefined) return
  if ((await readLockMarker(gitDir)) === null) await writeLockMarker(gitDir, conversationLockReason(session.id))
}

/** Takes that lock off again, and no other, once no agent is known to be at work there. */
export async function unlockAfterConversation({ location: { gitDir }, session }: OwnSession, now: Date): Promise<void> {
  if (session === null || (await readLockMarker(gitDir))?.trim() !== conversationLockReason(session.id)) return
  if (findFreshHeartbeat(await loadHeartbeats(gitDir), now) === undefined) await writeLockMarker(gitDir, null)
}
