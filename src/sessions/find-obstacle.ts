import { namePaths } from '../files/quote-path.ts'
import { findOperationInProgress } from '../git/operation-in-progress.ts'
import { changedPaths, readStatus } from '../git/status.ts'
import type { Context } from './context.ts'
import { isWithin } from './find-session.ts'
import { findLifeSigns, type LifeSign } from './life-signs.ts'
import type { LiveProcess } from './live-processes.ts'
import type { RegisteredSession, SessionSet } from './load-sessions.ts'

/** What speaks against taking a session's worktree away without asking anybody; null when nothing does. Unknown is not clean. */
export async function findObstacle(
  context: Context,
  set: SessionSet,
  entry: RegisteredSession,
  processes: readonly LiveProcess[] | 'unknown',
): Promise<string | null> {
  const { session, worktree, gitDir } = entry
  const inner = findInner(set, entry)
  if (inner !== null) return inner
  if (session.status === 'kept') return 'it was ended with the wish to keep it'
  if (isWithin(worktree.path, context.cwd)) return 'this command runs in it'
  const operation = await findOperationInProgress(gitDir)
  if (operation !== null) return `a ${operation} is in progress there`
  const status = await readStatus(context.git, worktree.path).catch(() => null)
  if (status === null) return 'git could not say whether it is clean'
  const paths = changedPaths(status).filter((path) => path !== session.sessionLog)
  if (paths.length > 0) return `it has uncommitted changes: ${namePaths(paths, 5)}`
  if (processes === 'unknown') return 'whether somebody is in it cannot be seen on this system'
  const live = processes.find((process) => isWithin(worktree.path, process.cwd))
  if (live !== undefined) return `${live.name} (process ${live.pid}) is in it`
  const [sign] = await findLifeSigns(entry, [], context.now())
  return sign === undefined ? null : sayInUse(sign)
}

function sayInUse({ source, detail }: LifeSign): string {
  if (source === 'lock') return `somebody else has locked it: ${detail}`
  return `an agent is at work in it, ${detail}`
}

/** A worktree inside another one would go with it. */
function findInner(set: SessionSet, { worktree }: RegisteredSession): string | null {
  const all = [...set.registered, ...set.unregistered, ...set.unreadable]
  const inner = all.find((other) => other.worktree.path !== worktree.path && isWithin(worktree.path, other.worktree.path))
  return inner === undefined ? null : `the worktree ${inner.worktree.path} is inside it`
}
