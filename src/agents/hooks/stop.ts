import { namePaths } from '../../files/quote-path.ts'
import { Git } from '../../git/git.ts'
import { changedPaths, readStatus } from '../../git/status.ts'
import { type AgentHandler, nothingToSay, tellPerson } from './agent-call.ts'
import { findPlace, noteAgent } from './place.ts'
import { loadSaid } from './said.ts'

/** The agent has finished for now: the person learns once what is not committed in the session. The agent is never held. */
export const stop: AgentHandler = async (call) => {
  const place = await findPlace(call)
  const worktree = place?.location.worktree ?? null
  if (place === undefined || place.session === null || worktree === null) return nothingToSay
  const { location, session } = place
  await noteAgent(call, place, 'working')
  const said = await loadSaid(location.commonDir, call)
  if (said.has('uncommitted', session.uuid)) return nothingToSay
  const status = await readStatus(new Git(worktree, call.env, call.signal), worktree)
  const paths = changedPaths(status).filter((path) => path !== session.sessionLog)
  if (paths.length === 0) return nothingToSay
  said.note('uncommitted', session.uuid)
  await said.store()
  const count = `${paths.length} uncommitted ${paths.length === 1 ? 'file' : 'files'}`
  return tellPerson(
    `Flight Rules: session ${session.id} has ${count}: ${namePaths(paths, 5)}. To end it with them: flightrules end ${session.id} --commit "<message>"`,
  )
}
