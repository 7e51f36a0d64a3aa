import { namePaths } from '../../files/quote-path.ts'
import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Finding } from '../../errors.ts'
import { FlightRulesError } from '../../errors.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { readRegular } from '../../files/read-regular.ts'
import { replaceFile } from '../../files/replace-file.ts'
import { countAheadBehind } from '../../git/ancestry.ts'
import { listBranchTips } from '../../git/branches.ts'
import { readCommits } from '../../git/log.ts'
import { readRemoteUrl } from '../../git/remotes.ts'
import { compareUrl } from '../../integrate/compare-url.ts'
import { detectForge } from '../../integrate/forge/detect-forge.ts'
import type { Forge } from '../../integrate/forge/forge.ts'
import { findForge } from '../../integrate/forge/open-forge.ts'
import { predictConflicts } from '../../integrate/predict.ts'
import { parseRemoteUrl, type RemoteRepository } from '../../integrate/remote-url.ts'
import { chooseRemote } from '../../integrate/remotes.ts'
import { stripInvisible } from '../../integrate/inert-text.ts'
import { writeRequestText } from '../../integrate/request-text.ts'
import type { StepHandler } from '../../operations/apply-plan.ts'
import { appendHistoryOnce } from '../../operations/history.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { findSymlink } from '../../setup/contained-path.ts'
import { redactText } from '../../setup/redact.ts'
import { changeSession } from '../save-session.ts'
import { loadSessionSecrets } from '../session-secrets.ts'
import { withoutLogCommits } from './complete-log.ts'
import { abandonChoice, type EndInput, keepChoice, mergeChoice } from './end-input.ts'
import type { EndWork } from './end-work.ts'
import { requireHead } from './ready-session.ts'
import { loadRequestBody, refuseSecrets } from './request-body.ts'

interface Destination {
  readonly remote: string
  readonly repository: RemoteRepository | null
  readonly forge: Forge | undefined
  readonly forgeName: string
}

/** What is known before the first step: where to, and from where. */
export interface PreparedRequest {
  readonly branch: string
  readonly destination: Destination
  /** Text given for the request, as it was when it was looked at. */
  readonly body: string | undefined
  readonly findings: readonly Finding[]
}

/**
 * Everything that would stop a request, found out with `tip` in the session's place.
 * @throws FlightRulesError NO_REMOTE, FORGE_CLI_MISSING, FORGE_LOGIN, FORGE_UNKNOWN, DETACHED_HEAD, NOTHING_TO_MERGE, BASE_MOVED, NO_FILE,
 * SECRET_IN_REQUEST.
 */
export async function prepareRequest(
  context: Context,
  entry: RegisteredSession,
  input: EndInput,
  tip: string,
): Promise<PreparedRequest> {
  const branch = entry.worktree.branch?.replace('refs/heads/', '')
  if (branch === undefined) throw detached(entry)
  const body = input.bodyFile === undefined ? undefined : await loadRequestBody(input.bodyFile)
  if (body !== undefined || input.title !== undefined) {
    const secrets = await loadSessionSecrets(context, entry.session, entry.worktree.path)
    refuseSecrets({ '--title': input.title, '--body-file': body }, secrets)
  }
  const destination = await chooseDestination(context, entry, branch, input)
  const base = await findBase(context, entry, destination.remote)
  if ((await readCommits(context.git, base, tip)).length === 0) throw nothingToRequest(entry)
  const findings = input.sync === false ? await reportBase(context, entry, base, tip, input) : []
  return { branch, destination, body, findings }
}

/**
 * Opens a pull or merge request, or finds the one that is open. The session stays until its request is merged: post-merge takes it
 * away then.
 * @throws FlightRulesError FORGE_FAILED …; the session is whole then.
 */
export const openRequestStep: StepHandler<EndWork> = {
  async apply(_step, work) {
    const { context, entry, checked, input } = work
    const { request } = checked
    const forge = request?.destination.forge
    if (request === null || forge === undefined) return
    const base = await findBase(context, entry, request.destination.remote)
    const commits = withoutLogCommits(entry.session.id, await readCommits(context.git, base, await requireHead(context, entry)))
    const subjects = commits.toReversed().map((commit) => commit.message.split('\n')[0] ?? '')
    const pr = await openRequest(context, entry, forge, { branch: request.branch, subjects, input, body: request.body })
    await work.note({ pr, branch: request.branch })
    work.result = { ...work.result, pr }
  },
}

/** Stores the number of the request with the session. */
export const noteRequestStep: StepHandler<EndWork> = {
  async apply(_step, work) {
    const { context, entry, op, result, checked } = work
    const { pr } = result
    if (pr === null || checked.request === null) return
    const { session, gitDir } = entry
    work.findings.push(...(await noteRequest(context, { gitDir, session, op, branch: checked.request.branch, pr })))
  },
}

/** As the step does it; also for who finishes what another process began. */
export async function noteRequest(
  context: Context,
  noted: Pick<RegisteredSession, 'gitDir' | 'session'> & { op: string; branch: string; pr: { number: number; url: string } },
): Promise<Finding[]> {
  const { gitDir, session, op, branch, pr } = noted
  const { findings } = await changeSession(context, gitDir, session, (current) => ({ ...current, branch, pr }))
  const { id, uuid, base } = session
  const commonDir = commonDirOf(context)
  await appendHistoryOnce(commonDir, {
    at: context.now().toISOString(),
    event: 'ended',
    id,
    uuid,
    op,
    branch,
    base,
    reason: 'request',
    pr,
  })
  return findings
}

/** Where it can be opened by hand, when it was only pushed. */
export function compareUrlOf({ session }: RegisteredSession, { branch, destination }: PreparedRequest): string | null {
  const { repository, forgeName } = destination
  return repository === null ? null : compareUrl(repository, forgeName, { base: session.base, head: branch })
}

