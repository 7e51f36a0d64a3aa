import { randomUUID } from 'node:crypto'
import { type Finding, FlightRulesError } from '../errors.ts'
import { listWorktrees } from '../git/worktrees.ts'
import { withLock } from '../operations/lock.ts'
import { runOperation } from '../operations/operation.ts'
import type { Json, Step } from '../operations/plan.ts'
import { removeEmptySessionsDir } from '../operations/trash/delete.ts'
import { type Context, commonDirOf } from './context.ts'
import { manifestFile } from './load-manifest.ts'
import { loadSessions, type SessionSet } from './load-sessions.ts'
import { type ManifestEntry, resolveManifestPath } from './manifest.ts'
import { foldName } from './name.ts'
import { recordFile } from './record.ts'
import { decideEntry, entryOperation, makeEntryWork, planEntry, toEntryJson } from './removal/entry-operation.ts'

/** Sessions that only the manifest remembers: git knows no worktree of them any more. */
export function listOrphans(context: Context, set: SessionSet): ManifestEntry[] {
  return listUnregistered(set).filter((entry) => findDamaged(context, set, entry) === undefined)
}

/**
 * One of them by its name.
 * @throws FlightRulesError RECORD_UNREADABLE when git knows its worktree, and only the record is damaged.
 */
export function findOrphan(context: Context, set: SessionSet, id: string): ManifestEntry | undefined {
  const orphan = listUnregistered(set).find((entry) => foldName(entry.id) === foldName(id))
  const damaged = orphan === undefined ? undefined : findDamaged(context, set, orphan)
  if (damaged === undefined) return orphan
  const { worktree, reason, gitDir } = damaged
  throw new FlightRulesError({
    kind: 'decision',
    code: 'RECORD_UNREADABLE',
    message: `session ${id} was left alone: what is recorded of ${worktree.path} cannot be read: ${reason}`,
    hint: `move the record away, and the next command registers the worktree anew: ${recordFile(gitDir)}`,
    details: { id, path: worktree.path, record: recordFile(gitDir) },
  })
}

function listUnregistered(set: SessionSet): ManifestEntry[] {
  if (set.manifest.state !== 'valid') return []
  const registered = new Set(set.registered.map((entry) => foldName(entry.session.id)))
  const entries = set.manifest.manifest.sessions as unknown as readonly ManifestEntry[]
  return entries.filter((entry) => !registered.has(foldName(entry.id)))
}

function findDamaged(context: Context, set: SessionSet, entry: ManifestEntry): SessionSet['unreadable'][number] | undefined {
  const path = resolveManifestPath(context.main, entry)
  return set.unreadable.find(({ worktree }) => worktree.path === path)
}

export interface Dropping {
  readonly event: 'ended' | 'cleaned-up'
  readonly details?: Readonly<Record<string, Json>>
}

export interface Dropped {
  /** Name of what is left to restore it by, null where nothing is. */
  readonly trash: string | null
  readonly findings: readonly Finding[]
}

/**
 * Takes such an entry out of the manifest. Its branch, if it is still there, stays; an entry in the trash remembers the session.
 * @throws FlightRulesError SESSION_CHANGED when it is none any more.
 */
export async function dropOrphan(context: Context, { id }: Pick<ManifestEntry, 'id'>, dropping: Dropping): Promise<Dropped> {
  const commonDir = commonDirOf(context)
  const lock = { operation: `${dropping.event} ${id}`, signal: context.signal, waitMs: context.lockWaitMs }
  return withLock(commonDir, lock, async () => {
    const orphan = findOrphan(context, await loadSessions(context, await listWorktrees(context.git)), id)
    if (orphan === undefined) throw changed(id)
    const facts = await decideEntry(context, orphan, { ...dropping, reason, details: dropping.details ?? {} })
    const op = randomUUID()
    const work = makeEntryWork(context, op, facts)
    await runOperation(commonDir, entryOperation(context), { op, steps: planEntry(facts), facts: toEntryJson(facts), work })
    await removeEmptySessionsDir(context.sessionsDir, manifestFile(context.sessionsDir))
    return { trash: facts.item?.trash ?? null, findings: work.findings }
  })
}

/** The steps of it, for `--dry-run`. */
export async function previewDrop(context: Context, orphan: ManifestEntry): Promise<Step[]> {
  return planEntry(await decideEntry(context, orphan, { event: 'ended', reason, details: {} }))
}

const reason = 'its worktree was gone'

function changed(id: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'SESSION_CHANGED',
    message: `session ${id} is no entry without a worktree any more; nothing was changed`,
    hint: 'flightrules status',
    details: { id },
  })
}
