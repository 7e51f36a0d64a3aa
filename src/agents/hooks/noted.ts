import { type AgentHandler, nothingToSay } from './agent-call.ts'
import { findPlace, noteAgent } from './place.ts'

/** Something was done in the session. */
export const noteWork: AgentHandler = async (call) => {
  const place = await findPlace(call)
  if (place !== undefined) await noteAgent(call, place, 'working')
  return nothingToSay
}

/** The agent's conversation is over; when that was stays known. */
export const noteEnd: AgentHandler = async (call) => {
  const place = await findPlace(call)
  if (place === undefined) return nothingToSay
  await noteAgent(call, place, 'ended')
  const { unlockAfterConversation } = await import('../../sessions/conversation-lock.ts')
  const { commonDir, gitDir } = place.location
  await unlockAfterConversation(commonDir, gitDir, new Date())
  return nothingToSay
}
