import type { Environment } from '../git/environment.ts'
import { isSweptByAgent } from './agent-worktree.ts'
import { isWithin } from './find-session.ts'

/**
 * Whether a session there is locked for as long as it lasts: in the sessions directory, and where agents remove old ones unasked. One elsewhere is
 * its maker's to remove: a script that made it for a moment could not go on.
 */
export async function isLockedPlace(place: { sessionsDir: string; env: Environment }, path: string): Promise<boolean> {
  return isWithin(place.sessionsDir, path) || isSweptByAgent(path, place.env)
}
