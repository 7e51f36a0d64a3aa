import { randomUUID } from 'node:crypto'
import type { SyncMethod } from '../../config/types.ts'
import { type Finding, FlightRulesError } from '../../errors.ts'
import { namePaths } from '../../files/quote-path.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import type { Git } from '../../git/git.ts'
import { GitError } from '../../git/git-error.ts'
import { findOperationInProgress } from '../../git/operation-in-progress.ts'
import { settlePaths } from '../../git/settle-paths.ts'
import { readStatus } from '../../git/status.ts'
import type { StepHandlers } from '../../operations/apply-plan.ts'
import { beginOperation, type OperationKind } from '../../operations/operation.ts'
import type { Step } from '../../operations/plan.ts'
import { withLock } from '../../operations/lock.ts'
import { type Context, commonDirOf } from '../context.ts'
import { requireUnclaimed } from '../end/claim-end.ts'
import { freeSession } from '../end/free-session.ts'
import { type RegisteredSession } from '../load-sessions.ts'
import { requireRoomFor } from './carry-over.ts'
import { findSynced } from './find-synced.ts'
import { noteSynced } from './note-synced.ts'
import type { SyncQuestion } from './prepare-sync.ts'
import { readSyncFacts, type SyncFacts } from './sync-facts.ts'

interface LeaveWork {
  readonly context: Context
  readonly facts: SyncFacts
  readonly leaveOut: string | null
  readonly entry: RegisteredSession | undefined
  readonly findings: Finding[]
  /** git may have changed something. */
  isUnderWay: boolean
}

/**
 * Begins the real rebase or merge of a session whose tracked files have no changes, and leaves it where it stops.
 * @returns where the session is now, if it went through after all.
 * @throws FlightRulesError CONFLICTS_LEFT (exit 4), with what to do; UNCOMMITTED, IN_THE_WAY and SYNC_FAILED leave the session as it was.
 */
export async function leaveConflicts(
  context: Context,
  entry: RegisteredSession,
  question: SyncQuestion,
  base: Pick<SyncFacts, 'base' | 'onto'>,
): Promise<{ readonly to: string; readonly findings: readonly Finding[] }> {
  const { session, worktree } = entry
  const { build, head, ref, changed } = question
  if (changed.length > 0) throw uncommitted(entry, changed)
  const { method, onto: ontoOid, leaveOut } = build
  const { id, uuid } = session
  const unchanged = { files: head, index: head, newFiles: ontoOid, newIndex: ontoOid, to: ontoOid }
  const since = context.now().toISOString()
  const facts: SyncFacts = { id, uuid, path: worktree.path, ref, ...base, ontoOid, method, head, ...unchanged, since }
  await requireRoomFor(context.git, entry, facts)
  const op = randomUUID()
  const git = context.git.with({ FLIGHTRULES_OP: op })
  const work: LeaveWork = { context: { ...context, git }, facts, leaveOut, entry, findings: [], isUnderWay: false }
  const steps = [leavingStep(id, method, base.onto)]
  const lock = { operation: `sync ${id}`, waitMs: context.lockWaitMs, signal: context.signal }
  const operation = await withLock(commonDirOf(context), lock, async () => {
    await requireUnclaimed(context, entry)
    return beginOperation(commonDirOf(context), leavingOperation(context), { op, steps, facts: { ...facts }, work })
  })
  await operation.apply(steps)
  await operation.end()
  if (findOperationInProgress(entry.gitDir) !== null) throw await conflictsLeft(context, facts)
  const to = await context.git.readLine(['rev-parse', 'HEAD'], { cwd: worktree.path })
  return { to, findings: await noteSynced(context, entry, { ...facts, to }, op) }
}

export function leavingStep(id: string, method: SyncMethod, onto: string): Step {
  return { kind: 'leave-conflicts', id, method, onto, undo: `git ${method} --abort in the session` }
}

const handlers: StepHandlers<LeaveWork> = {
  'leave-conflicts': {
    async apply(_step, work) {
      const { context, facts, leaveOut, entry } = work
      // stopped half-way it leaves files half written
      const git = context.git.withoutSignal().at(facts.path).with({ GIT_EDITOR: 'true' })
      // git has no way to keep a rebase from writing over ignored files, and there was time to write some
      if (entry !== undefined && findOperationInProgress(entry.gitDir) === null) await requireRoomFor(context.git, entry, facts)
      work.isUnderWay = true
      try {
        await git.run(argumentsOf(facts, leaveOut))
      } catch (error) {
        if (!(error instanceof GitError) || entry === undefined) throw error
        // killed: what it left locked is for the next command to tell from the locks of the living
        if (error.status > 129) throw error
        // somebody has to go on with it, whatever git thinks of it
        if (findOperationInProgress(entry.gitDir) === null) throw failed(facts, error)
      }
    },
    async undo(_step, work) {
      const { context, entry, facts } = work
      if (work.isUnderWay && entry !== undefined && entry.worktree.prunable === null)
        await takeBack(context.git.withoutSignal(), entry, facts, work)
    },
  },
}

