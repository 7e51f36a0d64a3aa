import type { Finding } from '../errors.ts'
import { updateRefs } from '../git/refs.ts'
import type { Context } from './context.ts'
import type { RegisteredSession, SessionSet } from './load-sessions.ts'

/**
 * Deletes the branch that was made for a session, by compare-and-swap on its tip, with everything read under the lock. Never one that was there
 * before or that somebody switched to, never one another worktree has checked out, and never anybody's base.
 */
export async function deleteOwnBranch(
  context: Context,
  set: SessionSet,
  entry: RegisteredSession,
  findings: Finding[],
): Promise<boolean> {
  const { session, worktree } = entry
  const { branch } = session
  if (branch === null || worktree.head === null || !session.ownsBranch || worktree.branch !== `refs/heads/${branch}`) return false
  const others = [set.main, ...set.registered, ...set.unregistered, ...set.unreadable].filter(
    (other) => other.gitDir !== entry.gitDir,
  )
  if (others.some((other) => other.worktree.branch === worktree.branch)) return false
  if (set.registered.some((other) => other.session.base === branch)) return false
  try {
    await updateRefs(
      context.git.withoutSignal(),
      [{ ref: worktree.branch, new: null, old: worktree.head }],
      `flightrules: ${session.id} ended`,
    )
    return true
  } catch (error) {
    // the worktree is put away by now; a branch that got new commits, or cannot be locked, is simply kept
    findings.push({ code: 'BRANCH_KEPT', message: `branch ${branch} was kept: ${(error as Error).message}`, details: { branch } })
    return false
  }
}
