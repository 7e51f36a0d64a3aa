import { approveCommit, revokeCommits } from '../../config/session-approvals.ts'
import { listCommands, type TrustedCommand } from '../../config/list-commands.ts'
import { type Finding, FlightRulesError } from '../../errors.ts'
import { findMergeBase } from '../../git/ancestry.ts'
import { type ChangedFile, listChangedFiles } from '../../git/changed-files.ts'
import { holdHooks } from '../../git/held-hooks.ts'
import { readCommits } from '../../git/log.ts'
import { readRef, resolveCommit } from '../../git/refs.ts'
import { findEnvFiles } from '../../setup/find-env-files.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { toTimestamp } from '../timestamp.ts'
import { approvalPlaceOf, readHold } from './is-held.ts'

/** What approving the commit that is checked out in a session would let happen. */
export interface ForeignReport {
  readonly id: string
  readonly request: number
  readonly url: string | null
  readonly from: string
  readonly commit: string
  readonly trusted: boolean
  /** Of the last commit; null where the base has it already. */
  readonly author: string | null
  readonly subject: string | null
  readonly commits: number
  readonly base: string
  readonly files: readonly ChangedFile[]
  /** Of those, what git, a hook manager or an installer would run by itself. */
  readonly runs: readonly string[]
  readonly commands: readonly TrustedCommand[]
  /** Env files that would be copied there, with their secrets. */
  readonly copies: readonly string[]
  readonly dependencies: readonly string[]
  readonly doubts: readonly Finding[]
}

/** @throws FlightRulesError NOT_FOREIGN, NO_COMMITS. */
export async function describeForeign(context: Context, { session, worktree }: RegisteredSession): Promise<ForeignReport> {
  const { git, loaded, main, sessionsDir, bare } = context
  const { id, foreign, base, pr } = session
  if (foreign === undefined) throw notForeign(id)
  const commit = await resolveCommit(git.at(worktree.path), 'HEAD')
  if (commit === null) throw noCommit(id, worktree.path)
  const { held, doubts } = await readHold(context, session, commit)
  const against = (await readRef(git, `refs/heads/${base}`)) ?? (await resolveCommit(git, `refs/remotes/origin/${base}`))
  const start = against === null ? null : await findMergeBase(git, against, commit)
  const [commits, files] =
    start === null ? [[], []] : await Promise.all([readCommits(git, start, commit), listChangedFiles(git, start, commit)])
  const env = bare ? { files: [] } : await findEnvFiles({ git, main, globs: loaded.config.envFiles, sessionsDir })
  const [last] = commits
  const commands = loaded.trust === 'approved' ? listCommands(loaded.config) : []
  return {
    id,
    request: foreign.request,
    url: pr?.url ?? null,
    from: foreign.from,
    commit,
    trusted: !held,
    author: last === undefined ? null : `${last.author.name} <${last.author.email}>`,
    subject: last === undefined ? null : (last.message.split('\n')[0] ?? ''),
    commits: commits.length,
    base,
    files,
    runs: files.map(({ path }) => path).filter((path) => isRunByItself(path) || isNamed(path, commands)),
    commands,
    copies: env.files.map(({ path }) => path),
    dependencies: loaded.config.dependencies.strategy === 'none' ? [] : loaded.config.dependencies.paths,
    doubts,
  }
}

/** Lets exactly this commit of the session be set up. @throws FlightRulesError COMMIT_CHANGED when another one is checked out. */
export async function approveForeign(context: Context, entry: RegisteredSession, commit: string): Promise<void> {
  const { session, worktree } = entry
  if (session.foreign === undefined) throw notForeign(session.id)
  const present = await resolveCommit(context.git.at(worktree.path), 'HEAD')
  if (present === null || present !== commit) {
    throw new FlightRulesError({
      kind: 'untrusted',
      code: 'COMMIT_CHANGED',
      message: `the commit checked out in session ${session.id} is ${present ?? 'none'}, not ${commit}: it is not what was looked at`,
      hint: `flightrules trust --session ${session.id} --show`,
      details: { commit: present, expected: commit },
    })
  }
  await approveCommit(approvalPlaceOf(context), { session: session.uuid, commit, at: toTimestamp(context.now()) })
}

/** Takes back every approval for the session, and git's hooks there with it. */
export async function revokeForeign(
  context: Context,
  { session, gitDir }: RegisteredSession,
): Promise<{ found: number; doubts: readonly Finding[] }> {
  if (session.foreign === undefined) throw notForeign(session.id)
  const revoked = await revokeCommits(approvalPlaceOf(context), session.uuid)
  await holdHooks(context.git, commonDirOf(context), gitDir)
  return revoked
}

/** Not all that could run, but what runs without anybody naming it: worth reading first. */
function isRunByItself(path: string): boolean {
  const name = path.split('/').at(-1) ?? ''
  return (
    /^(?:\.husky|\.githooks|\.git-hooks|githooks|\.vscode|\.devcontainer|\.claude|\.cursor)\//.test(path) ||
    /^(?:package\.json|.*lock.*|\.npmrc|\.yarnrc.*|\.pnpmfile\..*|lefthook.*|\.lefthook.*|\.pre-commit-config\.ya?ml|\.envrc|\.gitattributes|\.gitmodules|Makefile|setup\.py|build\.rs|docker-compose.*|compose\.ya?ml|\.mcp\.json)$/.test(
      name,
    )
  )
}

function isNamed(path: string, commands: readonly TrustedCommand[]): boolean {
  return commands.some(({ command }) => command.includes(path))
}

function notForeign(id: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'usage',
    code: 'NOT_FOREIGN',
    message: `session ${id} is nobody else's work: the approval of the config is all it needs`,
    hint: 'flightrules trust --show',
    details: { id },
  })
}

function noCommit(id: string, path: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'failed',
    code: 'NO_COMMITS',
    message: `session ${id} has no commit checked out that could be approved`,
    hint: `look at it in ${path}`,
  })
}
