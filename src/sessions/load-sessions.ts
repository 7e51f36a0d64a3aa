import { listAdminDirectories, type Worktree } from '../git/worktrees.ts'
import { isTrashPath } from '../operations/trash/item.ts'
import { type Context, commonDirOf } from './context.ts'
import { loadManifest, type ManifestState, refuseNewer } from './load-manifest.ts'
import { loadRecord } from './record.ts'
import type { Session } from './session.ts'

/** A worktree as git lists it, with the git directory that is its own. */
export interface LocatedWorktree {
  readonly worktree: Worktree
  readonly gitDir: string
}

export interface RegisteredSession extends LocatedWorktree {
  readonly session: Session
}

/** Every worktree of the repository, sorted by what its record says. */
export interface SessionSet {
  readonly main: LocatedWorktree
  readonly registered: readonly RegisteredSession[]
  /** Linked worktrees without a record. */
  readonly unregistered: readonly LocatedWorktree[]
  /** Linked worktrees whose record cannot be read: never taken for unregistered, never removed. */
  readonly unreadable: readonly (LocatedWorktree & { readonly reason: string })[]
  readonly manifest: ManifestState
}

/** What the sessions are loaded for: where a newer version of the program is at work too, nothing is changed. */
export type Access = 'read' | 'change'

/**
 * Reads all records and the manifest; files only.
 * @throws FlightRulesError MANIFEST_NEWER when something is to be changed and a newer version wrote the manifest.
 */
export async function loadSessions(
  context: Context,
  worktrees: readonly Worktree[],
  access: Access = 'change',
): Promise<SessionSet> {
  const commonDir = commonDirOf(context)
  const [adminDirs, manifest] = await Promise.all([listAdminDirectories(commonDir), loadManifest(context.sessionsDir)])
  if (access === 'change') refuseNewer(manifest)
  const located = worktrees.flatMap((worktree) => {
    const gitDir = worktree.main ? commonDir : adminDirs.get(worktree.path)
    return gitDir === undefined || isTrashPath(worktree.path) ? [] : [{ worktree, gitDir }]
  })
  const main = located[0]
  if (main === undefined) throw new Error('git worktree list named no worktree')
  const registered: RegisteredSession[] = []
  const unregistered: LocatedWorktree[] = []
  const unreadable: (LocatedWorktree & { reason: string })[] = []
  const records = await Promise.all(located.map(({ gitDir }) => loadRecord(gitDir)))
  for (const [index, entry] of located.entries()) {
    const record = records[index]
    if (record === undefined) continue
    if (record.state === 'unreadable') unreadable.push({ ...entry, reason: record.reason })
    else if (record.state === 'none') {
      if (!entry.worktree.main) unregistered.push(entry)
    } else registered.push({ ...entry, session: record.session })
  }
  return { main, registered, unregistered, unreadable, manifest }
}
