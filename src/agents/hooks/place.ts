import { isAbsolute } from 'node:path'
import { findOwnSession, type OwnSession } from '../../sessions/find-own-session.ts'
import { noteHeartbeat } from '../../sessions/heartbeat.ts'
import { type AgentCall, findText, nameAgent } from './agent-call.ts'

/** Where the agent is. */
export interface Place extends OwnSession {
  /** As the agent says; absolute. */
  readonly cwd: string
}

/**
 * From the agent's current directory, which follows it into a worktree; its project directory does not. Files only: no git process.
 * undefined outside of a repository.
 */
export async function findPlace(call: AgentCall): Promise<Place | undefined> {
  const cwd = findText(call, 'cwd')
  if (cwd === undefined || !isAbsolute(cwd)) return undefined
  const own = await findOwnSession(cwd)
  return own === undefined ? undefined : { cwd, ...own }
}

/** Notes that the agent is at work in its session, or has left it. While it is, others are kept from removing the worktree. */
export async function noteAgent(call: AgentCall, place: Place, state: 'working' | 'ended'): Promise<void> {
  if (place.session === null) return
  const isNews = await noteHeartbeat(place.location.gitDir, { agent: nameAgent(call), at: Date.now(), state })
  if (!isNews || state === 'ended') return
  const { lockForConversation } = await import('../../sessions/conversation-lock.ts')
  await lockForConversation(place).catch(() => {})
}
