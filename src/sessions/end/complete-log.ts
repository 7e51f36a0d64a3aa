import { type Finding, FlightRulesError } from '../../errors.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { commitAll } from '../../git/commit-all.ts'
import type { Commit } from '../../git/log.ts'
import { changedPaths, readStatus } from '../../git/status.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { changeLog, describeLogProblem, type LogProblem } from '../log/change-log.ts'
import { type Outcome, withOutcome } from '../log/outcome.ts'
import { toTimestamp } from '../timestamp.ts'
import { differsByRequestOnly } from './request-link.ts'

/**
 * Writes how a session ended into its log and commits the log, if it is not ignored. Doing it again replaces what was said.
 * @param message what somebody said commits are to be called, for where the project's hook refuses our words.
 * @param isPushed the commit will be pushed: one for a request's address alone would be reviewed and tested for nothing.
 * @throws FlightRulesError COMMIT_FAILED.
 */
export async function completeLog(
  context: Context,
  entry: RegisteredSession,
  outcome: Outcome,
  { message, isPushed }: { readonly message?: string | undefined; readonly isPushed: boolean },
): Promise<Finding[]> {
  const { session, worktree } = entry
  const { sessionLog } = session
  if (sessionLog === null) return []
  const at = toTimestamp(context.now())
  const problem = await changeLog(context, entry, (text) => withOutcome(text, outcome, at))
  if (problem === 'missing') return []
  const findings = problem === null ? [] : [notCompleted(problem, sessionLog)]
  if (problem === 'symlink') return findings
  const changed = changedPaths(await readStatus(context.git, worktree.path))
  if (!changed.includes(sessionLog)) return findings
  if (isPushed && (await differsByRequestOnly(context, worktree.path, sessionLog))) return findings
  await commitLog(context, session.id, worktree.path, sessionLog, message)
  return findings
}

function notCompleted(problem: LogProblem, log: string): Finding {
  const code = problem === 'symlink' ? 'SESSION_LOG_SYMLINK' : 'SESSION_LOG_NOT_COMPLETED'
  return { code, message: `the session log was not completed: ${describeLogProblem(problem, log)}` }
}

async function commitLog(
  { git }: Context,
  id: string,
  worktree: string,
  log: string,
  message: string | undefined,
): Promise<void> {
  try {
    await commitAll(git, worktree, subjectOf(id), [log])
  } catch (error) {
    if (!(error instanceof FlightRulesError) || error.code !== 'COMMIT_FAILED') throw error
    if (message !== undefined) {
      await commitAll(git, worktree, message, [log])
      return
    }
    const hint = `to commit the log with words of yours: flightrules end ${quoteForShell(id)} --commit "<message>"`
    const { kind, code, message: said, details } = error
    throw new FlightRulesError({ kind, code, message: said, hint, details, cause: error })
  }
}

/** The commits that are the session's work: completing its log is ours, also where a hook has put a ticket or trailers to our words. */
export function withoutLogCommits(id: string, commits: readonly Commit[]): Commit[] {
  return commits.filter(({ message }) => {
    const [subject = ''] = message.trim().split('\n')
    return !` ${subject} `.includes(` ${subjectOf(id)} `)
  })
}

function subjectOf(id: string): string {
  return `docs: session log of ${id}`
}
