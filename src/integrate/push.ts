import { FlightRulesError } from '../errors.ts'
import type { Git } from '../git/git.ts'
import { redactUrlCredentials } from '../git/git-error.ts'
import { fetchRemoteOid, pushRef, setUpstream } from '../git/push.ts'
import { readRef } from '../git/refs.ts'
import { listRemotes, readRemoteUrl } from '../git/remotes.ts'

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
 * @throws FlightRulesError PUSH_FAILED and PUSH_DENIED with git's own last words; nothing local was changed.
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
    const said = error instanceof Error ? error.message : String(error)
    if (isDenied(said)) throw await pushDenied(git, input, said, error)
    throw pushFailed(input, said, error)
  }
  const arrived = await fetchRemoteOid(git, await readPushTarget(git, remote), branch)
  if (arrived !== oid)
    throw pushFailed(input, `git said nothing, yet ${remote} has ${arrived ?? 'no such branch'} instead of ${oid}`)
  if (input.setUpstream) await setUpstream(git, remote, branch)
  return { remote, branch, oid }
}

/** A remote that pushes to another place than it fetches from has its proof there. */
async function readPushTarget(git: Git, remote: string): Promise<string> {
  const [fetchUrl, pushUrl] = await Promise.all([readRemoteUrl(git, remote, 'fetch'), readRemoteUrl(git, remote, 'push')])
  return pushUrl === null || pushUrl === fetchUrl ? remote : pushUrl
}

/** What forges and servers say to who may read and not write; a key or password that is not known at all is another matter. */
function isDenied(said: string): boolean {
  if (/publickey|Authentication failed|could not read Username/i.test(said)) return false
  return /returned error: 403|Permission to \S+ denied|Permission denied|not (?:allowed|authorized|permitted) to push|Write access to repository not granted/i.test(
    said,
  )
}

/** Making a fork is a person's own decision; pushing to one that is there is a flag. */
async function pushDenied(git: Git, { remote, branch }: PushInput, said: string, cause: unknown): Promise<FlightRulesError> {
  const others = (await listRemotes(git)).filter((name) => name !== remote && !name.startsWith('-'))
  return new FlightRulesError({
    kind: 'failed',
    code: 'PUSH_DENIED',
    message: `${branch} was not pushed: ${remote} does not take pushes from you: ${lastLines(said)}`,
    hint:
      others.length === 0
        ? 'git remote add <name> <address of a fork of yours>, then run the same command again with --remote <name>'
        : `push it to a fork of yours instead; the remotes there are besides ${remote}: ${others.join(', ')}`,
    choices: others.map((name) => ({ flag: `--remote ${name}`, label: `push the branch to ${name}` })),
    details: { remote, branch, remotes: others },
    cause,
  })
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

export function lastLines(text: string): string {
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
