import { realpath } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import { findRepositoryLocation } from '../../git/locate-repository.ts'
import { findSessionAt, isWithin } from '../../sessions/find-session.ts'
import { findFreshHeartbeat, loadHeartbeats } from '../../sessions/heartbeat.ts'
import { findProcessesIn, listOthers } from '../../sessions/live-processes.ts'
import { loadSessions, type RegisteredSession } from '../../sessions/load-sessions.ts'
import { registerWorktree } from '../../sessions/register-worktree.ts'
import { retireSession } from '../../sessions/retire-session.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import { type AgentHandler, findText, nameAgent, nothingToSay } from './agent-call.ts'
import { openCall } from './open-call.ts'

/**
 * The agent is done with a worktree, and whatever we say does not stop it: so everything in there goes into the trash, to be restored, or stays
 * where it is when somebody else is at work in it. Nothing is deleted that is not kept.
 */
export const worktreeRemove: AgentHandler = async (call) => {
  const path = findText(call, 'worktree_path')
  if (path === undefined || !isAbsolute(path)) return nothingToSay
  const root = await realpath(path)
  const location = await findRepositoryLocation(root)
  if (location === undefined || location.worktree !== root || location.gitDir === location.commonDir) return nothingToSay
  const { context } = await openCall(call, location.commonDir)
  const find = async (): Promise<RegisteredSession | undefined> =>
    findSessionAt(await loadSessions(context, await listWorktrees(context.git)), root)
  // made by somebody else, as before we were asked; what is in it is worth as much
  if ((await find()) === undefined) await registerWorktree(context, root, { createdBy: 'agent', setup: 'skip' })
  const entry = await find()
  if (entry === undefined) return nothingToSay
  const { session, worktree } = entry
  const obstacle = await findOther(entry, nameAgent(call), context.now())
  if (obstacle !== null) {
    call.say(`flightrules: session ${session.id} was left: ${obstacle}\n`)
    return nothingToSay
  }
  const hasCommits = worktree.head !== session.baseCommit
  const { item } = await retireSession(context, entry, {
    reason: 'removed by its agent',
    event: 'ended',
    tip: worktree.head,
    content: 'any',
    // commits nobody has merged keep their name
    deleteBranch: session.ownsBranch && !hasCommits,
  })
  call.say(`flightrules: session ${session.id} was put away; flightrules restore ${item.id} brings it back\n`)
  return nothingToSay
}

/** Somebody who would lose the ground under their feet, and is not the agent that is leaving. */
async function findOther({ session, worktree, gitDir }: RegisteredSession, agent: string, now: Date): Promise<string | null> {
  if (session.status === 'kept') return 'it was ended with the wish to keep it'
  const beats = (await loadHeartbeats(gitDir)).filter((beat) => beat.agent !== agent)
  if (findFreshHeartbeat(beats, now) !== undefined) return 'another agent is at work in it'
  const inside = await findProcessesIn([worktree.path], 'quick')
  const others = inside === 'unknown' ? [] : await listOthers(inside)
  const other = others.find(({ cwd }) => isWithin(worktree.path, cwd))
  return other === undefined ? null : `${other.name} (process ${other.pid}) is in it`
}