/** The base as the remote has it, as far as is known. */
async function findBase({ git }: Context, { session }: RegisteredSession, remote: string): Promise<string> {
  const tips = await listBranchTips(git, [`refs/heads/${session.base}`, `refs/remotes/${remote}/${session.base}`])
  return tips.remote.get(`${remote}/${session.base}`) ?? tips.local.get(session.base) ?? session.baseCommit
}

async function chooseDestination(
  context: Context,
  { session, worktree }: RegisteredSession,
  branch: string,
  input: EndInput,
): Promise<Destination> {
  const remote = await chooseRemote(context.git, { base: session.base, branch })
  if (remote === null) {
    throw new FlightRulesError({
      kind: 'decision',
      code: 'NO_REMOTE',
      message: `session ${session.id} cannot become a request: the repository has no remote to push to`,
      hint: 'add one (git remote add origin <url>), or end the session another way',
      choices: [mergeChoice, keepChoice, abandonChoice],
    })
  }
  const url = await readRemoteUrl(context.git, remote, 'fetch')
  const repository = url === null ? null : parseRemoteUrl(url)
  const forgeName = url === null ? 'unknown' : detectForge(url)
  if (input.pushOnly) return { remote, repository, forge: undefined, forgeName }
  if (repository === null || forgeName === 'unknown') throw unknownForge(session.id, remote)
  const forge = await findForge(forgeName, {
    cwd: worktree.path,
    env: context.git.environment,
    signal: context.signal,
    repository,
  })
  // asks the forge, and so proves that the client is there and logged in
  await forge?.findOpenRequest({ base: session.base, head: branch })
  return { remote, repository, forge, forgeName }
}

async function reportBase(
  context: Context,
  { session }: RegisteredSession,
  base: string,
  head: string,
  input: EndInput,
): Promise<Finding[]> {
  const { behind } = await countAheadBehind(context.git, base, head)
  if (behind === 0) return []
  const { conflicts } = await predictConflicts(context.git, base, head)
  const paths = conflicts.map((conflict) => conflict.path)
  const message = `${session.base} has ${behind} ${behind === 1 ? 'commit' : 'commits'} that ${session.id} has not`
  if (paths.length === 0 || input.proceed) {
    const conflicting = paths.length === 0 ? 'no conflicts are to be expected' : `conflicts in ${namePaths(paths, 20)}`
    return [{ code: 'BASE_MOVED', message: `${message}; ${conflicting}`, details: { behind, paths } }]
  }
  throw new FlightRulesError({
    kind: 'decision',
    code: 'BASE_MOVED',
    message: `${message}, and merging would conflict in ${namePaths(paths, 20)}`,
    hint: 'settle the conflicts first, or open the request all the same',
    choices: [
      { flag: '--sync rebase', label: 'bring the session onto its base first' },
      { flag: '--proceed', label: 'open the request all the same' },
      keepChoice,
    ],
    details: { behind, paths },
  })
}

async function openRequest(
  context: Context,
  { session, worktree }: RegisteredSession,
  forge: Forge,
  request: { branch: string; subjects: readonly string[]; input: EndInput; body: string | undefined },
): Promise<{ number: number; url: string }> {
  const { input, branch } = request
  context.report({ event: 'opening-request', forge: forge.name })
  const open = await forge.findOpenRequest({ base: session.base, head: branch })
  if (open !== undefined) return open
  const secrets = (await loadSessionSecrets(context, session, worktree.path)).map(({ value }) => value)
  const clean = (text: string): string => redactText(stripInvisible(text), secrets)
  const { title, body } = writeRequestText({
    title: input.title,
    body: request.body,
    branch,
    goals: session.goals.map(clean),
    subjects: request.subjects.map(clean),
    log: session.sessionLog === null ? null : clean(await readLog(worktree.path, session.sessionLog)),
    issue: session.issue,
  })
  const bodyFile = join(commonDirOf(context), 'flightrules', 'requests', `${session.uuid}.md`)
  await mkdir(dirname(bodyFile), { recursive: true })
  await replaceFile(bodyFile, body, { mode: 0o600 })
  const { draft, labels, reviewers } = context.loaded.config.end.pr
  return forge.createRequest({
    base: session.base,
    head: branch,
    title,
    bodyFile,
    draft: input.draft || draft,
    labels,
    reviewers,
  })
}

/** A log an agent put a link or a pipe in the place of is none. */
async function readLog(worktree: string, sessionLog: string): Promise<string> {
  if ((await findSymlink(worktree, sessionLog)) !== undefined) return ''
  return (await readRegular(join(worktree, sessionLog), 1 << 20).catch(() => undefined))?.toString() ?? ''
}

function detached({ session, worktree }: RegisteredSession): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'DETACHED_HEAD',
    message: `session ${session.id} is on no branch, so there is nothing to push under a name`,
    hint: `git -C ${quoteForShell(worktree.path)} switch -c <branch>`,
    choices: [mergeChoice, abandonChoice],
  })
}

function nothingToRequest({ session }: RegisteredSession): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'NOTHING_TO_MERGE',
    message: `session ${session.id} has no commits that ${session.base} does not have`,
    hint: 'end it without a request',
    choices: [keepChoice, abandonChoice],
    details: { base: session.base },
  })
}

function unknownForge(id: string, remote: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'FORGE_UNKNOWN',
    message: `session ${id} cannot become a request: the remote ${remote} is neither on GitHub nor on GitLab, as far as its address tells`,
    hint: 'push it and open the request by hand, or end the session another way',
    choices: [{ flag: '--push-only', label: 'push the branch and stop there' }, mergeChoice, keepChoice],
    details: { remote },
  })
}
