import { FlightRulesError } from '../errors.ts'
import type { Plan } from '../operations/plan.ts'
import type { CommandSpec, Invocation, Outcome } from './command.ts'
import { openSession, requireWorktree } from './session-argument.ts'

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

/** The command's own output and status are the answer; under --json the document is, and the output goes to standard error. */
async function runCommandIn(invocation: Invocation): Promise<Outcome> {
  const { context, entry, findings } = await openSession(invocation, 'read')
  const [, words] = invocation.arguments
  const command = Array.isArray(words) ? words.map(String) : []
  if (command.length === 0) {
    throw new FlightRulesError({
      kind: 'usage',
      code: 'USAGE',
      message: 'there is no command to run',
      hint: `flightrules run ${entry.session.id} -- <command>`,
    })
  }
  await requireWorktree(entry)
  const { path } = entry.worktree
  if (invocation.dryRun) return preview(command, path)
  const { runInSession } = await import('../sessions/run-in-session.ts')
  const exitStatus = await runInSession(context, entry.session, path, command, invocation.json ? 'stderr' : 'inherit')
  return { data: { exitStatus }, findings: invocation.json ? findings : [], exitStatus }
}

async function preview(command: readonly string[], path: string): Promise<Outcome> {
  const step = { kind: 'run', command, path, undo: 'what a command did is its own to take back' }
  const plan: Plan = { version: 1, command: 'run', steps: [step], choices: [], findings: [] }
  const { renderPlan } = await import('../ui/views/plan-view.ts')
  return { data: { plan }, view: (screen) => screen.answer(renderPlan(plan)) }
}
