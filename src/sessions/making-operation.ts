import { isAbsolute } from 'node:path'
import type { Finding } from '../errors.ts'
import { resolveExisting } from '../files/real-path.ts'
import { listAdminDirectories } from '../git/worktrees.ts'
import type { StepHandler } from '../operations/apply-plan.ts'
import type { Facts, JournalEntry } from '../operations/journal.ts'
import { type OperationKind, StrangeEntryError } from '../operations/operation.ts'
import type { Json, Step } from '../operations/plan.ts'
import { isAdminDirectory, isGone } from '../operations/trash/gate.ts'
import { type Context, commonDirOf } from './context.ts'
import { findNameProblem } from './name.ts'
import { isRecord, loadRecord } from './record.ts'
import { changeSession } from './save-session.ts'
import type { Session } from './session.ts'
import { stepHandlers } from './steps/handlers.ts'
import { provisionHandlers } from './steps/provision-steps.ts'
import { toTimestamp } from './timestamp.ts'
import type { Work } from './work.ts'

/** The operations that make a session or make it ready: from nothing, of a worktree somebody made, and again. */
export type MakingKind = 'start' | 'register' | 'setup'

/** What nobody runs again unasked: the project's own commands may take minutes, and may not bear it. */
const notRunAgain = ['run-setup', 'clone-dependencies']

/** Steps that run without the lock: they take time, and are the session's own matter. */
export const unlocked: ReadonlySet<string> = new Set(['carry-changes', ...Object.keys(provisionHandlers)])

export function makingKind(kind: MakingKind): Omit<OperationKind<Work>, 'resume' | 'isCommitted'> {
  return {
    kind,
    handlers: stepHandlers,
    commitPoint: kind === 'setup' ? 'heal-hooks' : 'write-record',
    unlocked,
    describe: ({ facts }, outcome) => describeRecovery(kind, String(facts['id']), outcome),
  }
}

/** As `makingKind`, for what another process left: everything is done but what takes long or is not ours, which is noted as interrupted. */
export function recoverMaking(context: Context, kind: MakingKind): OperationKind<Work> {
  const notAgain = Object.fromEntries(notRunAgain.map((name) => [name, interrupted]))
  const again = { ...stepHandlers, ...notAgain, 'carry-changes': carryAgainLater }
  const handlers = Object.fromEntries(Object.entries(again).map(([name, handler]) => [name, whileThere(handler)]))
  return {
    ...makingKind(kind),
    handlers,
    resume: (entry) => resumeWork(context, entry),
    findings: ({ findings }) => findings.filter(({ code }) => /^CARRY_|^CHANGES_/.test(code)),
    async isCommitted(entry, { gitDir, session }) {
      if (kind === 'setup' || gitDir === '') return kind === 'setup'
      const record = await loadRecord(gitDir)
      return record.state === 'valid' && record.session.uuid === session.uuid && entry.op !== ''
    },
  }
}

/** What the steps of a new operation work on. */
export function makeWork(context: Context, session: Session, path: string, findings: Finding[], op = session.uuid): Work {
  return {
    context: { ...context, git: context.git.with({ FLIGHTRULES_OP: op }) },
    op,
    worktree: path,
    gitDir: '',
    session,
    findings,
    failedCommand: null,
  }
}

export function toMakingFacts(session: Session, path: string): Facts {
  const { id, uuid } = session
  return { id, uuid, path, session: { version: 1, ...session } as unknown as Json }
}

async function resumeWork(context: Context, { facts, op, steps }: JournalEntry): Promise<Work> {
  const path = facts['path']
  const stored: unknown = facts['session']
  if (typeof path !== 'string' || !isAbsolute(path)) throw new StrangeEntryError('it names no worktree')
  if (!isRecord(stored)) throw new StrangeEntryError('what it says of the session is no record')
  const { version: _version, ...planned } = stored
  if (findNameProblem(planned.id) !== undefined)
    throw new StrangeEntryError(`${JSON.stringify(planned.id)} is no name of a session`)
  requireOwnSteps(steps, planned, path)
  const commonDir = commonDirOf(context)
  const isMain = path === context.main
  const gitDir = isMain ? commonDir : ((await listAdminDirectories(commonDir)).get(await resolveExisting(path)) ?? '')
  if (!isMain && gitDir !== '' && !isAdminDirectory(commonDir, gitDir))
    throw new StrangeEntryError(`${path} is no linked worktree`)
  const record = gitDir === '' ? undefined : await loadRecord(gitDir)
  const isSame = record?.state === 'valid' && record.session.uuid === planned.uuid
  const unstoppable = { ...context, git: context.git.withoutSignal() }
  return { ...makeWork(unstoppable, isSame ? record.session : planned, path, [], op), gitDir }
}

/** What the steps name must be what the session is: a worktree or branch of somebody else's is never taken back. */
function requireOwnSteps(steps: readonly Step[], { id, uuid, branch }: Session, path: string): void {
  const expected: Readonly<Record<string, unknown>> = { path, branch, id, key: uuid }
  for (const step of steps) {
    const wrong = Object.keys(expected).find((name) => step[name] !== undefined && step[name] !== expected[name])
    if (wrong !== undefined) throw new StrangeEntryError(`its step ${step.kind} is not about session ${id}: ${wrong}`)
  }
}

/** A session that was taken away since, by whatever means, needs nothing any more. */
function whileThere(handler: StepHandler<Work>): StepHandler<Work> {
  return {
    ...handler,
    async apply(step, work) {
      const record = work.gitDir === '' ? undefined : await loadRecord(work.gitDir)
      const isThere = record?.state === 'valid' && record.session.uuid === work.session.uuid && !(await isGone(work.worktree))
      if (isThere) await handler.apply(step, work)
    },
  }
}

const carryAgainLater: StepHandler<Work> = {
  apply: async (step, work) => (await import('./steps/carry-changes.ts')).carryAgain.apply(step, work),
}

const interrupted: StepHandler<Work> = { apply: (_step, work) => markInterrupted(work) }

async function markInterrupted(work: Work): Promise<void> {
  const { context, gitDir, session } = work
  const log = session.setup?.log ?? null
  const { session: stored } = await changeSession(context, gitDir, session, (current) =>
    current.setup?.status === 'ok' || current.setup?.status === 'failed'
      ? current
      : { ...current, setup: { status: 'interrupted', at: toTimestamp(context.now()), log } },
  )
  work.session = stored
}

function describeRecovery(kind: MakingKind, id: string, outcome: 'finished' | 'undone'): Pick<Finding, 'message' | 'hint'> {
  if (outcome === 'undone')
    return { message: `session ${id}, whose start was interrupted, was taken back; nobody had worked in it yet` }
  const what = kind === 'setup' ? `making session ${id} ready` : `making session ${id}`
  return {
    message: `${what} was interrupted; it was finished but for the project's own commands`,
    hint: `flightrules setup ${id}`,
  }
}
