import { randomUUID } from 'node:crypto'
import { runOperation } from '../operations/operation.ts'
import type { Plan } from '../operations/plan.ts'
import { FlightRulesError } from '../errors.ts'
import { resolveCommit } from '../git/refs.ts'
import { type Context, commonDirOf } from './context.ts'
import { requireReleased } from './foreign/is-held.ts'
import type { RegisteredSession } from './load-sessions.ts'
import { makeWork, makingKind, toMakingFacts } from './making-operation.ts'
import { planProvision, type SetupWish } from './plan-provision.ts'
import type { StartResult } from './start.ts'

/**
 * What making a session ready again would do.
 * @throws FlightRulesError SESSION_NOT_TRUSTED for somebody else's work that nobody approved.
 */
export async function planSetup(context: Context, { session, worktree }: RegisteredSession, setup: SetupWish): Promise<Plan> {
  const isForeign = session.foreign !== undefined
  const head = isForeign ? await resolveCommit(context.git.at(worktree.path), 'HEAD') : null
  await requireReleased(context, session, head, 'its setup does not run')
  const { steps, findings } = await planProvision(context, setup, isForeign ? 'released' : 'own')
  return { version: 1, command: 'setup', steps, choices: [], findings }
}

/**
 * Does again what a start does after the worktree is there; nothing that is there already is overwritten.
 * @throws FlightRulesError SESSION_MISSING, STANDARD_SESSION, SESSION_NOT_TRUSTED.
 */
export async function setupSession(context: Context, entry: RegisteredSession, setup: SetupWish): Promise<StartResult> {
  const { session, worktree, gitDir } = entry
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
  const { steps, findings } = await planSetup(context, entry, setup)
  const work = { ...makeWork(context, session, worktree.path, [...findings], randomUUID()), gitDir }
  const input = { op: work.op, steps, facts: toMakingFacts(session, worktree.path), work }
  await runOperation(commonDirOf(context), makingKind('setup'), input)
  return { session: work.session, path: worktree.path, findings: work.findings, failedCommand: work.failedCommand }
}
