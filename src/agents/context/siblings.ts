import type { Context } from '../../sessions/context.ts'
import type { RegisteredSession, SessionSet } from '../../sessions/load-sessions.ts'
import { listChangedBySession } from '../../sessions/radar/changed-by-side.ts'
import { readRadar } from '../../sessions/radar/read-radar.ts'
import type { Session } from '../../sessions/session.ts'

/** Another session, and what it has changed so far. */
export interface Sibling {
  readonly session: Session
  /** Committed or not, sorted; null where that could not be found out. */
  readonly paths: readonly string[] | null
}

/** The other sessions whose worktree is there. */
export function findSiblings(set: SessionSet, own: Pick<Session, 'uuid'> | null): RegisteredSession[] {
  return set.registered.filter(({ session, worktree }) => session.uuid !== own?.uuid && worktree.prunable === null)
}

/** The other sessions whose worktree is there, as they are now. */
export async function readSiblings(context: Context, set: SessionSet, own: Session | null): Promise<Sibling[]> {
  const others = findSiblings(set, own)
  if (others.length === 0) return []
  try {
    const { sides } = await readRadar(context, { sessions: others })
    const changed = await listChangedBySession(context.git, others, sides)
    return others.map(({ session }) => ({ session, paths: changed.get(session.id) ?? null }))
  } catch {
    // who is there is known all the same
    return others.map(({ session }) => ({ session, paths: null }))
  }
}
