import { changedPaths } from '../../git/status.ts'
import type { Context } from '../../sessions/context.ts'
import type { RegisteredSession, SessionSet } from '../../sessions/load-sessions.ts'
import { readBranched } from '../../sessions/radar/read-branched.ts'
import { readRadar } from '../../sessions/radar/read-radar.ts'
import type { Session } from '../../sessions/session.ts'

/** Another session, and what it has changed so far. */
export interface Sibling {
  readonly entry: RegisteredSession
  /** Committed or not, sorted; null where that could not be found out. */
  readonly paths: readonly string[] | null
}

/** The other sessions whose worktree is there, as they are now. */
export async function readSiblings(context: Context, set: SessionSet, own: Session | null): Promise<Sibling[]> {
  const others = set.registered.filter(({ session, worktree }) => session.uuid !== own?.uuid && worktree.prunable === null)
  if (others.length === 0) return []
  try {
    const { sides } = await readRadar(context, { sessions: others })
    const branched = await readBranched(context.git, others, sides, undefined)
    return others.map((entry) => {
      const found = branched.find(({ name }) => name === entry.session.id)
      if (found === undefined) return { entry, paths: null }
      const { committed, live, side, log } = found
      const dirty = side.live === null ? [] : changedPaths(side.live.status)
      const all = [...committed, ...live].map(({ path }) => path)
      return { entry, paths: [...new Set([...all, ...dirty])].filter((path) => path !== log).sort() }
    })
  } catch {
    // who is there is known all the same
    return others.map((entry) => ({ entry, paths: null }))
  }
}
