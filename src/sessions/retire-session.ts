import { randomUUID } from 'node:crypto'
import type { Finding } from '../errors.ts'
import { FlightRulesError } from '../errors.ts'
import { namePaths } from '../files/quote-path.ts'
import type { Git } from '../git/git.ts'
import { snapshotWorktree } from '../git/snapshot.ts'
import { changedPaths, readStatus, type WorktreeStatus } from '../git/status.ts'
import { listWorktrees, type Worktree } from '../git/worktrees.ts'
import { withLock } from '../operations/lock.ts'
import { runOperation } from '../operations/operation.ts'
import type { Json, Step } from '../operations/plan.ts'
import { removeEmptySessionsDir } from '../operations/trash/delete.ts'
import { discardFolder } from '../operations/trash/discard-folder.ts'
import { requireRemovable } from '../operations/trash/gate.ts'
import { loadTrashItem, type TrashItem } from '../operations/trash/item.ts'
import { readLockMarker } from '../operations/trash/lock-marker.ts'
import { newTrashItem } from '../operations/trash/new-item.ts'
import { type Context, commonDirOf } from './context.ts'
import { isOwnBranch } from './delete-branch.ts'
import { findProcessesIn, listOthers } from './live-processes.ts'
import { manifestFile } from './load-manifest.ts'
import { holdsModules, holdsRepository } from '../files/holds-repository.ts'
import { loadSessions, type RegisteredSession } from './load-sessions.ts'
import { type RemovalFacts, toFacts } from './removal/removal-facts.ts'
import { makeRemovalWork, planRemoval, removalOperation } from './removal/removal-operation.ts'
import { runRemoveHook } from './remove-hook.ts'
import { withPurgeLock } from './restore/purge-lock.ts'
import { listSpareContent } from './spare-content.ts'

/** Milliseconds to wait for whoever is at the trash: what stays there is deleted another time. */
const purgeWaitMs = 500

export interface Retirement {
  /** For the history and the snapshot: `merged into main`. */
  readonly reason: string
  readonly event: 'ended' | 'cleaned-up'
  /** What HEAD must still be; a commit made meanwhile stops the removal. */
  readonly tip: string | null
  /** `clean`: refuse when there is uncommitted work (the session's log aside); `any`: it goes into the trash with the rest. */
  readonly content: 'clean' | 'any'
  /** Delete the branch too, if it still points at `tip`. */
  readonly deleteBranch: boolean
  readonly details?: Readonly<Record<string, Json>>
}

export interface Retired {
  readonly item: TrashItem
  /** The folder is gone for good, because nothing in it was only there. */
  readonly purged: boolean
  readonly branchDeleted: boolean
  readonly findings: readonly Finding[]
}

/**
 * The one way a session's worktree goes. Under the lock everything is read again; what does not agree any more stops it. The folder is
 * moved into the trash, its content stored under a ref; it is deleted at once only when no byte of it would be lost.
 * @throws FlightRulesError SESSION_CHANGED, NOT_REMOVABLE; the session is then as it was.
 */
export async function retireSession(context: Context, target: RegisteredSession, retirement: Retirement): Promise<Retired> {
  const commonDir = commonDirOf(context)
  const { id } = target.session
  const findings: Finding[] = await runRemoveHook(context, target)
  // loaded while it can be: this program may be the one installed in the worktree that goes
  const { purgeInBackground } = await import('./purge/in-background.ts')
  context.report({ event: 'removing-worktree', id, path: target.worktree.path })
  const lock = { operation: `${retirement.event} ${id}`, signal: context.signal, waitMs: context.lockWaitMs }
  const { item, branchDeleted } = await withLock(commonDir, lock, async () => {
    const worktrees = await listWorktrees(context.git)
    const facts = await decideRemoval(context, target, retirement, worktrees)
    const steps = planRemoval(facts)
    const op = randomUUID()
    const others = worktrees.filter(({ path }) => path !== facts.item.from)
    const work = makeRemovalWork(context, op, facts, others)
    const input = { op, steps, facts: toFacts(facts), work }
    await runOperation(commonDir, removalOperation(context), input)
    findings.push(...work.findings)
    return work
  })
  // outside the lock: a folder of dependencies takes its time
  const purged = retirement.content === 'clean' && (await purgeSpare(context, target, item))
  await withLock(commonDir, lock, () => removeEmptySessionsDir(context.sessionsDir, manifestFile(context.sessionsDir)))
  await purgeInBackground(context)
  return { item, purged, branchDeleted, findings }
}

