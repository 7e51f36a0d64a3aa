import type { Finding } from '../../errors.ts'
import type { Context } from '../../sessions/context.ts'
import { findSessionAt } from '../../sessions/find-session.ts'
import type { SessionSet } from '../../sessions/load-sessions.ts'
import { listChangedBySession } from '../../sessions/radar/changed-by-side.ts'
import { readSessions } from '../../sessions/read-status.ts'
import type { SessionState, SessionStatusEntry, StatusReport } from '../../sessions/session-status.ts'
import { findSiblings } from './siblings.ts'

/** Another session, from where one is. */
export interface Neighbour {
  readonly id: string
  readonly branch: string | null
  /** Absolute. */
  readonly path: string
  readonly status: SessionStatusEntry['status']
  readonly goals: readonly string[]
  /** Globs of what it was said to be going to change. */
  readonly touch: readonly string[]
  readonly states: readonly SessionState[]
  /** Committed or not, sorted; null where that could not be found out. */
  readonly changed: readonly string[] | null
  /** Of these, what the session here changes too, and where merging both would conflict. Empty outside of a session. */
  readonly overlap: readonly string[]
  readonly conflict: readonly string[]
}

/** What an agent should know here and now. */
export interface AgentContext {
  readonly place: 'session' | 'main' | 'worktree'
  /** Root of the worktree this is in; null in a repository without files. */
  readonly worktree: string | null
  readonly main: StatusReport['main']
  /** The session here, as `status` has it. */
  readonly session: SessionStatusEntry | null
  readonly others: readonly Neighbour[]
  /** Sessions whose folder is gone. */
  readonly orphaned: readonly string[]
}

/** What `status` knows, seen from one directory, and what the other sessions have changed. Nothing is written. */
export async function readAgentContext(
  context: Context,
  set: SessionSet,
): Promise<{ facts: AgentContext; findings: readonly Finding[] }> {
  const { report, findings, sides } = await readSessions(context, set)
  const { worktree } = context.location
  const here = findSessionAt(set, worktree)?.session ?? null
  const session = report.sessions.find(({ id }) => id === here?.id) ?? null
  const siblings = findSiblings(set, here)
  const compared = siblings.filter(({ session: { id } }) => sides.some(({ name }) => name === id))
  const changed = await listChangedBySession(context.git, compared, sides).catch(() => undefined)
  const ids = new Set(siblings.map((sibling) => sibling.session.id))
  const facts: AgentContext = {
    place: session !== null ? 'session' : worktree === null || worktree === context.main ? 'main' : 'worktree',
    worktree,
    main: report.main,
    session,
    others: report.sessions
      .filter(({ id }) => ids.has(id))
      .map(({ id, branch, path, status, goals, touch = [], states }) => ({
        id,
        branch,
        path,
        status,
        goals,
        touch,
        states,
        changed: changed?.get(id) ?? (isIntegrated(states) ? [] : null),
        overlap: session?.overlaps.find((one) => one.with === id)?.paths ?? [],
        conflict: session?.conflicts.find((one) => one.with === id)?.paths ?? [],
      })),
    orphaned: report.sessions.filter(({ states }) => states.includes('orphaned')).map(({ id }) => id),
  }
  return { facts, findings }
}

/** What its base has is nobody's change any more. */
function isIntegrated(states: readonly SessionState[]): boolean {
  return states.includes('merged')
}
