import { FlightRulesError } from '../../errors.ts'
import { listBranchTips } from '../../git/branches.ts'
import { listRemotes, readRemoteUrl } from '../../git/remotes.ts'
import { detectForge } from '../../integrate/forge/detect-forge.ts'
import type { Forge } from '../../integrate/forge/forge.ts'
import { findForge } from '../../integrate/forge/open-forge.ts'
import { parseRemoteUrl } from '../../integrate/remote-url.ts'
import { chooseBaseRemote } from '../../integrate/remotes.ts'
import { resolveBase } from '../base-branch.ts'
import type { Context } from '../context.ts'
import type { SessionSet } from '../load-sessions.ts'

export interface BaseForge {
  readonly forge: Forge
  /** The remote the project's base comes from. */
  readonly remote: string
  readonly kind: 'github' | 'gitlab'
}

/**
 * The client for the forge the project's base is on; nothing is asked yet.
 * @throws FlightRulesError NO_REMOTE, FORGE_UNKNOWN.
 */
export async function requireBaseForge(context: Context, set: SessionSet): Promise<BaseForge> {
  const { git, loaded, signal } = context
  const remotes = (await listRemotes(git)).filter((name) => !name.startsWith('-'))
  const [only, second] = remotes
  if (only === undefined) throw noForge('NO_REMOTE', 'the repository has no remote')
  const tips = await listBranchTips(git)
  const base = await resolveBase(context, tips, set.main.worktree).then(
    ({ branch }) => branch,
    () => 'HEAD',
  )
  const remote = await chooseBaseRemote(git, base, second === undefined ? only : '')
  const url = remote === '' ? null : await readRemoteUrl(git, remote, 'fetch')
  const repository = url === null ? null : parseRemoteUrl(url)
  const kind = url === null ? 'unknown' : detectForge(url, loaded.config.forges)
  const forge =
    repository === null ? undefined : await findForge(kind, { cwd: git.cwd, env: git.environment, signal, repository })
  if (forge !== undefined && kind !== 'unknown') return { forge, remote, kind }
  const which =
    remote === '' ? `none of the remotes ${remotes.join(', ')} is the base's,` : `the remote ${remote} is on no forge,`
  throw noForge('FORGE_UNKNOWN', `${which} as far as its address tells`)
}

function noForge(code: string, why: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code,
    message: `no forge can be asked: ${why}`,
    hint: "for a forge on a host of its own: forges: { '<host>': 'github' | 'gitlab' } in the configuration",
  })
}

/** Asks, and gives what failed in words for who has started nothing yet. @throws FlightRulesError as the question did, with these ways on. */
export async function askForge<T>(
  what: string,
  choices: NonNullable<FlightRulesError['choices']>,
  question: () => Promise<T>,
): Promise<T> {
  try {
    return await question()
  } catch (error) {
    if (!(error instanceof FlightRulesError) || error.kind === 'interrupted') throw error
    const { kind, code, details } = error
    // what helps when a session ends does not when one begins
    const hint = code === 'FORGE_FAILED' ? undefined : error.hint?.replace(/, or push only$/, '')
    throw new FlightRulesError({
      kind: kind === 'decision' ? 'decision' : 'failed',
      code,
      message: `${what}: ${error.message}; nothing was started`,
      choices,
      details,
      cause: error,
      ...(hint === undefined ? {} : { hint }),
    })
  }
}
