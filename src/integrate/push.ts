import { FlightRulesError } from '../errors.ts'
import type { Git } from '../git/git.ts'
import { redactUrlCredentials } from '../git/git-error.ts'
import { fetchRemoteOid, fetchTracking, pushRef, setUpstream } from '../git/push.ts'
import { readRef } from '../git/refs.ts'
import { readRemoteUrl } from '../git/remotes.ts'

export interface PushInput {
  readonly remote: string
  /** Short branch name, the same here and there. */
  readonly branch: string
  readonly setUpstream: boolean
  /** Gets what git and the project's pre-push hooks say, as they say it. */
  readonly onStderr?: (text: string) => void
}

/**
 * Pushes a branch and asks the remote whether it arrived.
 * @returns the commit the remote has now.
 * @throws FlightRulesError PUSH_FAILED with git's own last words; nothing local was changed.
 */
export async function pushBranch(git: Git, input: PushInput): Promise<{ remote: string; branch: string; oid: string }> {
  const { remote, branch } = input
  requireRemoteName(remote)
  const oid = await readRef(git, `refs/heads/${branch}`)
  if (oid === null) throw pushFailed(input, `there is no branch ${JSON.stringify(branch)} here`)
  try {
    await pushRef(git, remote, branch, input.onStderr)
  } catch (error) {
    if (git.signal?.aborted === true)
      throw new FlightRulesError({ kind: 'interrupted', code: 'INTERRUPTED', message: 'interrupted', cause: error })
    throw pushFailed(input, error instanceof Error ? error.message : String(error), error)
  }
  const arrived = await fetchRemoteOid(git, await readPushTarget(git, remote), branch)
  if (arrived !== oid)
    throw pushFailed(input, `git said nothing, yet ${remote} has ${arrived ?? 'no such branch'} instead of ${oid}`)
  if (input.setUpstream) await setUpstream(git, remote, branch)
  return { remote, branch, oid }
}

/**
 * Brings `<remote>/<branch>` up to date.
 * @returns where it points now.
 * @throws FlightRulesError FETCH_FAILED; nothing was changed.
 */
export async function fetchBase(git: Git, input: { remote: string; branch: string }): Promise<{ ref: string; oid: string }> {
  requireRemoteName(input.remote)
  try {
    const ref = await fetchTracking(git, input.remote, input.branch)
    const oid = await readRef(git, ref)
    if (oid === null) throw new Error(`${ref} is not there after the fetch`)
    return { ref, oid }
  } catch (error) {
    if (error instanceof FlightRulesError && error.kind === 'interrupted') throw error
    throw new FlightRulesError({
      kind: 'failed',
      code: 'FETCH_FAILED',
      message: `${input.branch} could not be fetched from ${input.remote}: ${lastLines(error instanceof Error ? error.message : String(error))}`,
      hint: `git ls-remote ${input.remote}`,
      details: { ...input },
      cause: error,
    })
  }
}

/** A remote that pushes to another place than it fetches from has its proof there. */
async function readPushTarget(git: Git, remote: string): Promise<string> {
  const [fetchUrl, pushUrl] = await Promise.all([readRemoteUrl(git, remote, 'fetch'), readRemoteUrl(git, remote, 'push')])
  return pushUrl === null || pushUrl === fetchUrl ? remote : pushUrl
}

function pushFailed(input: PushInput, said: string, cause?: unknown): FlightRulesError {
  const behind = /\[rejected\]|non-fast-forward|fetch first/.test(said)
  return new FlightRulesError({
    kind: 'failed',
    code: 'PUSH_FAILED',
    message: `${input.branch} was not pushed to ${input.remote}: ${lastLines(said)}`,
    hint: behind
      ? `the remote branch has commits this one does not: git fetch ${input.remote}, then merge ${input.remote}/${input.branch} in the session and run the command again`
      : `if it is not a hook's word, check the access: git ls-remote ${input.remote}`,
    details: { remote: input.remote, branch: input.branch, rejected: behind },
    ...(cause === undefined ? {} : { cause }),
  })
}

function lastLines(text: string): string {
  const lines = redactUrlCredentials(text.replace(/^(?:Error: )+/, ''))
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(?:hint:|Pushing to |To |Done$)/.test(line))
  return lines.slice(-15).join('\n')
}

function requireRemoteName(remote: string): void {
  if (remote !== '' && !remote.startsWith('-')) return
  throw new FlightRulesError({
    kind: 'usage',
    code: 'BAD_REMOTE',
    message: `${JSON.stringify(remote)} cannot be the name of a remote`,
  })
}
