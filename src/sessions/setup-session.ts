import { randomUUID } from 'node:crypto'
import { runOperation } from '../operations/operation.ts'
import type { Plan } from '../operations/plan.ts'
import { FlightRulesError } from '../errors.ts'
import { type Context, commonDirOf } from './context.ts'
import type { RegisteredSession } from './load-sessions.ts'
import { makeWork, makingKind, toMakingFacts } from './making-operation.ts'
import { planProvision, type SetupWish } from './plan-provision.ts'
import type { StartResult } from './start.ts'

/** What making a session ready again would do. */
export async function planSetup(context: Context, setup: SetupWish): Promise<Plan> {
  const { steps, findings } = await planProvision(context, setup)
  return { version: 1, command: 'setup', steps, choices: [], findings }
}

/**
 * Does again what a start does after the worktree is there; nothing that is there already is overwritten.
 * @throws FlightRulesError SESSION_MISSING, STANDARD_SESSION.
 */
export async function setupSession(
  context: Context,
  { session, worktree, gitDir }: RegisteredSession,
  setup: SetupWish,
): Promise<StartResult> {
  if (worktree.prunable !== null) {
    throw new FlightRulesError({
      kind: 'failed',
      code: 'SESSION_MISSING',
      message: `the worktree of session ${session.id} is not at ${worktree.path} any more`,
      hint: 'if it was moved: git worktree repair <where it is now>',
    })
  }
  if (session.mode === 'standard') {
    throw new FlightRulesError({
      kind: 'usage',
      code: 'STANDARD_SESSION',
      message: `session ${session.id} works in the main worktree, which is not set up by Flight Rules`,
      hint: 'name a session with a worktree of its own',
    })
  }
  const { steps, findings } = await planSetup(context, setup)
  const work = { ...makeWork(context, session, worktree.path, [...findings], randomUUID()), gitDir }
  const input = { op: work.op, steps, facts: toMakingFacts(session, worktree.path), work }
  await runOperation(commonDirOf(context), makingKind('setup'), input)
  return { session: work.session, path: worktree.path, findings: work.findings, failedCommand: work.failedCommand }
}
