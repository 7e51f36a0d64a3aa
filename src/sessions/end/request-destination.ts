import { FlightRulesError } from '../../errors.ts'
import { readDefaultBranchOf } from '../../git/remotes.ts'
import { listBranchTips } from '../../git/branches.ts'
import { listRemotes, readRemoteUrl } from '../../git/remotes.ts'
import { compareUrl } from '../../integrate/compare-url.ts'
import { detectForge, type ForgeName } from '../../integrate/forge/detect-forge.ts'
import type { Forge } from '../../integrate/forge/forge.ts'
import { findForge } from '../../integrate/forge/open-forge.ts'
import { isSameRepository, parseRemoteUrl, type RemoteRepository } from '../../integrate/remote-url.ts'
import { chooseBaseRemote, chooseRemote } from '../../integrate/remotes.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { abandonChoice, type EndInput, keepChoice, mergeChoice } from './end-input.ts'

/** Where a session's branch is pushed to, and where its request is opened. */
export interface Destination {
  /** Where the branch is pushed to. */
  readonly remote: string
  /** Where the base is, and the request goes to: another one where the branch goes to a fork. */
  readonly baseRemote: string
  readonly repository: RemoteRepository | null
  /** Where the branch is, if that is not `repository`. */
  readonly fork: RemoteRepository | null
  readonly forge: Forge | undefined
  readonly forgeName: ForgeName
  /** The base is not the branch in which a forge closes issues. */
  readonly isSideBranch: boolean
}

/**
 * Chooses, and asks the forge once, which proves that its client is there and logged in.
 * @throws FlightRulesError NO_REMOTE, FORGE_UNKNOWN, FORKS_APART, FORGE_CLI_MISSING, FORGE_LOGIN, FORGE_FAILED.
 */
export async function chooseDestination(
  context: Context,
  { session, worktree }: RegisteredSession,
  branch: string,
  input: Pick<EndInput, 'pushOnly' | 'remote'>,
): Promise<Destination> {
  const { git, loaded } = context
  const remote = await choosePushRemote(context, session.base, branch, input.remote)
  if (remote === null) throw noRemote(session.id)
  const baseRemote = await chooseBaseRemote(git, session.base, remote)
  const [url, pushUrl, defaultBranch] = await Promise.all([
    readRemoteUrl(git, baseRemote, 'fetch'),
    readRemoteUrl(git, remote, 'fetch'),
    readDefaultBranchOf(git, baseRemote),
  ])
  const repository = url === null ? null : parseRemoteUrl(url)
  const pushed = pushUrl === null ? null : parseRemoteUrl(pushUrl)
  const fork = remote === baseRemote || pushed === null || (repository && isSameRepository(pushed, repository)) ? null : pushed
  const forgeName = url === null ? 'unknown' : detectForge(url, loaded.config.forges)
  const isSideBranch = defaultBranch !== null && defaultBranch !== session.base
  const place = { remote, baseRemote, repository, fork, forgeName, isSideBranch }
  if (input.pushOnly) return { ...place, forge: undefined }
  if (repository === null || forgeName === 'unknown') throw unknownForge(session.id, baseRemote)
  if (remote !== baseRemote && pushed?.host !== repository.host) throw forksApart(session.id, remote, baseRemote)
  const forge = await findForge(forgeName, {
    cwd: worktree.path,
    env: git.environment,
    signal: context.signal,
    repository,
    ...(fork === null ? {} : { headRepository: fork }),
  })
  await forge?.findOpenRequest({ base: session.base, head: branch })
  return { ...place, forge }
}

/**
 * The remote that was named, else the one the configuration of git says.
 * @throws FlightRulesError REMOTE_NOT_FOUND, naming those there are.
 */
export async function choosePushRemote(
  { git }: Context,
  base: string,
  branch: string,
  wished: string | undefined,
): Promise<string | null> {
  if (wished === undefined) return chooseRemote(git, { base, branch })
  const remotes = await listRemotes(git)
  if (remotes.includes(wished) && !wished.startsWith('-')) return wished
  throw new FlightRulesError({
    kind: 'usage',
    code: 'REMOTE_NOT_FOUND',
    message: `there is no remote ${JSON.stringify(wished)}; there ${remotes.length === 0 ? 'is none at all' : `are: ${remotes.join(', ')}`}`,
    hint: 'git remote add <name> <url>',
    details: { remote: wished, remotes },
  })
}

/** Where it can be opened by hand, when it was only pushed. */
export function compareUrlOf({ session }: RegisteredSession, branch: string, destination: Destination): string | null {
  const { repository, fork, forgeName } = destination
  if (repository === null) return null
  return compareUrl(repository, forgeName, { base: session.base, head: branch, fork })
}

/** The base as its remote has it, as far as is known. */
export async function findBase({ git }: Context, { session }: RegisteredSession, remote: string): Promise<string> {
  const tips = await listBranchTips(git, [`refs/heads/${session.base}`, `refs/remotes/${remote}/${session.base}`])
  return tips.remote.get(`${remote}/${session.base}`) ?? tips.local.get(session.base) ?? session.baseCommit
}

function noRemote(id: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'NO_REMOTE',
    message: `session ${id} cannot become a request: the repository has no remote to push to`,
    hint: 'add one (git remote add origin <url>), or end the session another way',
    choices: [mergeChoice, keepChoice, abandonChoice],
  })
}

function unknownForge(id: string, remote: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'FORGE_UNKNOWN',
    message: `session ${id} cannot become a request: the remote ${remote} is neither on GitHub nor on GitLab, as far as its address tells`,
    hint: "say which it is in the configuration (forges: { '<host>': 'github' | 'gitlab' }), push only, or end it another way",
    choices: [{ flag: '--push-only', label: 'push the branch and stop there' }, mergeChoice, keepChoice],
    details: { remote },
  })
}

function forksApart(id: string, remote: string, baseRemote: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'FORKS_APART',
    message: `session ${id} cannot become a request: its branch goes to ${remote} and its base is on ${baseRemote}, which is another host`,
    hint: 'push it to a remote on the same host, or push only',
    choices: [
      { flag: `--remote ${baseRemote}`, label: `push the branch to ${baseRemote}` },
      { flag: '--push-only', label: 'push the branch and stop there' },
      keepChoice,
    ],
    details: { remote, baseRemote },
  })
}