/** Leaving conflicts for a person. Once a rebase or merge is in progress it is theirs; before that nothing of it stays. */
export function leavingOperation(context: Context): OperationKind<LeaveWork> {
  return {
    kind: 'sync-conflicts',
    handlers,
    commitPoint: 'leave-conflicts',
    unlocked: new Set(),
    describe({ facts }, outcome) {
      const { id, method, path } = readSyncFacts(facts)
      const place = quoteForShell(path)
      return outcome === 'finished'
        ? {
            message: `the ${method} of session ${id} was interrupted, and left in progress for you as it was asked for`,
            hint: `git -C ${place} status; then git -C ${place} ${method} --continue, or --abort`,
          }
        : { message: `the ${method} of session ${id} was interrupted before it came to anything`, hint: `flightrules sync ${id}` }
    },
    findings: ({ findings }) => findings,
    async resume({ op, facts }) {
      return { ...(await findSynced(context, op, facts)), leaveOut: null, findings: [], isUnderWay: true }
    },
    async isCommitted(_entry, { entry, facts }) {
      if (entry === undefined) return false
      await freeSession(context, entry, facts.since)
      return findOperationInProgress(entry.gitDir) !== null || entry.worktree.head !== facts.head
    },
  }
}

/** Nothing a person has configured is to make another rebase of it than the one that was asked for. */
function argumentsOf({ method, ontoOid, base, ref }: SyncFacts, leaveOut: string | null): string[] {
  const branch = ref.replace('refs/heads/', '')
  if (method === 'merge')
    return ['merge', '--no-autostash', '--no-squash', '--commit', '--no-edit', '-m', `Merge ${base} into ${branch}`, ontoOid]
  const plainly = ['rebase.backend=merge', 'rebase.autoSquash=false', 'rebase.rebaseMerges=false', 'rebase.forkPoint=false']
  const from = leaveOut === null ? [ontoOid] : ['--onto', ontoOid, leaveOut]
  return [...plainly.flatMap((setting) => ['-c', setting]), 'rebase', '--no-autostash', '--no-update-refs', ...from]
}

/** What a git that was stopped has written of a rebase or merge that has not begun yet. */
async function takeBack(git: Git, { worktree, gitDir }: RegisteredSession, facts: SyncFacts, work: LeaveWork): Promise<void> {
  const { head, ontoOid, path, id } = facts
  if (findOperationInProgress(gitDir) !== null) return
  if ((await git.readLine(['rev-parse', 'HEAD'], { cwd: path })) !== head) return
  // by these names the marks in its files are those of the merge that was stopped
  const said = await git.run(['merge-tree', '--write-tree', '--no-messages', 'HEAD', ontoOid], { cwd: path, accept: [0, 1] })
  const merged = /^[0-9a-f]{40,64}/.exec(said.stdout)?.[0] ?? head
  await settlePaths(git, worktree.path, { from: ontoOid, to: head, indexWas: [merged] })
  const left = await settlePaths(git, path, { from: merged, to: head })
  const paths = [...left.own, ...left.mixed].toSorted()
  if (paths.length === 0) return
  work.findings.push({
    code: 'SYNC_LEFT_FILES',
    message: `the sync of session ${id} was taken back, but for files that somebody has changed since: ${namePaths(paths, 10)}`,
    hint: `git -C ${quoteForShell(path)} diff`,
    details: { id, paths },
  })
}

async function conflictsLeft({ git }: Context, { id, path, method, onto }: SyncFacts): Promise<FlightRulesError> {
  const { unmerged: paths } = await readStatus(git, path)
  const place = quoteForShell(path)
  return new FlightRulesError({
    kind: 'conflict',
    code: 'CONFLICTS_LEFT',
    message: `session ${id} is in the middle of a ${method} ${method === 'merge' ? 'of' : 'onto'} ${onto}, left for you; in conflict: ${namePaths(paths, 10)}`,
    hint: `resolve them in ${place}, then git -C ${place} add <file>, and git -C ${place} ${method} --continue; to have it as it was: git -C ${place} ${method} --abort`,
    details: { id, paths, operation: method },
  })
}

function failed({ id, method, onto, path }: SyncFacts, error: GitError): FlightRulesError {
  return new FlightRulesError({
    kind: 'failed',
    code: 'SYNC_FAILED',
    message: `git would not begin the ${method} of session ${id} ${method === 'merge' ? 'of' : 'onto'} ${onto}, and it is as it was: ${error.stderr.trim()}`,
    hint: `git -C ${quoteForShell(path)} status`,
    details: { id },
    cause: error,
  })
}

function uncommitted({ session, worktree }: RegisteredSession, paths: readonly string[]): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'UNCOMMITTED',
    message: `session ${session.id} has uncommitted changes in ${namePaths(paths, 8)}; with them conflicts cannot be left for you, and nothing was done`,
    hint: `commit them, then run the command again: git -C ${quoteForShell(worktree.path)} commit -a`,
    details: { id: session.id, paths },
  })
}
