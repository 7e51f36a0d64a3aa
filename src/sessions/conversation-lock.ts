import { placeLockMarker, readLockMarker, writeLockMarker } from '../operations/trash/lock-marker.ts'
import { withLock } from '../operations/lock.ts'
import { findAgentFolder } from './agent-worktree.ts'
import { type Context, commonDirOf } from './context.ts'
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

/**
 * Takes that lock off again, and no other, once no agent is known to be at work there. Under the repository's lock, for whoever puts the worktree
 * away meanwhile locks it in another way; where somebody holds that for long, the lock is left to the next command.
 */
export async function unlockAfterConversation(commonDir: string, gitDir: string, now: Date): Promise<void> {
  const isOver = async (): Promise<boolean> =>
    isConversationLock((await readLockMarker(gitDir)) ?? '') &&
    findFreshHeartbeat(await loadHeartbeats(gitDir), now) === undefined
  if (!(await isOver())) return
  await withLock(commonDir, { operation: 'unlock a worktree', waitMs: 500 }, async () => {
    if (await isOver()) await writeLockMarker(gitDir, null)
  })
}

/** The same for an agent that did not say good-bye: it was killed, or had gone elsewhere. Costs nothing where no worktree has such a lock. */
export async function sweepConversationLocks(context: Context, registered: readonly RegisteredSession[]): Promise<void> {
  for (const { worktree, gitDir } of registered)
    if (worktree.locked !== null && isConversationLock(worktree.locked))
      await unlockAfterConversation(commonDirOf(context), gitDir, context.now()).catch(() => {})
}
