import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FlightRulesError } from '../errors.ts'
import type { CommandSpec, Invocation, Outcome } from './command.ts'
import { openSession } from './session-argument.ts'

export const logCommand: CommandSpec = {
  name: 'log',
  summary: "print a session's log, or where it is",
  arguments: [{ syntax: '[id]', description: 'the session; default: the one this directory is in' }],
  options: [{ flags: '--path', description: "print the log file's path" }],
  examples: ['flightrules log auth', '$EDITOR "$(flightrules log --path)"'],
  run: printLog,
}

async function printLog(invocation: Invocation): Promise<Outcome> {
  const { entry, findings } = await openSession(invocation, 'read')
  const { session, worktree } = entry
  if (session.sessionLog === null) {
    throw new FlightRulesError({
      kind: 'failed',
      code: 'NO_SESSION_LOG',
      message: `session ${session.id} has no log: the project keeps none (sessionLog: false)`,
    })
  }
  const path = join(worktree.path, session.sessionLog)
  if (invocation.options['path'] === true) return { data: { path }, findings, view: (screen) => screen.data(path) }
  const text = await readFile(path, 'utf8').catch((error: unknown) => {
    throw new FlightRulesError({
      kind: 'failed',
      code: 'NO_SESSION_LOG',
      message: `the log of session ${session.id} cannot be read: ${(error as Error).message}`,
      hint: `flightrules setup ${session.id} --no-setup    creates it anew`,
    })
  })
  return { data: { path, text }, findings, view: (screen) => screen.data(text.trimEnd()) }
}
