import { randomUUID } from 'node:crypto'
import { type Finding, FlightRulesError } from '../../errors.ts'
import { beginOperation, type Operation } from '../../operations/operation.ts'
import type { Step } from '../../operations/plan.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { redactError } from '../session-secrets.ts'
import { type CheckedEnd, checkEnd } from './check-end.ts'
import { claimEnd, requireStillThere, requireUnclaimed } from './claim-end.ts'
import { type Ended, type EndInput, emptyResult } from './end-input.ts'
import { endMissing } from './end-missing.ts'
import { type EndKind, endKind } from './end-operation.ts'
import type { EndWork } from './end-work.ts'
import { findOthersConflict } from './find-others-conflict.ts'
import { planEndSteps } from './plan-end.ts'
import { preferLanding } from './find-landing.ts'
import { freeSession } from './free-session.ts'
import { compareUrlOf } from './request-destination.ts'
import { requireUnused } from './require-unused.ts'

/**
 * Ends a session by one of the four strategies, as an operation in the journal. Whatever fails leaves it whole, and the same call goes on from
 * there.
 * @throws FlightRulesError as documented for `end`; SESSION_ENDING and SESSION_ENDED (exit 5) when somebody else does it.
 */
export async function endSession(context: Context, entry: RegisteredSession, input: EndInput): Promise<Ended> {
  try {
    return await endByStrategy(context, entry, input)
  } catch (error) {
    throw await redactError(context, entry, error)
  }
}

async function endByStrategy(context: Context, entry: RegisteredSession, wanted: EndInput): Promise<Ended> {
  if (entry.worktree.prunable !== null && wanted.strategy === 'abandon') return endMissing(context, entry, wanted)
  await requireUnclaimed(context, entry)
  const { input, findings } = await preferLanding(context, entry, wanted)
  const { used, checked } = await check(context, entry, input)
  const work = makeEndWork(context, entry, input, checked)
  const steps = planEndSteps(context, entry, input, checked)
  const { session, worktree } = entry
  const { id, uuid, base, branch } = session
  const { strategy } = input
  const facts = { id, uuid, base, branch, path: worktree.path, strategy }
  const kind = endKind(kindOf(entry, input))
  const operation = await claimEnd(context, entry, () =>
    beginOperation(commonDirOf(context), kind, { op: work.op, steps, facts, work }),
  )
  work.note = (more) => operation.note(more)
  work.findings.push(...findings, ...used)
  await carryOut(operation, steps, work)
  return { result: work.result, findings: work.findings }
}

/** Whoever is told what failed decides what comes next: nothing of it is gone on with behind their back. */
async function carryOut(operation: Operation, steps: readonly Step[], work: EndWork): Promise<void> {
  const since = new Date().toISOString()
  try {
    await operation.apply(steps)
  } catch (error) {
    if (work.result.path !== null) await freeSession(work.context, work.entry, since, work.tracking)
    const isInterrupted = error instanceof FlightRulesError && error.kind === 'interrupted'
    if (work.result.integrated !== null && !isInterrupted) await operation.end()
    throw error
  }
  await operation.end()
}

async function check(
  context: Context,
  entry: RegisteredSession,
  input: EndInput,
): Promise<{ used: Finding[]; checked: CheckedEnd }> {
  try {
    const used = await requireUnused(context, entry, input)
    const others = await findOthersConflict(context, entry, input)
    return { used: [...used, ...others], checked: await checkEnd(context, entry, input) }
  } catch (error) {
    // what is found out about a session that somebody else is just ending is not worth telling
    await requireStillThere(context, entry)
    await requireUnclaimed(context, entry)
    throw error
  }
}

function kindOf({ session }: RegisteredSession, { strategy }: EndInput): EndKind {
  if (session.mode === 'standard') return 'end-standard'
  return strategy === 'pr' ? 'end-request' : `end-${strategy}`
}

function makeEndWork(context: Context, entry: RegisteredSession, input: EndInput, checked: CheckedEnd): EndWork {
  const op = randomUUID()
  const { session, worktree } = entry
  const strategy = session.mode === 'standard' ? 'keep' : input.strategy
  const url =
    checked.request !== null && input.pushOnly
      ? { compareUrl: compareUrlOf(entry, checked.request.branch, checked.request.destination) }
      : {}
  return {
    context: { ...context, git: context.git.with({ FLIGHTRULES_OP: op }) },
    op,
    entry,
    input,
    checked,
    result: { ...emptyResult(session.id, strategy, worktree.path), ...url },
    findings: [...checked.findings],
    note: async () => {},
  }
}
