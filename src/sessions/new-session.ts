import { randomUUID } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join, posix } from 'node:path'
import { loadHistory } from '../operations/history.ts'
import { allocatePorts, listPorts } from '../setup/allocate-ports.ts'
import { type Context, commonDirOf } from './context.ts'
import type { SessionSet } from './load-sessions.ts'
import type { ForeignWork, Session, SessionOrigin } from './session.ts'
import { toTimestamp } from './timestamp.ts'
import { nameSessionLog } from './session-log.ts'

export interface NewSession {
  readonly id: string
  readonly branch: string | null
  readonly base: string
  readonly baseCommit: string
  /** The commit its worktree begins with. */
  readonly startsAt: string
  readonly ownsBranch: boolean
  readonly goals: readonly string[]
  readonly mode: Session['mode']
  readonly createdBy: SessionOrigin
  readonly issue: number | null
  readonly pr?: Session['pr']
  readonly foreign?: ForeignWork
  /** Declared globs. */
  readonly touch?: readonly string[]
}

/**
 * A session with the ports and the log name that nobody else has. Call it under the lock, with records read under it.
 * @throws FlightRulesError NO_FREE_PORT.
 */
export async function makeSession(context: Context, set: SessionSet, input: NewSession): Promise<Session> {
  const { config } = context.loaded
  const others = set.registered.map((entry) => entry.session)
  const now = context.now()
  const ports =
    input.mode === 'standard'
      ? {}
      : await allocatePorts({
          requests: config.ports,
          taken: new Set(others.flatMap((other) => listPorts(other.ports, config.ports))),
        })
  return {
    uuid: randomUUID(),
    id: input.id,
    branch: input.branch,
    startedAt: toTimestamp(now),
    sessionLog:
      config.sessionLog === false ? null : await chooseSessionLog(context, config.sessionLog.dir, now, input.startsAt, others),
    goals: input.goals,
    ...(input.touch === undefined || input.touch.length === 0 ? {} : { touch: input.touch }),
    status: 'creating',
    mode: input.mode,
    base: input.base,
    baseCommit: input.baseCommit,
    ownsBranch: input.ownsBranch,
    lastSyncedAt: null,
    ports,
    envFiles: [],
    setup: null,
    createdBy: input.createdBy,
    issue: input.issue,
    pr: input.pr ?? null,
    ...(input.foreign === undefined ? {} : { foreign: input.foreign }),
  }
}

/**
 * A log no other session writes or ever wrote, wherever that is by now, none has left in the commit the session begins with, and none was
 * saved as in the main worktree.
 */
async function chooseSessionLog(
  context: Context,
  directory: string,
  now: Date,
  commit: string,
  others: readonly Session[],
): Promise<string> {
  const pathspec = `${directory.replace(/\/+$/, '')}/`
  const [{ stdout }, saved, history] = await Promise.all([
    context.git.run(['ls-tree', '-z', '--name-only', '--full-tree', commit, '--', pathspec], { accept: [0, 128] }),
    readdir(join(context.main, directory)).catch(() => []),
    loadHistory(commonDirOf(context)),
  ])
  const earlier = history.flatMap(({ sessionLog }) => (typeof sessionLog === 'string' ? [sessionLog] : []))
  const lying = saved.map((name) => posix.join(directory.replaceAll('\\', '/'), name))
  return nameSessionLog(
    directory,
    now,
    new Set([...stdout.split('\0'), ...lying, ...earlier, ...others.flatMap((other) => other.sessionLog ?? [])]),
  )
}