/**
 * The steps of it, for `--dry-run`; changes nothing.
 * @throws as `retireSession`.
 */
export async function previewRetirement(context: Context, target: RegisteredSession, retirement: Retirement): Promise<Step[]> {
  return planRemoval(await decideRemoval(context, target, retirement, await listWorktrees(context.git)))
}

/** Everything is read again, under the lock, right before it is acted on. */
async function decideRemoval(
  context: Context,
  target: RegisteredSession,
  retirement: Retirement,
  worktrees: readonly Worktree[],
): Promise<RemovalFacts> {
  const { id, uuid } = target.session
  const set = await loadSessions(context, worktrees)
  const entry = set.registered.find((other) => other.session.uuid === uuid)
  if (entry === undefined) throw changed(id, 'it is gone already')
  const { session, worktree, gitDir } = entry
  if (worktree.head !== retirement.tip) throw changed(id, `its HEAD is ${worktree.head ?? 'unborn'} now`)
  if (retirement.content === 'clean') await requireClean(context, entry)
  await requireRemovable({ worktree: worktree.path, gitDir, commonDir: commonDirOf(context) })
  const { branch, base, goals, ports } = session
  const lockedBefore = await readLockMarker(gitDir)
  return {
    item: await newTrashItem({
      sessionsDir: context.sessionsDir,
      worktree: worktree.path,
      gitDir,
      id,
      branch: worktree.branch?.replace('refs/heads/', '') ?? null,
      head: worktree.head,
      reason: retirement.reason,
      record: { version: 1, ...session } as unknown as Json,
      lock: lockedBefore,
      now: context.now(),
    }),
    uuid,
    lockedBefore,
    deleteBranch: retirement.deleteBranch && isOwnBranch(session, worktree.branch),
    event: retirement.event,
    details: { branch, tip: retirement.tip, base, goals: [...goals], ports: { ...ports }, ...retirement.details },
  }
}

/**
 * Deletes what was just put away, if nothing in it is only there. Looked at where it lies now: who was still in it may have gone on
 * writing. What cannot be looked at or deleted stays in the trash, where nobody misses it.
 */
async function purgeSpare(context: Context, target: RegisteredSession, item: TrashItem): Promise<boolean> {
  const entry = { ...target, worktree: { ...target.worktree, path: item.path } }
  try {
    // nobody brings it back meanwhile; whoever does so already may keep it
    return await withPurgeLock({ ...context, lockWaitMs: purgeWaitMs }, async () => {
      if (!(await isSpare(context, entry, item))) return false
      const commonDir = commonDirOf(context)
      if ((await loadTrashItem(commonDir, item.trash))?.state !== 'whole') return false
      await discardFolder(commonDir, item)
      return true
    })
  } catch {
    return false
  }
}

async function isSpare(context: Context, entry: RegisteredSession, item: TrashItem): Promise<boolean> {
  const status = await requireClean(context, entry)
  // a commit made there since would be nowhere else
  if (status.head !== item.head) return false
  // the session's log: what was written since it was stored
  if (changedPaths(status).length > 0 && !(await isStored(context.git, item))) return false
  if (
    (await listSpareContent(context, entry)).length > 0 ||
    (await holdsRepository(item.path)) ||
    (await holdsModules(item.gitDir))
  )
    return false
  // whoever is in it may be writing this very moment; current directories follow a rename
  const inside = await findProcessesIn([item.path], 'thorough')
  return inside !== 'unknown' && (await listOthers(inside)).length === 0
}

async function isStored(git: Git, { path, gitDir, head, ref }: TrashItem): Promise<boolean> {
  const { tree } = await snapshotWorktree(git, { worktree: path, gitDir, message: 'looked at again', head })
  return tree === (await git.readLine(['rev-parse', '--verify', `${ref}^{tree}`]))
}

/** @throws FlightRulesError SESSION_CHANGED when something is not committed; the session's own log may be. */
async function requireClean(context: Context, { session, worktree }: RegisteredSession): Promise<WorktreeStatus> {
  const status = await readStatus(context.git, worktree.path)
  const paths = changedPaths(status).filter((path) => path !== session.sessionLog)
  if (paths.length > 0) throw changed(session.id, `it has uncommitted changes: ${namePaths(paths, 5)}`)
  return status
}

function changed(id: string, why: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'SESSION_CHANGED',
    message: `session ${id} was not removed: ${why}`,
    hint: `flightrules status`,
    details: { id, why },
  })
}
