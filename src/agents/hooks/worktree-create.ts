import { randomBytes } from 'node:crypto'
import { isAbsolute } from 'node:path'
import { FlightRulesError } from '../../errors.ts'
import type { Context } from '../../sessions/context.ts'
import { commonDirOf } from '../../sessions/context.ts'
import { slugify } from '../../sessions/name.ts'
import { reconcile } from '../../sessions/reconcile.ts'
import { type StartResult, startSession } from '../../sessions/start.ts'
import { type AgentAnswer, type AgentCall, type AgentHandler, findText } from './agent-call.ts'
import { openCall } from './open-call.ts'

/**
 * The agent wants a worktree of its own: it gets a session as `start` makes one. Its path is the only thing on standard output. Nobody can be
 * asked, so nothing is: changes in the main worktree stay there, what nobody approved does not run. Fails only where no worktree could be made.
 */
export const worktreeCreate: AgentHandler = async (call) => {
  try {
    return await makeWorktree(call)
  } catch (error) {
    const { message, hint } = error as Error & { hint?: string }
    call.say(`flightrules: no worktree was made: ${message}${hint === undefined ? '' : ` — ${hint}`}\n`)
    if (call.env['FLIGHTRULES_DEBUG'] === '1') call.say(`${(error as Error).stack ?? ''}\n`)
    return { status: 1 }
  }
}

async function makeWorktree(call: AgentCall): Promise<AgentAnswer> {
  if (call.isOff)
    throw new Error('FLIGHTRULES=0 switches Flight Rules off, and making worktrees for agents with it; unset it for that')
  const cwd = findText(call, 'cwd')
  if (cwd === undefined || !isAbsolute(cwd)) throw new Error('the agent did not say where it is')
  const { context, worktrees } = await openCall(call, cwd)
  for (const { message } of (await reconcile(context, worktrees)).findings) call.say(`flightrules: ${message}\n`)
  const { session, path, findings, failedCommand } = await start(context, nameIt(call))
  for (const { message, hint } of findings) call.say(`flightrules: ${message}${hint === undefined ? '' : ` — ${hint}`}\n`)
  if (failedCommand !== null)
    call.say(`flightrules: setup failed: ${failedCommand.command}; once it is mended: flightrules setup ${session.id}\n`)
  if (session.setup?.status === 'untrusted')
    call.say('flightrules: its setup commands did not run: a person has to approve the config first — flightrules trust\n')
  call.say(`flightrules: ${path} is session ${session.id}\n`)
  return { status: 0, stdout: path }
}

/** Documented is `name`; other builds have said `worktree_name`. */
function nameIt(call: AgentCall): string {
  const wished = findText(call, 'name') ?? findText(call, 'worktree_name')
  return (wished === undefined ? undefined : slugify(wished)) ?? 'agent'
}

/** Names the agent wishes for may be taken, also by a folder nobody knows. From inside a session the new one stands on the work done there. */
async function start(context: Context, madeName: string): Promise<StartResult> {
  const input = {
    name: undefined,
    madeName,
    goals: [],
    base: undefined,
    fromHere: context.location.gitDir !== commonDirOf(context),
    issue: null,
    dirtyMain: { kind: 'proceed' },
    reuseBranch: false,
    setup: 'run',
    createdBy: 'agent',
  } as const
  try {
    return await startSession(context, input)
  } catch (error) {
    if (!(error instanceof FlightRulesError) || !/EXISTS|TAKEN|BRANCH/.test(error.code)) throw error
    const another = slugify(`${madeName.slice(0, 50)}-${randomBytes(3).toString('hex')}`) ?? madeName
    return startSession(context, { ...input, madeName: another })
  }
}
