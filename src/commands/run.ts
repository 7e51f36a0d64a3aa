import { FlightRulesError } from '../errors.ts'
import type { CommandSpec, Invocation, Outcome } from './command.ts'
import { openSession } from './session-argument.ts'

export const runInSessionCommand: CommandSpec = {
  name: 'run',
  summary: "run a command in a session, with the session's ports and variables",
  arguments: [
    { syntax: '<id>', description: 'the session' },
    { syntax: '<command...>', description: 'the command and its arguments, after --' },
  ],
  passThrough: true,
  examples: ['flightrules run auth -- npm run dev', 'flightrules run auth -- sh -c "echo $PORT"'],
  run: runCommandIn,
}

/** The command's own output and status are the answer. */
async function runCommandIn(invocation: Invocation): Promise<Outcome> {
  const { context, entry } = await openSession(invocation)
  const [, words] = invocation.arguments
  const command = Array.isArray(words) ? words.map(String) : []
  if (command.length === 0) {
    throw new FlightRulesError({ kind: 'usage', code: 'USAGE', message: 'there is no command to run', hint: `flightrules run ${entry.session.id} -- <command>` })
  }
  const { runInSession } = await import('../sessions/run-in-session.ts')
  const exitStatus = await runInSession(context, entry.session, entry.worktree.path, command)
  return { data: { exitStatus }, exitStatus }
}
