import { namePaths } from '../../files/quote-path.ts'
import { type Choice, FlightRulesError } from '../../errors.ts'
import { commitAll } from '../../git/commit-all.ts'
import { commitTree } from '../../git/commit-tree.ts'
import { findOperationInProgress } from '../../git/operation-in-progress.ts'
import { resolveCommit } from '../../git/refs.ts'
import { snapshotWorktree } from '../../git/snapshot.ts'
import { changedPaths, readStatus } from '../../git/status.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { abandonChoice, type EndInput } from './end-input.ts'

/**
 * Makes sure that all of a session's work is in commits, or may be committed, before it is integrated, pushed or kept.
 * @returns whether there is something to commit first.
 * @throws FlightRulesError OPERATION_IN_PROGRESS, UNMERGED_PATHS, UNCOMMITTED, SESSION_MISSING; nothing was changed then.
 */
export async function requireReady(
  context: Context,
  { session, worktree, gitDir }: RegisteredSession,
  input: EndInput,
): Promise<boolean> {
  if (worktree.prunable !== null) throw missing(session.id, worktree.path)
  const isStandard = session.mode === 'standard'
  if (input.strategy === 'abandon' && !isStandard) return false
  const operation = findOperationInProgress(gitDir)
  if (operation !== null) {
    throw new FlightRulesError({
      kind: 'decision',
      code: 'OPERATION_IN_PROGRESS',
      message: `session ${session.id} is in the middle of a ${operation}, so what its branch holds is not yet its work`,
      hint: `finish or abort the ${operation} in ${worktree.path} first`,
      choices: isStandard ? [] : [abandonChoice],
      details: { operation },
    })
  }
  const stays = isStandard && (input.strategy === 'keep' || input.strategy === 'abandon')
  const status = await readStatus(context.git, worktree.path)
  if (status.unmerged.length > 0 && (input.commit !== undefined || !stays))
    throw inConflict(session.id, worktree.path, status.unmerged, isStandard)
  const paths = changedPaths(status).filter((path) => path !== session.sessionLog)
  if (paths.length === 0) return false
  if (input.commit !== undefined) return true
  // the main worktree stays, and with it what is not committed there
  if (stays) return false
  throw new FlightRulesError({
    kind: 'decision',
    code: 'UNCOMMITTED',
    message: `session ${session.id} has uncommitted changes in ${paths.length} ${paths.length === 1 ? 'file' : 'files'}: ${namePaths(paths, 8)}`,
    hint: `commit them, or say that ${isStandard ? 'they stay as they are' : 'the session is to be dropped with them'}`,
    choices: [
      { flag: '--commit <message>', label: 'commit everything with this message, then go on' },
      isStandard ? leaveChoice : abandonChoice,
    ],
    details: { paths },
  })
}

const leaveChoice: Choice = { flag: '--strategy keep', label: 'end the session and leave them uncommitted in the main worktree' }

/** `git add` would call conflicts settled, and the commit would hold their markers. */
function inConflict(id: string, path: string, unmerged: readonly string[], isStandard: boolean): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'UNMERGED_PATHS',
    message: `session ${id} has files in conflict, as a stash that did not fit leaves them: ${namePaths(unmerged, 8)}`,
    hint: `settle them in ${path} and mark them settled with git add, then run the command again`,
    choices: [isStandard ? leaveChoice : abandonChoice],
    details: { paths: unmerged },
  })
}

/** Commits a session's changes with the message that was given for them. */
export async function commitWork(context: Context, { worktree }: RegisteredSession, message: string): Promise<void> {
  await commitAll(context.git, worktree.path, message)
}

/** The commit the session's worktree is at, or, with changes that are yet to be committed, one that stands for what will be there then. */
export async function previewTip(context: Context, entry: RegisteredSession, hasChanges: boolean): Promise<string> {
  const head = await requireHead(context, entry)
  if (!hasChanges) return head
  const { worktree, gitDir } = entry
  const { tree } = await snapshotWorktree(context.git, { worktree: worktree.path, gitDir, message: 'preview' })
  return commitTree(context.git, { tree, parents: [head], message: 'preview' })
}

/** The commit the session's worktree is at now. */
export async function requireHead(context: Context, { session, worktree }: RegisteredSession): Promise<string> {
  const head = await resolveCommit(context.git.at(worktree.path), 'HEAD')
  if (head !== null) return head
  throw new FlightRulesError({
    kind: 'failed',
    code: 'NO_COMMITS',
    message: `session ${session.id} has no commit checked out`,
    hint: `look at it in ${worktree.path}`,
  })
}

function missing(id: string, path: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'failed',
    code: 'SESSION_MISSING',
    message: `the worktree of session ${id} is not at ${path} any more`,
    hint: 'if it was moved: git worktree repair <where it is now>; its commits and what was staged are still there',
    choices: [{ flag: '--strategy abandon', label: 'let it go; commits and index are kept under refs/flightrules/trash' }],
    details: { id, path },
  })
}
