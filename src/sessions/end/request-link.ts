import { join } from 'node:path'
import { type Finding, FlightRulesError } from '../../errors.ts'
import { readRegular } from '../../files/read-regular.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { changeLog, describeLogProblem, largestLog } from '../log/change-log.ts'
import { withoutRequest, withRequest } from '../log/outcome.ts'

/**
 * Writes into the log where its request is, once that is known. The log was pushed by then, so it stays uncommitted, which is in nobody's way,
 * until the next commit takes it: pushing once more would have everything checked a second time.
 */
export async function linkRequest(context: Context, entry: RegisteredSession, url: string): Promise<Finding[]> {
  const { session, worktree } = entry
  if (worktree.prunable !== null) return []
  const report = (why: string): Finding[] => [
    {
      code: 'SESSION_LOG_NOT_UPDATED',
      message: `${url} is open, and the session log does not name it: ${why}`,
      details: { id: session.id, url },
    },
  ]
  try {
    const problem = await changeLog(context, entry, (text) => withRequest(text, url))
    if (problem === null || problem === 'none' || problem === 'missing' || problem === 'symlink') return []
    return report(describeLogProblem(problem, session.sessionLog ?? ''))
  } catch (error) {
    if (error instanceof FlightRulesError && error.kind === 'interrupted') throw error
    return report((error as Error).message)
  }
}

/** Whether the log says nothing that is not committed but where its request is. */
export async function differsByRequestOnly({ git }: Context, worktree: string, log: string): Promise<boolean> {
  const { status, stdout } = await git.run(['cat-file', 'blob', `HEAD:${log}`], { cwd: worktree, accept: [0, 128] })
  const now = await readRegular(join(worktree, log), largestLog)
  // git may have stored other line ends
  const plain = (text: string): string => withoutRequest(text.replaceAll('\r\n', '\n'))
  return status === 0 && now !== undefined && plain(stdout) === plain(now.toString())
}
