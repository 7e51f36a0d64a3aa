import { FlightRulesError } from '../../errors.ts'
import { commitAll } from '../../git/commit-all.ts'
import { findOperationInProgress } from '../../git/operation-in-progress.ts'
import { changedPaths, readStatus } from '../../git/status.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { abandonChoice, type EndInput } from './end-input.ts'

/**
 * Makes sure that all of a session's work is in commits before it is integrated, pushed or kept.
 * @throws FlightRulesError OPERATION_IN_PROGRESS, UNCOMMITTED, SESSION_MISSING; nothing was changed then.
 */
export async function readySession(context: Context, { session, worktree, gitDir }: RegisteredSession, input: EndInput): Promise<void> {
  if (worktree.prunable !== null) throw missing(session.id, worktree.path)
  if (input.strategy === 'abandon') return
  const operation = await findOperationInProgress(gitDir)
  if (operation !== null) {
    throw new FlightRulesError({
      kind: 'decision',
      code: 'OPERATION_IN_PROGRESS',
      message: `session ${session.id} is in the middle of a ${operation}, so what its branch holds is not yet its work`,
      hint: `finish or abort the ${operation} in ${worktree.path} first`,
      choices: [abandonChoice],
      details: { operation },
    })
  }
  const paths = changedPaths(await readStatus(context.git, worktree.path)).filter((path) => path !== session.sessionLog)
  if (paths.length === 0) return
  if (input.commit === undefined) {
    throw new FlightRulesError({
      kind: 'decision',
      code: 'UNCOMMITTED',
      message: `session ${session.id} has uncommitted changes in ${paths.length} ${paths.length === 1 ? 'file' : 'files'}: ${paths.slice(0, 8).join(', ')}${paths.length > 8 ? ', …' : ''}`,
      hint: 'commit them, or say that the session is to be dropped with them',
      choices: [{ flag: '--commit <message>', label: 'commit everything with this message, then go on' }, abandonChoice],
      details: { paths },
    })
  }
  await commitAll(context.git, worktree.path, input.commit)
}

function missing(id: string, path: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'failed',
    code: 'SESSION_MISSING',
    message: `the worktree of session ${id} is not at ${path} any more`,
    hint: `if it was moved: git worktree repair <where it is now>; its branch is still there`,
    details: { id, path },
  })
}
