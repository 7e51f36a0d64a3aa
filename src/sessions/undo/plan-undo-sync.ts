import { FlightRulesError } from '../../errors.ts'
import { namePaths } from '../../files/quote-path.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { listChangedPaths } from '../../git/ancestry.ts'
import { resolveCommit } from '../../git/refs.ts'
import { changedPaths, readStatus } from '../../git/status.ts'
import { requireStillAt } from '../../integrate/move-back.ts'
import { findOverlap } from '../../integrate/room-to-land.ts'
import { type HistoryEntry, loadHistory } from '../../operations/history.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { carryOver, readChanges, requireRoomFor } from '../sync/carry-over.ts'
import { requireSyncable } from '../sync/require-syncable.ts'
import type { SyncFacts } from '../sync/sync-facts.ts'
import { syncSteps } from '../sync/sync-operation.ts'
import { listPastOperations } from './find-undoable.ts'
import type { UndoPlan } from './plan-undo.ts'
import { notUndoable } from './undo-errors.ts'

/**
 * Takes a sync back as it was done: with what is not committed, which is carried over to where the session was.
 * @throws FlightRulesError NOT_UNDOABLE, BASE_MOVED; UNCOMMITTED_CONFLICTS and IN_THE_WAY (exit 4) where files have changes that do not
 * fit there; as `requireSyncable`.
 */
export async function planUndoSync(
  context: Context,
  entry: RegisteredSession,
  line: HistoryEntry,
  op: string,
): Promise<UndoPlan> {
  const { git } = context
  const { session, worktree } = entry
  const { id, uuid, branch, base } = session
  const { from: to, to: head, method } = line as HistoryEntry & Readonly<Record<'from' | 'to' | 'method', unknown>>
  const ref = `refs/heads/${branch}`
  if (typeof head !== 'string' || typeof to !== 'string' || branch === null || worktree.branch !== ref)
    throw notUndoable(
      `session ${id} is on another branch than when it was synced`,
      `git -C ${quoteForShell(worktree.path)} reflog`,
      { id },
    )
  await requireStillAt(git, { ref, from: head })
  if ((await resolveCommit(git, to)) === null)
    throw notUndoable(
      `the commit ${to.slice(0, 12)} where session ${id} was is not in the repository any more`,
      'git fsck --lost-found',
      {
        id,
      },
    )
  await requireSyncable(context, entry)
  const status = await readStatus(git, worktree.path)
  const untracked = findOverlap(
    status.untracked.map((path) => path.replace(/\/$/, '')),
    await listChangedPaths(git, head, to),
  )
  const hasTracked = changedPaths({ ...status, untracked: [] }).length > 0
  const onto = 'what it was before its sync'
  try {
    const changes = await readChanges(git, entry, { head, hasTracked, untracked })
    const facts: SyncFacts = {
      id,
      uuid,
      path: worktree.path,
      ref,
      base,
      onto,
      ontoOid: to,
      method: method === 'merge' ? 'merge' : 'rebase',
      ...changes,
      to,
      ...(await carryOver(git, entry, changes, { to, onto })),
      since: context.now().toISOString(),
      undoes: { op, lastSyncedAt: await findEarlierSync(context, line) },
    }
    await requireRoomFor(git, entry, facts)
    return {
      kind: 'undo-sync',
      steps: syncSteps(facts),
      summary: `the branch ${branch} goes back to ${to.slice(0, 12)}, where it was before it was synced`,
      findings: [],
      sync: { entry, facts },
    }
  } catch (error) {
    throw error instanceof FlightRulesError && error.kind === 'conflict' ? doesNotFit(entry, error) : error
  }
}

/** When it was synced before that, null where it never was. */
async function findEarlierSync(context: Context, { uuid, op }: HistoryEntry): Promise<string | null> {
  const standing = listPastOperations(await loadHistory(commonDirOf(context))).flatMap(({ lines }) => lines)
  const times = standing.flatMap((one) => (one.event === 'synced' && one.uuid === uuid && one.op !== op ? [one.at] : []))
  const [last] = times.toSorted().toReversed()
  return last === undefined ? null : `${last.slice(0, 19)}Z`
}

function doesNotFit({ session: { id }, worktree }: RegisteredSession, { code, details }: FlightRulesError): FlightRulesError {
  const paths = Array.isArray(details['paths']) ? (details['paths'] as readonly string[]) : []
  return new FlightRulesError({
    kind: 'conflict',
    code,
    message: `the sync of session ${id} cannot be taken back with what has changed in it since: ${namePaths(paths, 10)}; everything is as it was`,
    hint: `put these changes aside, in ${quoteForShell(worktree.path)}; then flightrules undo`,
    details,
  })
}
