import { randomUUID } from 'node:crypto'
import { type Finding, FlightRulesError } from '../errors.ts'
import { quoteForShell } from '../files/quote-for-shell.ts'
import { listWorktrees } from '../git/worktrees.ts'
import { withLock } from '../operations/lock.ts'
import { runOperation } from '../operations/operation.ts'
import type { Json, Step } from '../operations/plan.ts'
import { removeEmptySessionsDir } from '../operations/trash/delete.ts'
import { requireMissing } from '../operations/trash/gate.ts'
import type { TrashItem } from '../operations/trash/item.ts'
import { readLockMarker } from '../operations/trash/lock-marker.ts'
import { newTrashItem } from '../operations/trash/new-item.ts'
import { type Context, commonDirOf } from './context.ts'
import { isOwnBranch } from './delete-branch.ts'
import { findMoved } from './find-moved.ts'
import { manifestFile } from './load-manifest.ts'
import { loadSessions, type RegisteredSession } from './load-sessions.ts'
import { missingOperation, planMissing } from './removal/missing-operation.ts'
import { type RemovalFacts, toFacts } from './removal/removal-facts.ts'
import { makeRemovalWork } from './removal/removal-operation.ts'
import type { Retirement } from './retire-session.ts'

export type MissingRetirement = Pick<Retirement, 'reason' | 'event' | 'deleteBranch' | 'details'>

export interface RetiredMissing {
  readonly item: TrashItem
  readonly branchDeleted: boolean
  readonly findings: readonly Finding[]
}

/**
 * Lets go of a session whose folder is gone: what git still has of it (commits, index) is stored under a ref, with an entry in the trash.
 * @throws FlightRulesError NOT_REMOVABLE, SESSION_MOVED, SESSION_CHANGED; nothing was changed then.
 */
export async function retireMissing(
  context: Context,
  target: RegisteredSession,
  retirement: MissingRetirement,
): Promise<RetiredMissing> {
  const commonDir = commonDirOf(context)
  const lock = { operation: `${retirement.event} ${target.session.id}`, signal: context.signal, waitMs: context.lockWaitMs }
  return withLock(commonDir, lock, async () => {
    const facts = await decideMissing(context, target, retirement)
    const op = randomUUID()
    const work = makeRemovalWork(context, op, facts)
    await runOperation(commonDir, missingOperation(context), { op, steps: planMissing(facts), facts: toFacts(facts), work })
    await removeEmptySessionsDir(context.sessionsDir, manifestFile(context.sessionsDir))
    return { item: facts.item, branchDeleted: work.branchDeleted, findings: work.findings }
  })
}

/**
 * The steps of it, for `--dry-run`.
 * @throws as `retireMissing`.
 */
export async function previewMissing(
  context: Context,
  target: RegisteredSession,
  retirement: MissingRetirement,
): Promise<Step[]> {
  return planMissing(await decideMissing(context, target, retirement))
}

async function decideMissing(
  context: Context,
  { session: { id, uuid } }: RegisteredSession,
  { reason, event, deleteBranch, details }: MissingRetirement,
): Promise<RemovalFacts> {
  const set = await loadSessions(context, await listWorktrees(context.git))
  const entry = set.registered.find((other) => other.session.uuid === uuid)
  if (entry === undefined) throw changed(id)
  const { session, worktree, gitDir } = entry
  const places = await findMoved(context, entry)
  if (places.length > 0) throw movedElsewhere(id, worktree.path, places)
  await requireMissing({ commonDir: commonDirOf(context), worktree: worktree.path, gitDir })
  const { branch, base, goals, ports } = session
  const lockedBefore = await readLockMarker(gitDir)
  const item = await newTrashItem({
    sessionsDir: context.sessionsDir,
    worktree: worktree.path,
    gitDir,
    id,
    branch: worktree.branch?.replace('refs/heads/', '') ?? null,
    head: worktree.head,
    reason,
    record: { version: 1, ...session } as unknown as Json,
    lock: lockedBefore,
    now: context.now(),
  })
  return {
    item: { ...item, state: 'purged' },
    uuid,
    lockedBefore,
    deleteBranch: deleteBranch && isOwnBranch(session, worktree.branch),
    event,
    details: { branch, tip: worktree.head, base, goals: [...goals], ports: { ...ports }, ...details },
  }
}

function movedElsewhere(id: string, path: string, places: readonly string[]): FlightRulesError {
  const [place = ''] = places
  return new FlightRulesError({
    kind: 'decision',
    code: 'SESSION_MOVED',
    message: `session ${id} was moved from ${path} to ${places.join(' or ')}, and git does not know; nothing was changed`,
    hint: `git worktree repair ${quoteForShell(place)}    and it is a session again`,
    details: { id, path, places },
  })
}

function changed(id: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'SESSION_CHANGED',
    message: `session ${id} is gone already`,
    hint: 'flightrules status',
    details: { id },
  })
}
