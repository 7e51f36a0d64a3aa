import { access } from 'node:fs/promises'
import { countAheadBehind } from '../git/ancestry.ts'
import type { Environment } from '../git/environment.ts'
import { Git } from '../git/git.ts'
import { findRepositoryLocation } from '../git/locate-repository.ts'
import { findOperationInProgress, type GitOperation } from '../git/operation-in-progress.ts'
import { changedPaths, readStatus } from '../git/status.ts'
import { type Ground, listGrounds } from './grounds.ts'
import { loadRecord } from './record.ts'
import { readSessionBases } from './session-bases.ts'
import type { Session } from './session.ts'

/** How the session of a directory stands; null is what git could not say, or not in time. */
export interface Standing {
  /** Short name of what is checked out; null on a detached HEAD. */
  readonly branch: string | null
  /** Files that are not committed; the session's own log is none of them. */
  readonly changed: number | null
  readonly ahead: number | null
  readonly behind: number | null
}

/** Where a directory is. */
export interface Here {
  /** `worktree`: a linked one without a session. */
  readonly place: 'session' | 'main' | 'worktree'
  /** Root of the worktree; null in a repository without files and in a git directory. */
  readonly worktree: string | null
  readonly session: (Session & { readonly operation: GitOperation | null; readonly standing: Standing }) | null
  /** Ids of the other sessions, sorted. */
  readonly others: readonly string[]
  /** Of those, the ones whose folder is gone. */
  readonly orphaned: readonly string[]
}

/**
 * Where a directory is, at the price of a prompt: files, and in a session a `git status` beside at most four other git processes.
 * Nothing is registered, reconciled or written.
 * @param signal what ends waiting for git; its part is then unknown.
 * @returns undefined outside of a repository.
 */
export async function readHere(cwd: string, env: Environment, signal: AbortSignal): Promise<Here | undefined> {
  const location = await findRepositoryLocation(cwd).catch(() => undefined)
  if (location === undefined) return undefined
  const { commonDir, gitDir, worktree } = location
  const [record, grounds] = await Promise.all([loadRecord(gitDir), listGrounds(commonDir)])
  const session = record.state === 'valid' && worktree !== null ? record.session : null
  const others = grounds.filter((ground) => ground.session !== null && ground.session.uuid !== session?.uuid)
  const [orphaned, operation, standing] = await Promise.all([
    listGone(others),
    session === null ? null : findOperationInProgress(gitDir),
    session === null || worktree === null ? null : readStanding(new Git(worktree, env, signal), worktree, session),
  ])
  return {
    place: session !== null ? 'session' : gitDir === commonDir ? 'main' : 'worktree',
    worktree,
    session: session === null || standing === null ? null : { ...session, operation, standing },
    others: idsOf(others),
    orphaned: idsOf(orphaned),
  }
}

async function readStanding(git: Git, worktree: string, session: Session): Promise<Standing> {
  const reading = readStatus(git, worktree).catch(() => null)
  const basing = readSessionBases(git, [{ session }]).catch(() => null)
  const [status, bases] = await Promise.all([reading, basing])
  const base = bases?.tipOf(session.base) ?? null
  const head = status?.head ?? null
  const unknown = { ahead: null, behind: null }
  const apart =
    base === null || head === null
      ? unknown
      : base === head
        ? { ahead: 0, behind: 0 }
        : await countAheadBehind(git, base, head).catch(() => unknown)
  return {
    branch: status === null ? session.branch : status.branch,
    changed: status === null ? null : changedPaths(status).filter((path) => path !== session.sessionLog).length,
    ...apart,
  }
}

async function listGone(grounds: readonly Ground[]): Promise<Ground[]> {
  const gone = await Promise.all(
    grounds.map(({ path }) =>
      access(path).then(
        () => false,
        (error: unknown) => (error as NodeJS.ErrnoException).code === 'ENOENT',
      ),
    ),
  )
  return grounds.filter((_, index) => gone[index])
}

function idsOf(grounds: readonly Ground[]): string[] {
  return grounds.flatMap(({ session }) => session?.id ?? []).sort()
}
