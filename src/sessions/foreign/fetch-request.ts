import { join } from 'node:path'
import { checkBranch } from '../../config/safe-values.ts'
import { type Finding, FlightRulesError } from '../../errors.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { listBranchTips } from '../../git/branches.ts'
import { fetchBranch } from '../../git/fetch-branch.ts'
import { GitError } from '../../git/git-error.ts'
import { fetchRemoteRef } from '../../git/push.ts'
import { readRef, updateRefs } from '../../git/refs.ts'
import type { RequestDetails } from '../../integrate/forge/forge.ts'
import { toOneLine } from '../../integrate/inert-text.ts'
import { lastLines } from '../../integrate/push.ts'
import { askForge, requireBaseForge } from '../asking/base-forge.ts'
import { toGoal } from '../asking/title.ts'
import { findBranch } from '../base-branch.ts'
import { type Context, commonDirOf } from '../context.ts'
import { freeDeadLocks } from '../recover/heal-git-locks.ts'
import type { SessionSet } from '../load-sessions.ts'

/** A request that is to become a session. */
export interface FetchedRequest {
  readonly number: number
  readonly url: string
  /** Its title, as a goal. */
  readonly goal: string
  /** Who sent it. */
  readonly from: string
  /** The commit it is at, here by now unless it was only looked at. */
  readonly oid: string
  /** Short name of the branch to check it out as. */
  readonly branch: string
  /** Where that comes from and goes back to. */
  readonly follows: { readonly remote: string; readonly ref: string }
  /** Short name of the branch it goes into. */
  readonly base: string
  readonly findings: readonly Finding[]
}

/** Milliseconds a remote has to send it. */
const timeLimit = 10 * 60_000

/** What a forge calls the commits of a request, whoever's repository they are in. */
const heads = { github: 'refs/pull/', gitlab: 'refs/merge-requests/' } as const

/**
 * Asks the forge about a request and fetches its commits, to a ref of ours and nowhere else; nothing is checked out. `look`: fetches nothing.
 * @throws FlightRulesError NO_REMOTE, FORGE_UNKNOWN, FORGE_CLI_MISSING, FORGE_LOGIN, FORGE_FAILED, FORGE_ANSWER, REQUEST_NOT_FETCHED, BASE_NOT_FOUND.
 */
export async function fetchRequest(
  context: Context,
  set: SessionSet,
  number: number,
  purpose: 'start' | 'look',
): Promise<FetchedRequest> {
  const { git } = context
  const { details, remote, kind } = await askForge(`request ${number} is not known`, [], async () => {
    const { forge, ...place } = await requireBaseForge(context, set)
    return { details: await forge.readRequest(number), ...place }
  })
  const remoteRef = `${heads[kind]}${number}/head`
  const oid = await obtain(context, { remote, remoteRef, number }, purpose)
  const tips = await listBranchTips(git)
  const { base, head } = details
  if (checkBranch(base) !== undefined || findBase(tips, base, remote) === undefined) throw baseNotFound(number, base, remote)
  const isTheirs = !details.isFork && isPlainBranch(head) && head !== base
  const branch = isTheirs ? head : `pr/${number}`
  return {
    number,
    url: details.url,
    goal: toGoal(details.title),
    from: [...toOneLine(details.from ?? 'somebody')].slice(0, 60).join(''),
    oid,
    branch,
    follows: { remote, ref: isTheirs ? `refs/heads/${head}` : remoteRef },
    base,
    findings: describe(details, branch),
  }
}

/** Where our own copy of a request is, until it is a branch. */
export function requestRef(number: number): string {
  return `refs/flightrules/requests/${number}`
}

/** Once a branch holds the commits, the copy is not needed. */
export async function forgetFetched(context: Context, { number, oid }: FetchedRequest): Promise<void> {
  const ref = requestRef(number)
  if ((await readRef(context.git, ref)) !== oid) return
  await updateRefs(context.git, [{ ref, new: null, old: oid }], 'flightrules: request checked out').catch((error: unknown) => {
    // what it left locked is for whoever finishes this start
    if (error instanceof GitError && error.status > 129) throw error
    // a start of the same request beside this one may just be fetching it again
  })
}

async function obtain(
  context: Context,
  { remote, remoteRef, number }: { remote: string; remoteRef: string; number: number },
  purpose: 'start' | 'look',
): Promise<string> {
  const tracking = requestRef(number)
  try {
    // nothing else is known of a fetch that was killed, and nobody but a fetch of ours locks it
    if (purpose === 'start') await freeDeadLocks(context, [lockOf(context, tracking)], new Date(0).toISOString())
    return await context.git.within(timeLimit, async (git) => {
      const oid =
        purpose === 'look'
          ? await fetchRemoteRef(git, remote, remoteRef)
          : await fetchBranch(git, { remote, remoteRef, tracking, oid: null }).then(() => readRef(git, tracking))
      if (oid === null) throw new Error(`${remote} has no ${remoteRef}`)
      return oid
    })
  } catch (error) {
    if (error instanceof FlightRulesError && error.kind === 'interrupted') throw error
    const said = error instanceof GitError && error.stderr.trim() !== '' ? error.stderr : (error as Error).message
    throw new FlightRulesError({
      kind: 'failed',
      code: 'REQUEST_NOT_FETCHED',
      message: `request ${number} could not be fetched from ${remote}: ${lastLines(said)}; nothing was started`,
      hint: `git ls-remote ${quoteForShell(remote)} ${remoteRef}`,
      details: { remote, ref: remoteRef },
      cause: error,
    })
  }
}

function lockOf(context: Context, ref: string): string {
  return join(commonDirOf(context), ...`${ref}.lock`.split('/'))
}

/** What a forge lets a branch be called is more than what is safe everywhere a name goes. */
function isPlainBranch(name: string): boolean {
  return name.length <= 200 && /^[A-Za-z0-9][\w./+@#-]*$/.test(name) && checkBranch(name) === undefined
}

function findBase(tips: Parameters<typeof findBranch>[0], base: string, remote: string): string | undefined {
  return findBranch(tips, base)?.oid ?? tips.remote.get(`${remote}/${base}`)
}

function describe({ number, state, url, isFork, head }: RequestDetails, branch: string): Finding[] {
  const findings: Finding[] = []
  if (state !== 'open' && state !== '')
    findings.push({
      code: 'REQUEST_NOT_OPEN',
      message: `request ${number} is ${toOneLine(state).slice(0, 20)}`,
      details: { number, url },
    })
  if (!isFork && branch !== head)
    findings.push({
      code: 'BRANCH_RENAMED',
      message: `the branch of request ${number} has a name that is not taken over; here it is ${branch}`,
      details: { number, branch },
    })
  return findings
}

function baseNotFound(number: number, base: string, remote: string): FlightRulesError {
  const name = toOneLine(base).slice(0, 100)
  return new FlightRulesError({
    kind: 'usage',
    code: 'BASE_NOT_FOUND',
    message: `request ${number} goes into ${JSON.stringify(name)}, and there is no branch of that name, neither here nor on ${remote} as far as is known here; nothing was started`,
    hint: `git fetch ${quoteForShell(remote)}`,
    details: { base: name, remote },
  })
}
