import { applyPlan } from '../operations/apply-plan.ts'
import type { Plan } from '../operations/plan.ts'
import { FlightRulesError } from '../errors.ts'
import type { Context } from './context.ts'
import type { RegisteredSession } from './load-sessions.ts'
import { planProvision, type SetupWish } from './plan-provision.ts'
import type { StartResult } from './start.ts'
import { stepHandlers } from './steps/handlers.ts'
import type { Work } from './work.ts'

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
  const plan = await planSetup(context, setup)
  const work: Work = { context, worktree: worktree.path, gitDir, session, findings: [...plan.findings], failedCommand: null }
  await applyPlan(plan, stepHandlers, work, 'heal-hooks')
  return { session: work.session, path: worktree.path, findings: work.findings, failedCommand: work.failedCommand }
}
