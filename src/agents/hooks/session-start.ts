import { loadSessions } from '../../sessions/load-sessions.ts'
import { describeHere, describeMain } from './session-words.ts'
import { type AgentHandler, nothingToSay, tellAgent } from './agent-call.ts'
import { openCall } from './open-call.ts'
import { findPlace, noteAgent } from './place.ts'
import { readSiblings } from './siblings.ts'

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
  const words =
    session === null || location.worktree === null
      ? describeMain(context, set, siblings)
      : describeHere(context, session, { worktree: location.worktree, siblings, isExported })
  return words === null ? nothingToSay : tellAgent('SessionStart', words)
}
