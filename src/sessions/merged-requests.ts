import { type Finding, FlightRulesError } from '../errors.ts'
import { mapSideBySide } from '../files/side-by-side.ts'
import { readRemoteUrl } from '../git/remotes.ts'
import { listUpstreams, type Upstream } from '../git/upstreams.ts'
import { detectForge } from '../integrate/forge/detect-forge.ts'
import type { Forge, ForgeRequest } from '../integrate/forge/forge.ts'
import type { MergedRequest } from '../integrate/forge/merged-request.ts'
import { findForge } from '../integrate/forge/open-forge.ts'
import { parseRemoteUrl } from '../integrate/remote-url.ts'
import { chooseBaseRemote } from '../integrate/remotes.ts'
import type { Context } from './context.ts'
import { type RequestQuestion, rememberRequests } from './request-memory.ts'

/** Milliseconds a forge has for each question: cleaning up does not wait longer for it. */
const limitMs = 5_000

/** Branches that are asked for one by one; of more the last requests of all are looked through first. */
const fewBranches = 8

export interface FoundRequests {
  /** The merged request of a session, by the session's uuid. */
  readonly requests: ReadonlyMap<string, ForgeRequest>
  /** What could not be asked, and why. */
  readonly findings: readonly Finding[]
}

/** A question, and the names things have on the remote. */
interface Asked extends RequestQuestion {
  readonly head: string
  readonly base: string
  /** Whose the repository is that the branch was pushed to; null where its address does not tell. */
  readonly owner: string | null
}

/**
 * Asks the forge which of these sessions have a request that was merged exactly as they are now. Only those are asked about that were
 * pushed, or have a request. What the forge does not answer is no merge; where a request is known to have been opened, that is a finding.
 * @throws FlightRulesError INTERRUPTED.
 */
export async function fetchMergedRequests(context: Context, questions: readonly RequestQuestion[]): Promise<FoundRequests> {
  const requests = new Map<string, ForgeRequest>()
  const findings: Finding[] = []
  for (const [remote, asked] of await groupByRemote(context, questions)) {
    const forge = await openForgeOf(context, remote)
    if (forge === undefined) continue
    try {
      for (const [question, request] of await matchRequests(forge, asked)) requests.set(question.entry.session.uuid, request)
    } catch (error) {
      if (!(error instanceof FlightRulesError) || error.kind === 'interrupted') throw error
      const ids = asked.filter(({ entry }) => entry.session.pr !== null).map(({ entry }) => entry.session.id)
      if (ids.length > 0) findings.push(notAsked(ids, error))
    }
  }
  if (requests.size > 0) await rememberRequests(context, questions, requests)
  return { requests, findings }
}

/** Sessions that were pushed or have a request, by the remote whose repository their request goes to. */
async function groupByRemote({ git }: Context, questions: readonly RequestQuestion[]): Promise<Map<string, Asked[]>> {
  const branches = questions.flatMap(({ entry }) => entry.session.branch ?? [])
  const upstreams = await listUpstreams(git, [...branches, ...questions.map(({ entry }) => entry.session.base)])
  const groups = new Map<string, Asked[]>()
  for (const question of questions) {
    const { branch, base, pr } = question.entry.session
    const pushed = branch === null ? undefined : upstreams.get(branch)
    if (branch === null || (pushed === undefined && pr === null)) continue
    const remote = await chooseBaseRemote(git, base, pushed?.remote ?? 'origin')
    const url = pushed === undefined ? null : await readRemoteUrl(git, pushed.remote, 'fetch')
    const names = { head: shortName(pushed, branch), base: shortName(upstreams.get(base), base) }
    const owner = url === null ? null : (parseRemoteUrl(url)?.owner ?? null)
    groups.set(remote, [...(groups.get(remote) ?? []), { ...question, ...names, owner }])
  }
  return groups
}

function shortName(upstream: Upstream | undefined, otherwise: string): string {
  return upstream?.remoteRef.replace('refs/heads/', '') ?? otherwise
}

async function openForgeOf({ git, main, signal, loaded }: Context, remote: string): Promise<Forge | undefined> {
  const url = await readRemoteUrl(git, remote, 'fetch')
  const repository = url === null ? null : parseRemoteUrl(url)
  if (url === null || repository === null) return undefined
  const name = detectForge(url, loaded.config.forges)
  return findForge(name, { cwd: main, env: git.environment, signal, repository, limitMs })
}

async function matchRequests(forge: Forge, asked: readonly Asked[]): Promise<[Asked, ForgeRequest][]> {
  const match = (open: readonly Asked[], merged: readonly MergedRequest[]): [Asked, ForgeRequest][] =>
    open.flatMap((question) => {
      const found = merged.find((request) => isOf(request, question))
      return found === undefined ? [] : [[question, { number: found.number, url: found.url }]]
    })
  const first = asked.length > fewBranches ? match(asked, await forge.listMergedRequests(null)) : []
  const open = asked.filter((question) => !first.some(([found]) => found === question))
  const rest = await mapSideBySide(open, async (question) => match([question], await forge.listMergedRequests(question.head)))
  return [...first, ...rest.flat()]
}

/** The very commit decides; the names must not contradict it. */
function isOf(request: MergedRequest, { tip, base, owner }: Asked): boolean {
  const isTheirs = request.owner === null || owner === null || request.owner.toLowerCase() === owner.toLowerCase()
  return request.tip === tip && request.base === base && isTheirs
}

function notAsked(ids: readonly string[], { message, hint, code }: FlightRulesError): Finding {
  const [of, were] = ids.length === 1 ? ['request', 'was'] : ['requests', 'were']
  return {
    code: 'REQUESTS_NOT_ASKED',
    message: `whether the ${of} of ${ids.join(', ')} ${were} merged was not found out: ${message}`,
    // what else it says is about opening one
    ...(code === 'FORGE_LOGIN' && hint !== undefined ? { hint } : {}),
    details: { ids, cause: code },
  }
}
