import { isAbsolute, relative } from 'node:path'
import { FlightRulesError } from '../errors.ts'
import type { Context } from './context.ts'
import type { RegisteredSession, SessionSet } from './load-sessions.ts'
import { foldName } from './name.ts'

/**
 * The session with this id; without one, the session the command runs in.
 * @throws FlightRulesError SESSION_NOT_FOUND, SESSION_NEEDED.
 */
export function requireSession(context: Context, set: SessionSet, id: string | undefined): RegisteredSession {
  if (id === undefined) {
    const here = findSessionAt(set, context.location.worktree)
    if (here !== undefined) return here
    throw new FlightRulesError({
      kind: 'usage',
      code: 'SESSION_NEEDED',
      message: `${context.cwd} is in no session, so one has to be named`,
      hint: knownSessions(set),
      details: { sessions: set.registered.map((entry) => entry.session.id) },
    })
  }
  const found = set.registered.find((entry) => foldName(entry.session.id) === foldName(id))
  if (found !== undefined) return found
  const isOrphan =
    set.manifest.state === 'valid' && set.manifest.manifest.sessions.some((entry) => foldName(entry.id) === foldName(id))
  if (isOrphan) {
    throw new FlightRulesError({
      kind: 'failed',
      code: 'SESSION_MISSING',
      message: `the worktree of session ${id} is gone, and git knows it no more`,
      hint: `drop the entry: flightrules end ${id}; its branch, if it is still there, stays`,
      details: { id },
    })
  }
  throw new FlightRulesError({
    kind: 'usage',
    code: 'SESSION_NOT_FOUND',
    message: `there is no session ${JSON.stringify(id)}`,
    hint: knownSessions(set),
    details: { id, sessions: set.registered.map((entry) => entry.session.id) },
  })
}

/** The session whose worktree is `worktree` (a worktree's root). */
export function findSessionAt(set: SessionSet, worktree: string | null): RegisteredSession | undefined {
  return worktree === null ? undefined : set.registered.find((entry) => entry.worktree.path === worktree)
}

/** Whether `path` is `parent` or inside it. */
export function isWithin(parent: string, path: string): boolean {
  const rest = relative(parent, path)
  // on another drive of Windows it is absolute
  return rest === '' || (rest !== '..' && !rest.startsWith('../') && !rest.startsWith('..\\') && !isAbsolute(rest))
}

function knownSessions(set: SessionSet): string {
  const ids = set.registered.map((entry) => entry.session.id)
  if (ids.length === 0) return 'there are none yet: flightrules start <name>'
  return `sessions: ${ids.slice(0, 12).join(', ')}${ids.length > 12 ? ', …' : ''}`
}
