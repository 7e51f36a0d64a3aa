import { type Finding, FlightRulesError } from '../../errors.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { namePaths } from '../../files/quote-path.ts'
import { countAheadBehind } from '../../git/ancestry.ts'
import { readCommits } from '../../git/log.ts'
import { predictConflicts } from '../../integrate/predict.ts'
import type { StepHandler } from '../../operations/apply-plan.ts'
import { type Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { changeSession } from '../save-session.ts'
import { loadSessionSecrets } from '../session-secrets.ts'
import { withoutLogCommits } from './complete-log.ts'
import { abandonChoice, type EndInput, keepChoice, mergeChoice } from './end-input.ts'
import type { EndWork } from './end-work.ts'
import { noteEnded } from './note-ended.ts'
import { openRequest } from './open-request.ts'
import { requireHead } from './ready-session.ts'
import { loadRequestBody, refuseSecrets } from './request-body.ts'
import { chooseDestination, type Destination, findBase } from './request-destination.ts'
import { linkRequest } from './request-link.ts'

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
  const base = await findBase(context, entry, destination.baseRemote)
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
    const base = await findBase(context, entry, request.destination.baseRemote)
    const commits = withoutLogCommits(entry.session.id, await readCommits(context.git, base, await requireHead(context, entry)))
    const subjects = commits.toReversed().map((commit) => commit.message.split('\n')[0] ?? '')
    const { branch, body, destination } = request
    const opened = await openRequest(context, entry, forge, {
      branch,
      subjects,
      input,
      body,
      isSideBranch: destination.isSideBranch,
    })
    const { number, url } = opened.request
    const pr = { number, url }
    await work.note({ pr, branch })
    work.findings.push(...opened.findings)
    work.result = { ...work.result, pr }
  },
}

/** Stores the number of the request with the session. */
export const noteRequestStep: StepHandler<EndWork> = {
  async apply(_step, work) {
    const { context, entry, op, result, checked } = work
    const { pr } = result
    if (pr === null || checked.request === null) return
    work.findings.push(...(await noteRequest(context, entry, { op, branch: checked.request.branch, pr })))
  },
}

/** As the step does it; also for who finishes what another process began. */
export async function noteRequest(
  context: Context,
  entry: RegisteredSession,
  { op, branch, pr }: { op: string; branch: string; pr: { number: number; url: string } },
): Promise<Finding[]> {
  const { session, gitDir } = entry
  const { findings } = await changeSession(context, gitDir, session, (current) => ({ ...current, branch, pr }))
  await noteEnded(context, { ...session, branch }, op, { reason: 'request', pr })
  return [...findings, ...(await linkRequest(context, entry, pr.url))]
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
