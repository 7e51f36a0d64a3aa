import { type Finding, FlightRulesError } from '../errors.ts'
import { quoteForShell } from '../files/quote-for-shell.ts'
import { fetchBranch } from '../git/fetch-branch.ts'
import type { Git } from '../git/git.ts'
import { GitError } from '../git/git-error.ts'
import { listUpstreams, type Upstream } from '../git/upstreams.ts'
import { lastLines } from './push.ts'

export interface FetchedBase {
  /** `no-upstream`: the branch is nowhere but here, so there is nothing to fetch. */
  readonly outcome: 'fetched' | 'no-upstream' | 'failed'
  /** Full name of the remote-tracking branch, which after a failure is what was last seen; null without an upstream. */
  readonly ref: string | null
  /** Why it failed: FETCH_FAILED. */
  readonly finding?: Finding
}

/** Milliseconds a remote has to answer. */
const timeLimit = 60_000

/**
 * Fetches what a base branch follows, and nothing else. No branch of a person's moves; nobody is asked for a password; a failure is
 * something to tell, not an end.
 * @throws FlightRulesError INTERRUPTED.
 */
export async function fetchBase(
  git: Git,
  {
    base,
    limitMs = timeLimit,
    onFetch,
  }: {
    readonly base: string
    readonly limitMs?: number
    /** Called where there is something to fetch, before it is. */
    readonly onFetch?: () => void
  },
): Promise<FetchedBase> {
  const upstream = (await listUpstreams(git, [base])).get(base)
  if (upstream === undefined) return { outcome: 'no-upstream', ref: null }
  const { tracking: ref } = upstream
  onFetch?.()
  try {
    await git.within(limitMs, (limited) => fetchBranch(limited, upstream))
    return { outcome: 'fetched', ref }
  } catch (error) {
    if (!(error instanceof FlightRulesError) || error.kind === 'interrupted') throw error
    return { outcome: 'failed', ref, finding: fetchFailed(base, upstream, error) }
  }
}

function fetchFailed(base: string, { remote, remoteRef, tracking, oid }: Upstream, error: FlightRulesError): Finding {
  const said = lastLines(error instanceof GitError && error.stderr.trim() !== '' ? error.stderr : error.message).replace(
    /\.$/,
    '',
  )
  const seen = oid === null ? '' : `; what is known of it is what was last seen (${oid.slice(0, 12)})`
  return {
    code: 'FETCH_FAILED',
    message: `${base} could not be fetched from ${remote}: ${said}${seen}`,
    hint: `git fetch ${quoteForShell(remote)}`,
    details: { base, remote, remoteRef, ref: tracking },
  }
}
