import { loadSessions, type SessionSet } from '../../sessions/load-sessions.ts'
import { describeHere, describeMain } from '../context/words.ts'
import { type AgentHandler, nothingToSay, tellAgent } from './agent-call.ts'
import { openCall } from './open-call.ts'
import { findPlace, noteAgent } from './place.ts'
import { readSiblings } from '../context/siblings.ts'

/** A conversation begins: the agent learns where it is and who else is at work, and gets the session's ports and variables. */
export const sessionStart: AgentHandler = async (call) => {
  const place = await findPlace(call)
  if (place === undefined) return nothingToSay
  await noteAgent(call, place, 'working').catch(() => {})
  const { context, worktrees } = await openCall(call, place.cwd)
  const set = await loadSessions(context, worktrees, 'read')
  const { session, location } = place
  const envFile = call.env['CLAUDE_ENV_FILE']
  let isExported = false
  if (session !== null && location.worktree !== null && envFile !== undefined) {
    const { exportVariables } = await import('./export-variables.ts')
    isExported = await exportVariables(context, session, location.worktree, envFile).catch(() => false)
  }
  const siblings = await readSiblings(context, set, session)
  const others = siblings.map(({ session, paths }) => ({ ...session, changed: paths }))
  if (session !== null && location.worktree !== null) {
    const { main } = context
    return tellAgent('SessionStart', describeHere(session, { main, worktree: location.worktree, others, isExported }))
  }
  const orphaned = listOrphaned(set)
  if (others.length === 0 && orphaned.length === 0) return nothingToSay
  return tellAgent('SessionStart', describeMain(context.main, others, orphaned))
}

function listOrphaned({ registered, manifest }: SessionSet): string[] {
  const gone = registered.filter(({ worktree }) => worktree.prunable !== null).map(({ session }) => session.id)
  const known = new Set(registered.map(({ session }) => session.id))
  const remembered = manifest.state === 'valid' ? manifest.manifest.sessions.map(({ id }) => id) : []
  return [...gone, ...remembered.filter((id) => !known.has(id))]
}
