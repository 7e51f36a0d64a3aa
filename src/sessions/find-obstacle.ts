import { namePaths } from '../files/quote-path.ts'
import { findOperationInProgress } from '../git/operation-in-progress.ts'
import { changedPaths, readStatus } from '../git/status.ts'
import type { Context } from './context.ts'
import { isWithin } from './find-session.ts'
import { findLifeSigns, type LifeSign } from './life-signs.ts'
import { listOthers, type LiveProcess } from './live-processes.ts'
import type { RegisteredSession, SessionSet } from './load-sessions.ts'

/** What keeps a session's worktree from being taken away. */
export interface Obstacle {
  /** What speaks against it without asking anybody. */
  readonly why: string
  /** Somebody other than who asks is at work in it. */
  readonly isInUse: boolean
}

/** null when nothing speaks against it. Unknown is not clean. */
export async function findObstacle(
  context: Context,
  set: SessionSet,
  entry: RegisteredSession,
  processes: readonly LiveProcess[] | 'unknown',
): Promise<Obstacle | null> {
  const { path } = entry.worktree
  const inside = processes === 'unknown' ? [] : processes.filter(({ cwd }) => isWithin(path, cwd))
  const [sign] = await findLifeSigns(entry, [], context.now())
  const [first] = inside
  const inUse = first === undefined ? sign && sayInUse(sign) : `${first.name} (process ${first.pid}) is in it`
  const why = (await findUnsettled(context, set, entry)) ?? (processes === 'unknown' ? unseen : inUse) ?? null
  // who asks from in there may know what he does
  return why === null ? null : { why, isInUse: sign !== undefined || (await listOthers(inside)).length > 0 }
}

const unseen = 'whether somebody is in it cannot be seen on this system'

/** What is wrong with the worktree itself. */
async function findUnsettled(context: Context, set: SessionSet, entry: RegisteredSession): Promise<string | null> {
  const { session, worktree, gitDir } = entry
  const inner = findInner(set, entry)
  if (inner !== null) return inner
  if (session.status === 'kept') return 'it was ended with the wish to keep it'
  if (isWithin(worktree.path, context.cwd)) return 'this command runs in it'
  const operation = findOperationInProgress(gitDir)
  if (operation !== null) return `a ${operation} is in progress there`
  const status = await readStatus(context.git, worktree.path).catch(() => null)
  if (status === null) return 'git could not say whether it is clean'
  const paths = changedPaths(status).filter((path) => path !== session.sessionLog)
  if (paths.length > 0) return `it has uncommitted changes: ${namePaths(paths, 5)}`
  return null
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
