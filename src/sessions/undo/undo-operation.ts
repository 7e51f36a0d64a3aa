import { join } from 'node:path'
import type { Finding } from '../../errors.ts'
import { freeMove, hasMoved, type Move, takeMoveBack } from '../../integrate/recover-land.ts'
import { moveBranch } from '../../integrate/move-back.ts'
import type { StepHandlers } from '../../operations/apply-plan.ts'
import { appendHistory, type HistoryEntry, loadHistory } from '../../operations/history.ts'
import type { JournalEntry } from '../../operations/journal.ts'
import { withLock } from '../../operations/lock.ts'
import { type OperationKind, StrangeEntryError } from '../../operations/operation.ts'
import type { Step } from '../../operations/plan.ts'
import { readGitEntry } from '../../git/locate-repository.ts'
import { readRef, updateRefs } from '../../git/refs.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import { type Context, commonDirOf } from '../context.ts'
import { loadSessions, type RegisteredSession } from '../load-sessions.ts'
import { removeRecord } from '../record.ts'
import { loadTrashEntries } from '../restore/trash-entries.ts'
import { restoreSession } from '../restore/restore-session.ts'
import { retireSession } from '../retire-session.ts'
import { changeSession, refreshManifest } from '../save-session.ts'
import { readUndoFacts, type UndoFacts } from './undo-facts.ts'

/** The step that decides, by what is undone. */
export const undoCommitPoints = {
  'undo-move': 'move-branch-back',
  'undo-restore': 'restore-session',
  'undo-remove': 'remove-session',
  'undo-change': 'change-record',
  'undo-branch': 'recreate-branch',
} as const

export type UndoKind = keyof typeof undoCommitPoints

export interface UndoWork {
  readonly context: Context
  readonly op: string
  readonly facts: UndoFacts
  readonly findings: Finding[]
  /** Where what came back is. */
  readonly paths: string[]
  readonly mode: 'run' | 'recover'
}

const handlers: StepHandlers<UndoWork> = {
  'move-branch-back': {
    async apply(step, work) {
      const { context } = work
      const lock = { operation: 'undo', signal: context.signal }
      const move = toMove(step)
      await withLock(commonDirOf(context), lock, () => moveBranch(context.git.withoutSignal(), move))
    },
    async undo(step, { context, facts, mode }) {
      const git = context.git.withoutSignal()
      const move = toMove(step)
      // what fails here and now takes itself back
      if (mode === 'run' || (await hasMoved(git, move))) return
      await freeMove(commonDirOf(context), move, facts.since)
      await takeMoveBack(git, move)
    },
  },
  'restore-session': {
    async apply(step, work) {
      const { context } = work
      const trash = String(step.trash)
      if ((await findSession(context, String(step.uuid))) !== undefined) return
      const entry = (await loadTrashEntries(context)).find(({ item }) => item.trash === trash)
      if (entry === undefined) throw new Error(`${trash} is not in the trash any more`)
      const { path, findings } = await restoreSession(context, { entry })
      work.paths.push(path)
      work.findings.push(...findings)
    },
  },
  'recreate-branch': {
    async apply(step, { context }) {
      const ref = toBranchRef(step)
      if ((await readRef(context.git, ref)) === null)
        await updateRefs(context.git, [{ ref, new: String(step.tip), old: null }], 'flightrules undo')
    },
  },
  'remove-session': {
    async apply(step, { context, facts, findings }) {
      const entry = await findSession(context, String(step.uuid))
      if (entry === undefined) return
      const { session, worktree } = entry
      const retired = await retireSession(context, entry, {
        reason: facts.event === 'started' ? 'start undone' : 'restore undone',
        event: 'ended',
        tip: worktree.head,
        content: 'any',
        deleteBranch: session.ownsBranch,
        details: { of: facts.of },
      })
      findings.push(...retired.findings)
    },
  },
  'change-record': {
    async apply(step, { context, findings }) {
      const entry = await findSession(context, String(step.uuid))
      if (entry === undefined) return
      const { gitDir, session } = entry
      if (step.to === 'active') {
        findings.push(...(await changeSession(context, gitDir, session, (now) => ({ ...now, status: 'active' }))).findings)
        return
      }
      const lock = { operation: 'undo', signal: context.signal }
      await withLock(commonDirOf(context), lock, async () => {
        await removeRecord(gitDir)
        findings.push(...(await refreshManifest(context, new Set([session.id]))))
      })
    },
  },
  'write-history': {
    async apply(_step, { context, op, facts }) {
      const commonDir = commonDirOf(context)
      const history = await loadHistory(commonDir)
      if (history.some((entry) => entry.event === 'undone' && entry.op === op)) return
      const { id, uuid, of, event, since } = facts
      const within = restoredSince(history, facts.trash, since)
      await appendHistory(commonDir, {
        at: context.now().toISOString(),
        event: 'undone',
        id,
        uuid,
        op,
        of,
        what: event,
        with: within,
      })
    },
  },
}

