import { FlightRulesError } from '../../errors.ts'
import { namePaths } from '../../files/quote-path.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { findOperationInProgress } from '../../git/operation-in-progress.ts'
import { readStatus } from '../../git/status.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'

/**
 * A session that could be brought onto its base: it is there, on a branch of its own, and in the middle of nothing.
 * @throws FlightRulesError SESSION_MISSING, OPERATION_IN_PROGRESS, UNMERGED_PATHS, DETACHED_HEAD, SESSION_ON_BASE, NO_COMMITS.
 */
export async function requireSyncable(
  context: Context,
  { session, worktree, gitDir }: RegisteredSession,
): Promise<{ readonly head: string; readonly ref: string; readonly branch: string }> {
  const { id, base } = session
  const place = quoteForShell(worktree.path)
  if (worktree.prunable !== null)
    throw new FlightRulesError({
      kind: 'failed',
      code: 'SESSION_MISSING',
      message: `the worktree of session ${id} is not at ${worktree.path} any more`,
      hint: `if it was moved: git worktree repair <where it is now>; if it was deleted: flightrules end ${id} --strategy abandon`,
      details: { id, path: worktree.path },
    })
  const refuse = (code: string, message: string, hint: string, details = {}): FlightRulesError =>
    new FlightRulesError({ kind: 'decision', code, message, hint, details: { id, ...details } })
  const operation = findOperationInProgress(gitDir)
  if (operation !== null)
    throw refuse(
      'OPERATION_IN_PROGRESS',
      `session ${id} is in the middle of a ${operation}, so it was left as it is`,
      operation === 'bisect' ? `git -C ${place} bisect reset` : `git -C ${place} ${operation} --continue, or --abort`,
      { operation },
    )
  const { branch, head, unmerged } = await readStatus(context.git, worktree.path)
  if (unmerged.length > 0)
    throw refuse(
      'UNMERGED_PATHS',
      `session ${id} has files in conflict, as a stash that did not fit leaves them: ${namePaths(unmerged, 8)}; it was left as it is`,
      `settle them in ${place} and mark them settled with git add, then sync again`,
      { paths: unmerged },
    )
  if (branch === null)
    throw refuse(
      'DETACHED_HEAD',
      `session ${id} is on no branch (detached HEAD), so there is nothing that could be brought onto ${base}; it was left as it is`,
      `git -C ${place} switch -c <branch>`,
    )
  if (head === null) throw refuse('NO_COMMITS', `session ${id} has no commit yet`, `look at it in ${place}`)
  if (branch === base)
    throw refuse('SESSION_ON_BASE', `session ${id} is on ${base} itself, which is nobody's to rebase`, `git -C ${place} pull`)
  return { head, branch, ref: `refs/heads/${branch}` }
}
