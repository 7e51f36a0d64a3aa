import type { Finding } from '../../errors.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { changeLog, describeLogProblem } from '../log/change-log.ts'

/** Brings the one line of a session's log up to date that says when it was last synced; a log without that line stays as it is. */
export async function noteSyncInLog(
  context: Context,
  entry: Pick<RegisteredSession, 'session' | 'worktree'>,
  at: string,
): Promise<Finding[]> {
  const { id, base, sessionLog } = entry.session
  const report = (why: string): Finding[] => [
    {
      code: 'SESSION_LOG_NOT_UPDATED',
      message: `the session is synced, and its log ${sessionLog ?? ''} does not say so: ${why}`,
      details: { id, sessionLog },
    },
  ]
  try {
    const problem = await changeLog(context, entry, (text) => withSyncTime(text, base, at))
    // whoever keeps none, took it away or put a link in its place knows that
    if (problem === null || problem === 'none' || problem === 'missing' || problem === 'symlink') return []
    return report(describeLogProblem(problem, sessionLog ?? ''))
  } catch (error) {
    return report((error as Error).message)
  }
}

/** The log with another time in the line that `start` wrote above its first section; the rest, line ends and all, is a person's. */
export function withSyncTime(text: string, base: string, at: string): string {
  const start = `- Last synced with ${base}: `
  const sections = text.search(/^##[ \t]/m)
  const header = sections === -1 ? text : text.slice(0, sections)
  let from = header.startsWith(start) ? 0 : header.indexOf(`\n${start}`) + 1
  if (from === 0 && !header.startsWith(start)) return text
  from += start.length
  const length = text.slice(from).search(/[\r\n]|$/)
  return `${text.slice(0, from)}${at}${text.slice(from + length)}`
}
