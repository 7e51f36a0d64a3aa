import type { ForgeRequest } from '../../integrate/forge/forge.ts'
import type { Context } from '../context.ts'
import { findMergedSessions, findObstacles, listCandidates, type MergedSession } from '../find-merged.ts'
import { fetchMergedRequests, type FoundRequests } from '../merged-requests.ts'
import { fetchBases } from '../sync/sync-sessions.ts'
import type { CleanupFinder, CleanupInput, CleanupTask } from './cleanup-task.ts'
import { leaveInUse, retireTask } from './retire-task.ts'

/** A session whose request the forge says was merged, with exactly the commits it has. */
interface RequestedSession extends MergedSession {
  readonly request?: ForgeRequest
}

/**
 * Sessions whose work is in their base, or was, and those whose commits come to nothing. What was merged on the forge is fetched first, and
 * of what git cannot tell the forge is asked.
 */
export const findMerged: CleanupFinder = async (input) => {
  const { context, set, network } = input
  if (network === 'none') return (await findMergedSessions(context, set)).map((merged) => toTask(context, merged))
  const candidates = await listCandidates(context, set)
  const fetched = await fetchBases(
    context,
    candidates.filter(({ isFollowing }) => isFollowing).map(({ entry }) => entry),
  )
  const merged = await findMergedSessions(context, set)
  const requested = await findRequested(input, merged)
  for (const finding of [...fetched, ...requested.findings]) input.note(finding)
  return [...merged, ...requested.sessions].map((one) => toTask(context, one))
}

/** Of a session whose work git saw taken back the forge knows only that it was there. */
async function findRequested(
  { context, set }: Pick<CleanupInput, 'context' | 'set'>,
  merged: readonly MergedSession[],
): Promise<{ sessions: RequestedSession[]; findings: FoundRequests['findings'] }> {
  const known = new Set(merged.map(({ entry }) => entry.session.uuid))
  const open = (await listCandidates(context, set)).filter(({ entry }) => !known.has(entry.session.uuid))
  const questions = open.map(({ entry, question }) => ({ entry, tip: question.tip }))
  const { requests, findings } = await fetchMergedRequests(context, questions)
  const found = open.flatMap(({ entry, question, names }) => {
    const request = requests.get(entry.session.uuid)
    return request === undefined ? [] : [{ entry, tip: question.tip, work: 'merged' as const, into: names.base, request }]
  })
  return { sessions: await findObstacles(context, set, found), findings }
}

function toTask(context: Context, merged: RequestedSession): CleanupTask {
  const { entry, work, obstacle } = merged
  const { id, ownsBranch } = entry.session
  const deleteBranch = ownsBranch && context.loaded.config.end.deleteBranch === 'merged'
  const what = `remove its worktree${deleteBranch ? ' and its branch' : ''}`
  const { is, reason } = describe(merged)
  // what is not in the base goes only when somebody wants it
  const isSafe = obstacle === null && work === 'merged'
  return {
    id,
    kind: work === 'net-zero' ? 'nothing-to-lose' : 'merged',
    evidence: `${is}${obstacle === null ? (isSafe ? ', it is clean, and nobody is in it' : '') : `; but ${obstacle.why}`}`,
    action: isSafe ? what : `${what}; all it holds goes into the trash`,
    verdict: isSafe ? 'safe' : 'ask',
    ...retireTask(context, entry, { reason, content: obstacle === null ? 'clean' : 'any', deleteBranch }),
    ...(obstacle?.isInUse === true ? leaveInUse(entry) : {}),
  }
}

function describe({ work, into, request }: RequestedSession): { is: string; reason: string } {
  if (work === 'net-zero') return { is: 'its commits together change nothing', reason: 'its commits change nothing' }
  if (work === 'reverted')
    return { is: `its work was in ${into} and was taken back there`, reason: `merged into ${into} and reverted` }
  if (request !== undefined)
    return {
      is: `its request #${request.number} was merged as it is (${request.url})`,
      reason: `request #${request.number} merged`,
    }
  return { is: `its work is in ${into}`, reason: `merged into ${into}` }
}
