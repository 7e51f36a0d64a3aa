import { isAbsolute } from 'node:path'
import { findRepositoryLocation, type RepositoryLocation } from '../../git/locate-repository.ts'
import { isTrashPath } from '../../operations/trash/item.ts'
import { noteHeartbeat } from '../../sessions/heartbeat.ts'
import { loadRecord } from '../../sessions/record.ts'
import type { Session } from '../../sessions/session.ts'
import { type AgentCall, findText, nameAgent } from './agent-call.ts'

/** Where the agent is. */
export interface Place {
  /** As the agent says; absolute. */
  readonly cwd: string
  readonly location: RepositoryLocation
  /** The session it is in, null in the main worktree without one and in worktrees that are none. */
  readonly session: Session | null
}

/**
 * From the agent's current directory, which follows it into a worktree; its project directory does not. Files only: no git process.
 * undefined outside of a repository.
 */
export async function findPlace(call: AgentCall): Promise<Place | undefined> {
  const cwd = findText(call, 'cwd')
  if (cwd === undefined || !isAbsolute(cwd)) return undefined
  const location = await findRepositoryLocation(cwd).catch(() => undefined)
  if (location === undefined) return undefined
  const record = await loadRecord(location.gitDir)
  // one that was put away keeps its record, and is nobody's place of work
  const isAway = location.worktree !== null && isTrashPath(location.worktree)
  return { cwd, location, session: record.state === 'valid' && !isAway ? record.session : null }
}

/** Notes that the agent is at work in its session, or has left it. */
export async function noteAgent(call: AgentCall, { location, session }: Place, state: 'working' | 'ended'): Promise<void> {
  if (session === null) return
  await noteHeartbeat(location.gitDir, { agent: nameAgent(call), at: Date.now(), state })
}
