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

/** Why a session's worktree is locked: what `git worktree remove` prints to whoever tries. */
export function lockReason(id: string): string {
  return `flightrules session ${id}; end it with: flightrules end ${id}`
}

/** The same for a worktree that is its maker's to remove, but not while an agent talks in it. */
export function conversationLockReason(id: string): string {
  return `flightrules session ${id}, an agent is at work in it; end it with: flightrules end ${id}`
}

/** A session that was brought back under another name may have the reason of the old one. */
export function isOwnLock(reason: string): boolean {
  return ownReasons.some((pattern) => pattern.test(reason))
}

const ownReasons = [lockReason, conversationLockReason].map((reason) => {
  const text = reason('ID').replaceAll(/[.*+?^${}()|[\]\\]/g, String.raw`\$&`)
  return new RegExp(`^${text.replaceAll('ID', '\\S+')}$`)
})
