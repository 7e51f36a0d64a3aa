import type { StatusReport } from '../../sessions/session-status.ts'
import { requireAnswer } from './require-answer.ts'
import type { OwnProgram } from './run-own-command.ts'

interface LogResource {
  readonly uri: string
  readonly name: string
  readonly description: string
  readonly mimeType: string
}

/** One for each session that has a log. */
export async function listLogs(program: OwnProgram, signal: AbortSignal): Promise<LogResource[]> {
  const { sessions } = (await requireAnswer(['status'], program, signal)) as StatusReport
  return sessions
    .filter(({ sessionLog }) => sessionLog !== null)
    .map(({ id, goals }) => ({
      uri: `flightrules://sessions/${encodeURIComponent(id)}/log`,
      name: `log of ${id}`,
      description: goals.join('; ') || `The log of session ${id}.`,
      mimeType: 'text/markdown',
    }))
}

export async function readLog(id: string, program: OwnProgram, signal: AbortSignal): Promise<string> {
  const { text } = (await requireAnswer(['log', '--', id], program, signal)) as { readonly text: string }
  return text
}