/** The restores that were part of it: they are not to be undone for themselves. */
function restoredSince(history: readonly HistoryEntry[], trash: readonly string[], since: string): string[] {
  const own = history.filter(
    (entry) =>
      entry.event === 'restored' && entry.at >= since && trash.includes(String(entry['trash'])) && entry.op !== undefined,
  )
  return own.map((entry) => entry.op ?? '')
}

/** Undoing an operation. Interrupted before its first step is done it is as if it had not been asked for, after that it is finished. */
export function undoOperation(context: Context, kind: UndoKind): OperationKind<UndoWork> {
  return {
    kind,
    handlers,
    commitPoint: undoCommitPoints[kind],
    unlocked: new Set(['recreate-branch', 'restore-session', 'remove-session', 'change-record', 'write-history']),
    describe({ facts }, outcome) {
      const { id, event } = readUndoFacts(facts)
      return outcome === 'finished'
        ? { message: `an undo that was interrupted was finished: ${event} of session ${id} is undone` }
        : { message: `an undo that was interrupted was taken back: ${event} of session ${id} stands`, hint: 'flightrules undo' }
    },
    findings: ({ findings }) => findings,
    async resume(entry) {
      return makeUndoWork(context, entry.op, readUndoFacts(entry.facts), 'recover')
    },
    isCommitted: (entry) => isCommitted(context, kind, entry),
  }
}

export function makeUndoWork(context: Context, op: string, facts: UndoFacts, mode: UndoWork['mode']): UndoWork {
  return { context, op, facts, findings: [], paths: [], mode }
}

async function isCommitted(context: Context, kind: UndoKind, { steps }: JournalEntry): Promise<boolean> {
  const step = steps.find((one) => one.kind === undoCommitPoints[kind])
  if (step === undefined) throw new StrangeEntryError(`it has no step ${undoCommitPoints[kind]}`)
  if (kind === 'undo-move') return hasMoved(context.git, await requireKnownMove(context, toMove(step)))
  if (kind === 'undo-branch') return (await readRef(context.git, toBranchRef(step))) !== null
  const entry = await findSession(context, String(step.uuid))
  if (kind === 'undo-restore') return entry !== undefined
  if (kind === 'undo-remove' || step.to === 'drop') return entry === undefined
  return entry?.session.status === 'active'
}

async function requireKnownMove(context: Context, move: Move): Promise<Move> {
  const { worktree, gitDir } = move
  if (worktree === null && gitDir === null) return move
  const isListed = (await listWorktrees(context.git)).some(({ path }) => path === worktree)
  if (isListed && (await readGitEntry(join(worktree ?? '', '.git'))) === gitDir) return move
  throw new StrangeEntryError(`${move.worktree} is no worktree of this repository`)
}

/** @throws StrangeEntryError. */
function toMove({ ref, from, to, worktree, gitDir }: Step): Move {
  const isOid = (value: unknown): value is string => typeof value === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(value)
  const isPath = (value: unknown): value is string | null => value === null || typeof value === 'string'
  if (typeof ref !== 'string' || !/^refs\/heads\/(?!.*\.\.)[^\0-\x20~^:?*[\\]+$/.test(ref) || !isOid(from) || !isOid(to))
    throw new StrangeEntryError('it moves something that is no branch')
  if (!isPath(worktree) || !isPath(gitDir)) throw new StrangeEntryError('it names no worktree')
  return { ref, from, to, worktree, gitDir }
}

/** @throws StrangeEntryError. */
function toBranchRef({ branch, tip }: Step): string {
  const isName = typeof branch === 'string' && /^(?!.*\.\.)[^\0-\x20~^:?*[\\]+$/.test(branch)
  if (isName && typeof tip === 'string' && /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.test(tip)) return `refs/heads/${branch}`
  throw new StrangeEntryError('it makes something that is no branch')
}

async function findSession(context: Context, uuid: string): Promise<RegisteredSession | undefined> {
  const set = await loadSessions(context, await listWorktrees(context.git))
  return set.registered.find(({ session }) => session.uuid === uuid)
}
