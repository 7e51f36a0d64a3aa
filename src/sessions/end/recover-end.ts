import { type Finding, FlightRulesError } from '../../errors.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import { freeMove, hasMoved, type Move, takeMoveBack } from '../../integrate/recover-land.ts'
import type { StepHandler, StepHandlers } from '../../operations/apply-plan.ts'
import type { JournalEntry } from '../../operations/journal.ts'
import { type OperationKind, StrangeEntryError } from '../../operations/operation.ts'
import { type Context, commonDirOf } from '../context.ts'
import { isWithin } from '../find-session.ts'
import { findProcessesIn, listOthers } from '../live-processes.ts'
import { loadSessions, type RegisteredSession } from '../load-sessions.ts'
import { retireSession } from '../retire-session.ts'
import { closeKept } from './close-kept.ts'
import { describeEnd } from './describe-end.ts'
import { type EndFacts, readEndFacts } from './end-facts.ts'
import { commitPoints, type EndKind } from './end-operation.ts'
import { noteEnded } from './note-ended.ts'
import { freeSession } from './free-session.ts'
import { isMerged } from './find-landing.ts'
import { requireBase } from './integrate-step.ts'
import { requireHead } from './ready-session.ts'
import { retirementOf } from './remove-step.ts'
import { noteRequest } from './request-step.ts'

/** What a recovery works on. */
interface EndRecovery {
  readonly context: Context
  readonly op: string
  readonly at: string
  readonly facts: EndFacts
  /** The session as it is now, undefined when it is gone. */
  readonly entry: RegisteredSession | undefined
  readonly findings: Finding[]
}

/** An end that was stopped: before its commit point nothing of it is left but commits, after it the session goes its way. */
export function recoverEnd(context: Context, kind: EndKind): OperationKind<EndRecovery> {
  return {
    kind,
    handlers: recoveryHandlers,
    commitPoint: commitPoints[kind],
    unlocked: new Set(['remove-worktree', 'note-request', 'mark-kept']),
    describe: ({ facts }, outcome) => describeEnd(kind, readEndFacts(facts), outcome),
    findings: ({ findings }) => findings,
    resume: (entry) => resumeEnd(context, entry),
    async isCommitted(_entry, { entry, facts }) {
      const { move, integrated, pr } = facts
      if (kind === 'end-merge') return integrated !== undefined || (move !== undefined && (await hasMoved(context.git, move)))
      if (kind === 'end-request') return pr !== undefined && entry !== undefined
      if (kind === 'end-keep') return entry?.session.status === 'kept'
      return entry === undefined
    },
  }
}

async function resumeEnd(context: Context, { facts, op, at }: JournalEntry): Promise<EndRecovery> {
  const known = readEndFacts(facts)
  const worktrees = await listWorktrees(context.git)
  const { move } = known
  const gitDirs = await loadSessions(context, worktrees)
  const all = [gitDirs.main, ...gitDirs.registered, ...gitDirs.unregistered, ...gitDirs.unreadable]
  const isKnown = ({ worktree, gitDir }: Move): boolean =>
    worktree === null || all.some((one) => one.worktree.path === worktree && one.gitDir === gitDir)
  if (move !== undefined && !isKnown(move))
    throw new StrangeEntryError(`${move.worktree ?? ''} is no worktree of this repository`)
  const entry = gitDirs.registered.find(({ session }) => session.uuid === known.uuid)
  return { context: { ...context, git: context.git.with({ FLIGHTRULES_OP: op }) }, op, at, facts: known, entry, findings: [] }
}

const nothing: StepHandler<EndRecovery> = { apply: async () => {} }

const recoveryHandlers: StepHandlers<EndRecovery> = {
  commit: { ...nothing, undo: (_step, recovery) => freeRecovered(recovery) },
  'complete-session-log': { ...nothing, undo: (_step, recovery) => freeRecovered(recovery) },
  'save-session-log': nothing,
  push: { ...nothing, undo: (_step, recovery) => freeRecovered(recovery) },
  'open-request': nothing,
  // an operation of its own, which is recovered for itself
  sync: nothing,
  integrate: {
    ...nothing,
    async undo(_step, { context, facts }) {
      const { move, since } = facts
      if (move === undefined || since === undefined) return
      await freeMove(commonDirOf(context), move, since)
      await takeMoveBack(context.git.withoutSignal(), move)
    },
  },
  'note-request': {
    async apply(_step, { context, entry, facts, op, findings }) {
      const { pr, branch } = facts
      if (entry === undefined || pr === undefined) return
      findings.push(...(await noteRequest(context, entry, { op, branch: branch ?? entry.session.branch ?? '', pr })))
    },
  },
  'mark-kept': {
    async apply(_step, { context, entry, facts, op, findings }) {
      const { integrated, move, pushed } = facts
      if (entry === undefined) return
      const merge = integrated ?? (move === undefined ? null : { into: facts.base, oid: move.to, from: move.from })
      findings.push(...(await closeKept(context, entry, { op, integrated: merge, pushed: pushed !== undefined })))
    },
  },
  'remove-worktree': {
    async apply(step, recovery) {
      const { context, entry, facts, op, findings } = recovery
      if (entry === undefined || facts.strategy !== 'merge') return
      const { session, worktree } = entry
      try {
        await requireNobodyIn(context, worktree.path)
        const { integrated, move } = facts
        const merge = integrated ?? (move === undefined ? null : { into: facts.base, oid: move.to, from: move.from })
        const tip = await requireHead(context, entry)
        const isIn = await isMerged(context, entry, await requireBase(context, entry), tip)
        if (!isIn) throw new Error(`it has commits by now that ${session.base} does not have`)
        const retired = await retireSession(context, entry, { ...retirementOf(step, 'merge', session.base, merge, op), tip })
        findings.push(...retired.findings)
      } catch (error) {
        if (error instanceof FlightRulesError && error.kind === 'interrupted') throw error
        findings.push({
          code: 'SESSION_LEFT',
          message: `session ${session.id} is merged into ${session.base}, and its worktree was left where it is: ${(error as Error).message}`,
          hint: `flightrules end ${session.id} --strategy merge    goes on from there`,
          details: { id: session.id },
        })
      }
    },
  },
  'drop-entry': nothing,
  'write-history': { apply: (_step, { context, facts, op }) => noteEnded(context, facts, op, { reason: 'standard' }) },
}

/** Nobody loses the directory they are in for something they asked for before. */
async function requireNobodyIn(context: Context, path: string): Promise<void> {
  if (isWithin(path, context.cwd)) throw new Error('this command runs in it')
  const inside = await findProcessesIn([path], 'quick')
  const [other] = inside === 'unknown' ? [] : await listOthers(inside)
  if (other !== undefined) throw new Error(`${other.name} (process ${other.pid}) is in it`)
}

async function freeRecovered({ context, entry, at, facts }: EndRecovery): Promise<void> {
  if (entry !== undefined) await freeSession(context, entry, at, facts.pushing?.tracking)
}
