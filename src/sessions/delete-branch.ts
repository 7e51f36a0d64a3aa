import type { Finding } from '../errors.ts'
import { GitError } from '../git/git-error.ts'
import { updateRefs } from '../git/refs.ts'
import type { Context } from './context.ts'
import type { SessionSet } from './load-sessions.ts'

/** A worktree that is gone or put away, with what was checked out in it. */
export interface LeftBranch {
  readonly id: string
  readonly gitDir: string
  /** Short name. */
  readonly branch: string | null
  readonly head: string | null
}

/**
 * Deletes the branch that was made for a session, by compare-and-swap on its tip, with everything read under the lock. Never one
 * another worktree has checked out, and never anybody's base.
 */
export async function deleteOwnBranch(
  context: Context,
  set: SessionSet,
  { id, gitDir, branch, head }: LeftBranch,
  findings: Finding[],
): Promise<boolean> {
  if (branch === null || head === null) return false
  const ref = `refs/heads/${branch}`
  const others = [set.main, ...set.registered, ...set.unregistered, ...set.unreadable].filter((other) => other.gitDir !== gitDir)
  if (others.some((other) => other.worktree.branch === ref)) return false
  if (set.registered.some((other) => other.session.base === branch)) return false
  try {
    await updateRefs(context.git.withoutSignal(), [{ ref, new: null, old: head }], `flightrules: ${id} ended`)
    return true
  } catch (error) {
    // git was killed: nobody has said no, and it may be tried again
    if (error instanceof GitError && error.status > 129) throw error
    // the worktree is put away by now; a branch that got new commits, or cannot be locked, is simply kept
    findings.push({ code: 'BRANCH_KEPT', message: `branch ${branch} was kept: ${(error as Error).message}`, details: { branch } })
    return false
  }
}

/** Whether a session's branch is its own to take along: made for it, and still the one checked out. */
export function isOwnBranch(
  session: { readonly branch: string | null; readonly ownsBranch: boolean },
  checkedOut: string | null,
): boolean {
  return session.ownsBranch && session.branch !== null && checkedOut === `refs/heads/${session.branch}`
}
