import { access } from 'node:fs/promises'
import { countAheadBehind } from '../git/ancestry.ts'
import type { Environment } from '../git/environment.ts'
import { Git } from '../git/git.ts'
import { findOperationInProgress, type GitOperation } from '../git/operation-in-progress.ts'
import { changedPaths, readStatus } from '../git/status.ts'
import { findOwnSession } from './find-own-session.ts'
import { type Ground, listGrounds } from './grounds.ts'
import { listFollowing } from '../git/upstreams.ts'
import { findGoals } from './base-goal.ts'
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
export interface Place {
  /** `worktree`: a linked one without a session. */
  readonly place: 'session' | 'main' | 'worktree'
  /** Root of the worktree; null in a repository without files and in a git directory. */
  readonly worktree: string | null
  readonly gitDir: string
  /** The git directory all worktrees share. */
  readonly commonDir: string
  readonly session: Session | null
}

/** The same, and how its session stands. */
export interface Here extends Place {
  readonly session: (Session & { readonly operation: GitOperation | null; readonly standing: Standing }) | null
}

/** The sessions beside the one a directory is in. */
export interface Others {
  /** Ids, sorted. */
  readonly others: readonly string[]
  /** Of those, the ones whose folder is gone. */
  readonly orphaned: readonly string[]
}

/** From a few files. @returns undefined outside of a repository. */
export async function findPlace(cwd: string): Promise<Place | undefined> {
  const own = await findOwnSession(cwd)
  if (own === undefined) return undefined
  const { location, session } = own
  const { commonDir, gitDir, worktree } = location
  if (session !== null && worktree !== null) return { place: 'session', ...location, session }
  return { place: gitDir === commonDir ? 'main' : 'worktree', ...location, session: null }
}

/**
 * How the session there stands, at the price of a prompt: a `git status` beside at most four other git processes, the first two of which are
 * started before this gives its promise. Nothing is registered, reconciled or written.
 * @param signal what ends waiting for git; its part is then unknown.
 */
export async function readHere(place: Place, env: Environment, signal: AbortSignal): Promise<Here> {
  const { session, worktree, gitDir } = place
  if (session === null || worktree === null) return { ...place, session: null }
  const reading = readStanding(new Git(worktree, env, signal), worktree, session)
  const operation = findOperationInProgress(gitDir)
  return { ...place, session: { ...session, operation, standing: await reading } }
}

/** Files of every session, so where there are many it takes a while. */
export async function readOthers({ commonDir, session }: Pick<Place, 'commonDir' | 'session'>): Promise<Others> {
  const grounds = await listGrounds(commonDir)
  const others = grounds.filter((ground) => ground.session !== null && ground.session.uuid !== session?.uuid)
  return { others: idsOf(others), orphaned: idsOf(await listGone(others)) }
}

async function readStanding(git: Git, worktree: string, session: Session): Promise<Standing> {
  const reading = readStatus(git, worktree).catch(() => null)
  const basing = listFollowing(git, [session.base]).then((bases) => findGoals({ git }, bases))
  const [status, goals] = await Promise.all([reading, basing.catch(() => null)])
  const base = goals?.get(session.base) ?? null
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
