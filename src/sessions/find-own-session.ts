import { findRepositoryLocation, type RepositoryLocation } from '../git/locate-repository.ts'
import { isTrashPath } from '../operations/trash/item.ts'
import { loadRecord } from './record.ts'
import type { Session } from './session.ts'

export interface OwnSession {
  readonly location: RepositoryLocation
  /** null in the main worktree without one and in worktrees that are none. */
  readonly session: Session | null
}

/** The session a directory is in, from a few files. @returns undefined outside of a repository. */
export async function findOwnSession(cwd: string): Promise<OwnSession | undefined> {
  const location = await findRepositoryLocation(cwd).catch(() => undefined)
  if (location === undefined) return undefined
  const record = await loadRecord(location.gitDir)
  // one that was put away keeps its record, and is nobody's place of work
  const isAway = location.worktree !== null && isTrashPath(location.worktree)
  return { location, session: record.state === 'valid' && !isAway ? record.session : null }
}
