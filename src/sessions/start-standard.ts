import { type Finding, FlightRulesError } from '../errors.ts'
import { listBranchTips } from '../git/branches.ts'
import { listWorktrees } from '../git/worktrees.ts'
import { withLock } from '../operations/lock.ts'
import { runOperation } from '../operations/operation.ts'
import type { Plan, Step } from '../operations/plan.ts'
import { adviseStart } from './advise-start.ts'
import { resolveBase } from './base-branch.ts'
import { findTakenName, refuseNestedStart, refuseTakenName } from './check-start.ts'
import { type Context, commonDirOf } from './context.ts'
import { loadSessions, type SessionSet } from './load-sessions.ts'
import { type ManifestEntry, toManifestEntry } from './manifest.ts'
import { firstFreeName, nameFromGoal, requireName } from './name.ts'
import { makeWork, makingKind, toMakingFacts } from './making-operation.ts'
import { makeSession } from './new-session.ts'
import { planProvision } from './plan-provision.ts'
import type { Session } from './session.ts'
import { redactGoals } from './session-secrets.ts'
import { writeHistoryStep, writeManifestStep, writeRecordStep } from './steps/write-record.ts'
import { toTimestamp } from './timestamp.ts'
import { requireTouch } from './touch.ts'

export interface StandardInput {
  readonly name: string | undefined
  readonly madeName?: string
  readonly goals: readonly string[]
  readonly issue: number | null
  /** Globs, seen from the root, of what it is going to change. */
  readonly touch?: readonly string[]
}

/** What `start --standard` would do; changes nothing. */
export async function previewStandardSession(context: Context, input: StandardInput): Promise<Plan> {
  const set = await loadSessions(context, await listWorktrees(context.git))
  return (await planStandard(context, set, input)).plan
}

/**
 * Registers work in the main worktree itself: a log and an entry, no worktree and no branch.
 * @throws FlightRulesError STANDARD_EXISTS, NESTED_SESSION, NO_COMMITS, BARE_REPOSITORY.
 */
export async function startStandardSession(
  context: Context,
  input: StandardInput,
): Promise<{ session: Session; entry: ManifestEntry; findings: readonly Finding[] }> {
  const started = await withLock(commonDirOf(context), { operation: 'start --standard', signal: context.signal }, async () => {
    const set = await loadSessions(context, await listWorktrees(context.git))
    const { plan, session } = await planStandard(context, set, input)
    const { steps } = plan
    const work = { ...makeWork(context, session, context.main, []), gitDir: set.main.gitDir }
    const facts = toMakingFacts(session, context.main)
    await runOperation(commonDirOf(context), makingKind('start'), { op: work.op, steps, facts, work })
    return { session, entry: toManifestEntry(session, context.main, context.main), others: set.registered }
  })
  const { others, ...made } = started
  return { ...made, findings: await adviseStart(context, started.session, others) }
}

async function planStandard(context: Context, set: SessionSet, asked: StandardInput): Promise<{ plan: Plan; session: Session }> {
  refuseNestedStart(context)
  if (context.bare) {
    throw new FlightRulesError({
      kind: 'usage',
      code: 'BARE_REPOSITORY',
      message: `${context.main} is a bare repository: it has no main worktree to work in`,
      hint: 'flightrules start --parallel',
    })
  }
  const touch = requireTouch(asked.touch ?? [])
  const { envFiles } = await planProvision(context, 'skip')
  const input = { ...asked, goals: await redactGoals(context, asked.goals, envFiles) }
  const running = set.registered.find((entry) => entry.worktree.main)
  if (running !== undefined) throw standardExists(running.session.id)
  const { worktree } = set.main
  const base = await resolveBase(context, await listBranchTips(context.git), worktree)
  const fromGoal = [input.madeName, ...input.goals.map(nameFromGoal)].find((name) => name !== undefined)
  const id =
    input.name === undefined
      ? firstFreeName(fromGoal ?? 'standard', (name) => findTakenName(name, set) !== undefined)
      : requireName(input.name)
  refuseTakenName(id, set)
  const branch = worktree.branch?.replace('refs/heads/', '') ?? null
  const made = await makeSession(context, set, {
    id,
    branch,
    base: branch ?? base.branch,
    baseCommit: worktree.head ?? base.oid,
    startsAt: worktree.head ?? base.oid,
    ownsBranch: false,
    goals: input.goals,
    mode: 'standard',
    createdBy: 'cli',
    issue: input.issue,
    touch,
  })
  const session: Session = { ...made, status: 'active', setup: { status: 'skipped', at: toTimestamp(context.now()), log: null } }
  const log: Step[] = session.sessionLog === null ? [] : [{ kind: 'create-session-log', undo: `delete ${session.sessionLog}` }]
  const steps = [writeRecordStep(session), writeManifestStep(), writeHistoryStep('started'), ...log]
  return { plan: { version: 1, command: 'start', steps, choices: [], findings: [] }, session }
}

function standardExists(id: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'STANDARD_EXISTS',
    message: `there is a standard session in the main worktree already: ${id}`,
    hint: `flightrules end ${id}`,
    choices: [{ flag: '--parallel', label: 'start in a worktree of its own' }],
    details: { id },
  })
}
