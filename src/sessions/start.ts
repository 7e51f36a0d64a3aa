import type { Finding } from '../errors.ts'
import { readStatus, changedPaths } from '../git/status.ts'
import { listWorktrees } from '../git/worktrees.ts'
import { withLock } from '../operations/lock.ts'
import { beginOperation } from '../operations/operation.ts'
import type { Plan } from '../operations/plan.ts'
import { adviseStart } from './advise-start.ts'
import { refuseNestedStart } from './check-start.ts'
import { type Context, commonDirOf } from './context.ts'
import { loadSessions } from './load-sessions.ts'
import { planStart } from './plan-start.ts'
import { makeWork, makingKind, toMakingFacts, unlocked } from './making-operation.ts'
import { loadRecord } from './record.ts'
import { findUnsettled, refuseUnsettledMain, settleDirtyMain } from './settle-dirty-main.ts'
import type { Session } from './session.ts'
import { refuseDirtyMain, type StartInput } from './start-input.ts'
import type { Work } from './work.ts'

export interface StartResult {
  readonly session: Session
  /** Absolute path of the worktree. */
  readonly path: string
  readonly findings: readonly Finding[]
  /** The first of the project's commands that failed, null when none did. */
  readonly failedCommand: Work['failedCommand']
}

/** What `start` would do; changes nothing. */
export async function previewStart(context: Context, input: StartInput): Promise<Plan> {
  await checkStart(context, input)
  const set = await loadSessions(context, await listWorktrees(context.git))
  return (await planStart(context, set, input)).plan
}

/**
 * Makes a session: branch, worktree and record under the lock; then env files, dependencies, ports and the
 * project's commands outside it.
 * @throws FlightRulesError with the refusals documented for `start`; nothing was changed then.
 */
export async function startSession(context: Context, input: StartInput): Promise<StartResult> {
  await checkStart(context, input)
  const lock = { operation: `start ${input.name ?? ''}`.trim(), signal: context.signal }
  const commonDir = commonDirOf(context)
  const { work, path, operation, rest, others } = await withLock(commonDir, lock, async () => {
    const set = await loadSessions(context, await listWorktrees(context.git))
    // refusals first: nothing is committed or stashed for a session that cannot be
    if (input.dirtyMain.kind === 'commit' || input.dirtyMain.kind === 'stash') await planStart(context, set, input)
    const settled = await settleDirtyMain(context, input.dirtyMain)
    const { plan, session, path } = await planStart(context, set, input)
    const { steps } = plan
    const work = makeWork(context, session, path, [...plan.findings, ...settled])
    const facts = toMakingFacts(session, path)
    const operation = await beginOperation(commonDir, makingKind('start'), { op: work.op, steps, facts, work })
    await operation.apply(steps.filter((step) => !unlocked.has(step.kind)))
    return { work, path, operation, rest: steps.filter((step) => unlocked.has(step.kind)), others: set.registered }
  })
  if (input.request !== undefined) {
    const { forgetFetched } = await import('./foreign/fetch-request.ts')
    await forgetFetched(context, input.request)
  }
  await operation.apply(rest)
  await operation.end()
  const advice = await adviseStart(context, work.session, others)
  return { session: work.session, path, findings: [...work.findings, ...advice], failedCommand: work.failedCommand }
}

/** Refusals that need no lock: they are about where the command runs, not about what others do meanwhile. */
async function checkStart(context: Context, input: StartInput): Promise<void> {
  const { kind } = input.dirtyMain
  const asksDirty = !context.bare && kind !== 'proceed'
  const [status, standard] = await Promise.all([
    asksDirty ? readStatus(context.git, context.main) : undefined,
    loadRecord(commonDirOf(context)),
  ])
  if (!input.fromHere) refuseNestedStart(context)
  if (status === undefined) return
  const unsettled = await findUnsettled(context, status)
  if (kind !== 'refuse') return unsettled === null ? undefined : refuseUnsettledMain(context, unsettled)
  const log = standard.state === 'valid' ? standard.session.sessionLog : null
  const paths = changedPaths(status).filter((path) => path !== log)
  if (paths.length > 0) refuseDirtyMain(context.main, paths, unsettled === null)
}
