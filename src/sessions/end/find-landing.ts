import { type Finding, FlightRulesError } from '../../errors.ts'
import { findMergeBase, readParents } from '../../git/ancestry.ts'
import type { Git } from '../../git/git.ts'
import { readRef } from '../../git/refs.ts'
import { listUpstreams } from '../../git/upstreams.ts'
import { hasLanded } from '../../integrate/integration.ts'
import { judgeWork } from '../../integrate/judge-work.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import type { Session } from '../session.ts'
import { abandonChoice, type EndInput, type EndResult, keepChoice } from './end-input.ts'

/** Where the work of a session is already. */
export interface Landing {
  readonly into: string
  /** The commit that has it; of a merged request the one that was merged. */
  readonly oid: string
  readonly request: EndResult['pr']
}

interface Ends {
  readonly base: string
  readonly tip: string
}

/**
 * Where the session's work is already, in the base, in what that follows, or by a merged request; null where it is not.
 * @throws FlightRulesError NOTHING_TO_MERGE when its commits together change nothing, unless that is wanted.
 */
export async function findLanding(
  context: Context,
  entry: RegisteredSession,
  { mergedRequest, proceed }: Pick<EndInput, 'mergedRequest' | 'proceed'>,
  { base, tip }: Ends,
): Promise<Landing | null> {
  const { session } = entry
  const upstream = (await listUpstreams(context.git, [session.base])).get(session.base)
  const start = await findStart(context.git, session, base, tip)
  const ref = session.branch === null ? {} : { ref: `refs/heads/${session.branch}` }
  const [verdict = null] = await judgeWork(context.git, [{ base, tip, start, upstream: upstream?.oid ?? null, ...ref }])
  if (verdict === 'net-zero' && !proceed) throw changesNothing(session)
  if (hasLanded(verdict)) {
    const into = verdict.where === 'base' ? session.base : upstream?.tracking.replace('refs/remotes/', '')
    return { into: into ?? session.base, oid: verdict.into, request: null }
  }
  // what was taken back is to be merged anew
  if (verdict === 'reverted' || mergedRequest?.tip !== tip) return null
  return { into: session.base, oid: tip, request: mergedRequest.request }
}

/** The base has the session's work already, say because an earlier `end` was stopped after it: merging would add nothing. */
export async function isMerged(context: Context, entry: RegisteredSession, base: string, tip: string): Promise<boolean> {
  return (await findLanding(context, entry, { proceed: true }, { base, tip })) !== null
}

/**
 * Instead of a second request for work that is in its base already: the end of a session that is merged.
 * @returns what to end it by, and what is to be said of it.
 */
export async function preferLanding(
  context: Context,
  entry: RegisteredSession,
  input: EndInput,
): Promise<{ input: EndInput; findings: readonly Finding[] }> {
  const asGiven = { input, findings: [] }
  const { session, worktree } = entry
  const tip = worktree.head
  if (input.strategy !== 'pr' || session.mode === 'standard' || tip === null || session.branch === null) return asGiven
  if (input.sync !== false || input.commit !== undefined || worktree.prunable !== null) return asGiven
  const base = await readRef(context.git, `refs/heads/${session.base}`)
  if (base === null || tip === session.baseCommit) return asGiven
  const landing = await findLanding(context, entry, input, { base, tip })
  if (landing !== null) return { input: { ...input, strategy: 'merge' }, findings: [isThere(session.id, landing)] }
  const { fetchMergedRequests } = await import('../merged-requests.ts')
  const { requests, findings } = await fetchMergedRequests(context, [{ entry, tip }])
  const request = requests.get(session.uuid)
  if (request === undefined) return { input, findings }
  const merged: EndInput = { ...input, strategy: 'merge', mergedRequest: { tip, request } }
  const found = await findLanding(context, entry, merged, { base, tip })
  return found === null ? asGiven : { input: merged, findings: [isThere(session.id, found)] }
}

function isThere(id: string, { into, request }: Landing): Finding {
  return {
    code: 'ALREADY_MERGED',
    message:
      request === null
        ? `the work of session ${id} is in ${into} already, so no request was opened`
        : `the request of session ${id} was merged as #${request.number} (${request.url}), so no other was opened`,
    details: { id, into, request },
  }
}

/** A branch that was there before the session may have had its work before it: then git's history says where that began. */
async function findStart(git: Git, session: Session, base: string, tip: string): Promise<string> {
  if (session.ownsBranch || tip !== session.baseCommit) return session.baseCommit
  const mergeBase = await findMergeBase(git, base, tip)
  if (mergeBase !== null && mergeBase !== tip) return mergeBase
  return (await readParents(git, tip))[0] ?? tip
}

function changesNothing({ id, base }: Session): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'NOTHING_TO_MERGE',
    message: `session ${id} has commits, but together they change nothing, so ${base} would be the same with them`,
    hint: 'end it without integrating anything',
    choices: [abandonChoice, keepChoice, { flag: '--proceed', label: 'integrate the commits all the same' }],
    details: { base },
  })
}
