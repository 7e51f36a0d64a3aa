import { join } from 'node:path'
import { FlightRulesError } from '../errors.ts'
import type { CommandSpec, Invocation, Outcome } from './command.ts'
import { openSession } from './session-argument.ts'

export const logCommand: CommandSpec = {
  name: 'log',
  summary: "print a session's log, say where it is, or add to it",
  arguments: [{ syntax: '[id]', description: 'the session; default: the one this directory is in' }],
  options: [
    { flags: '--path', description: "print the log file's path" },
    {
      flags: '--append <section>',
      description: 'add Markdown to the end of plan, summary, decisions or next-steps, from --text or standard input',
      offered: ['plan', 'summary', 'decisions', 'next-steps'],
    },
    { flags: '--text <text>', description: 'append: the text' },
  ],
  examples: [
    'flightrules log auth',
    '$EDITOR "$(flightrules log --path)"',
    'flightrules log --append decisions --text "Tokens live for an hour"',
    'flightrules log auth --append plan < plan.md',
  ],
  run: runLog,
}

async function runLog(invocation: Invocation): Promise<Outcome> {
  const { append, text, path } = invocation.options
  if (typeof append === 'string' && path !== true) return (await import('./append-log.ts')).appendLog(invocation, append)
  if (append === undefined && text === undefined) return printLog(invocation)
  const [message, hint] =
    append === undefined
      ? ['--text is what --append adds', 'flightrules log --append plan --text "…"']
      : ['--append and --path are two things to do', 'leave one of them out']
  throw new FlightRulesError({ kind: 'usage', code: 'USAGE', message, hint })
}

async function printLog(invocation: Invocation): Promise<Outcome> {
  const { entry, findings } = await openSession(invocation, 'read')
  const { session, worktree } = entry
  const [{ refusal }, { largestLog }, { readRegular }] = await Promise.all([
    import('../sessions/log/refusal.ts'),
    import('../sessions/log/change-log.ts'),
    import('../files/read-regular.ts'),
  ])
  if (session.sessionLog === null) throw refusal(session, 'none')
  const path = join(worktree.path, session.sessionLog)
  if (invocation.options['path'] === true) return { data: { path }, findings, view: (screen) => screen.data(path) }
  const bytes = await readRegular(path, largestLog).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw refusal(session, 'missing')
    throw new FlightRulesError({
      kind: 'failed',
      code: 'NO_SESSION_LOG',
      message: `the log of session ${session.id} cannot be read: ${error.message}`,
    })
  })
  if (bytes === undefined) throw refusal(session, 'no-text')
  const text = bytes.toString()
  return { data: { path, text }, findings, view: (screen) => screen.data(text.trimEnd()) }
}
