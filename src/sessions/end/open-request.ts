import { mkdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Finding, FlightRulesError } from '../../errors.ts'
import { readRegular } from '../../files/read-regular.ts'
import { replaceFile } from '../../files/replace-file.ts'
import type { Forge, ForgeRequest, RequestDetails } from '../../integrate/forge/forge.ts'
import { stripInvisible } from '../../integrate/inert-text.ts'
import { countOtherBytes, isSameText, markBytes, markOwnPart, replaceOwnPart } from '../../integrate/own-part.ts'
import { bodyLimit, writeRequestText } from '../../integrate/request-text.ts'
import { findSymlink } from '../../setup/contained-path.ts'
import { redactText } from '../../setup/redact.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { withoutRequest } from '../log/outcome.ts'
import type { Session } from '../session.ts'
import { loadSessionSecrets } from '../session-secrets.ts'
import type { EndInput } from './end-input.ts'

export interface RequestWish {
  readonly branch: string
  /** First lines of the commits, oldest first. */
  readonly subjects: readonly string[]
  readonly input: Pick<EndInput, 'title' | 'draft'>
  /** Text given for the request. */
  readonly body: string | undefined
  /** The base is not the branch in which a forge closes issues. */
  readonly isSideBranch: boolean
}

interface Opened {
  readonly request: ForgeRequest
  readonly findings: readonly Finding[]
}

/**
 * Opens a request, or brings the open one up to date: our part of its text, and what was given by hand; what people wrote around it stays.
 * @throws FlightRulesError FORGE_FAILED … when there is none afterwards. What fails once there is one is a finding: the work is pushed.
 */
export async function openRequest(context: Context, entry: RegisteredSession, forge: Forge, wish: RequestWish): Promise<Opened> {
  const { session } = entry
  context.report({ event: 'opening-request', forge: forge.name })
  const open = await forge.findOpenRequest({ base: session.base, head: wish.branch })
  const findings = describeOdd(session, open, wish)
  if (open !== undefined) return { request: open, findings: [...findings, ...(await refresh(context, entry, forge, open, wish))] }
  const { title, body } = await composeText(context, entry, wish)
  const { draft, labels, reviewers } = context.loaded.config.end.pr
  const request = await forge.createRequest({
    base: session.base,
    head: wish.branch,
    title,
    bodyFile: await storeText(context, entry, wish.body === undefined ? markOwnPart(body) : body),
    draft: wish.input.draft || draft,
    labels,
    reviewers,
  })
  return { request, findings }
}

async function refresh(
  context: Context,
  entry: RegisteredSession,
  forge: Forge,
  open: ForgeRequest,
  wish: RequestWish,
): Promise<Finding[]> {
  const findings: Finding[] = []
  const attempt = async (what: string, work: () => Promise<void>): Promise<void> => {
    try {
      await work()
    } catch (error) {
      if (!(error instanceof FlightRulesError) || error.kind === 'interrupted') throw error
      findings.push({
        code: 'REQUEST_NOT_UPDATED',
        message: `the branch is pushed and ${open.url} is open, but ${what} was not brought up to date: ${error.message}`,
        hint: `flightrules end ${entry.session.id} --strategy pr    tries again`,
        details: { url: open.url },
      })
    }
  }
  await attempt('its text', async () => {
    const details = await forge.readRequest(open.number)
    if (wish.input.draft && !details.draft) findings.push(staysReady(open))
    const text = await composeUpdate(context, entry, details, wish)
    if (text === 'not-ours') findings.push(textIsTheirs(open))
    else if (text === 'too-long') findings.push(textTooLong(open))
    const title = wish.input.title === undefined ? undefined : (await composeText(context, entry, wish)).title
    const change = {
      ...(title === undefined || title === details.title ? {} : { title }),
      ...(typeof text === 'string' ? {} : { bodyFile: await storeText(context, entry, text.body) }),
    }
    if (Object.keys(change).length > 0) await forge.changeRequest(open.number, change)
    const { labels, reviewers } = findMissing(context, details)
    if (labels.length + reviewers.length > 0)
      await attempt('who and what it is marked with', () => forge.changeRequest(open.number, { labels, reviewers }))
  })
  return findings
}

/** What the text is to be; a word where it stays as it is. */
async function composeUpdate(
  context: Context,
  entry: RegisteredSession,
  { body: current }: RequestDetails,
  wish: RequestWish,
): Promise<{ readonly body: string } | 'same' | 'not-ours' | 'too-long'> {
  if (wish.body !== undefined) {
    const { body } = await composeText(context, entry, wish)
    return isSameText(body, current) ? 'same' : { body }
  }
  const others = current.trim() === '' ? 0 : countOtherBytes(current)
  if (others === null) return 'not-ours'
  const limit = bodyLimit - others - markBytes
  if (limit < 1000) return 'too-long'
  const part = markOwnPart((await composeText(context, entry, wish, limit)).body)
  const body = current.trim() === '' ? part : (replaceOwnPart(current, part) ?? part)
  if (Buffer.byteLength(body) > bodyLimit + 1000) return 'too-long'
  return isSameText(body, current) ? 'same' : { body }
}

async function composeText(
  context: Context,
  { session, worktree }: RegisteredSession,
  wish: RequestWish,
  limit = bodyLimit - markBytes,
): Promise<{ title: string; body: string }> {
  const secrets = (await loadSessionSecrets(context, session, worktree.path)).map(({ value }) => value)
  const clean = (text: string): string => redactText(stripInvisible(text), secrets)
  return writeRequestText({
    title: wish.input.title,
    body: wish.body,
    branch: wish.branch,
    goals: session.goals.map(clean),
    subjects: wish.subjects.map(clean),
    log: session.sessionLog === null ? null : clean(await readLog(worktree.path, session.sessionLog)),
    issue: session.issue,
    issueWord: wish.isSideBranch ? 'Refs' : 'Closes',
    limit,
  })
}

async function storeText(context: Context, { session }: RegisteredSession, text: string): Promise<string> {
  const file = join(commonDirOf(context), 'flightrules', 'requests', `${session.uuid}.md`)
  await mkdir(dirname(file), { recursive: true })
  await replaceFile(file, text, { mode: 0o600 })
  return file
}

/** A log an agent put a link or a pipe in the place of is none. */
async function readLog(worktree: string, sessionLog: string): Promise<string> {
  if ((await findSymlink(worktree, sessionLog)) !== undefined) return ''
  const bytes = await readRegular(join(worktree, sessionLog), 1 << 20).catch(() => undefined)
  // its text would change for its own address alone
  return bytes === undefined ? '' : withoutRequest(bytes.toString())
}

function findMissing(context: Context, there: RequestDetails): { labels: string[]; reviewers: string[] } {
  const { labels, reviewers } = context.loaded.config.end.pr
  const without = (wanted: readonly string[], known: readonly string[]): string[] => {
    const folded = new Set(known.map((name) => name.toLowerCase()))
    return [...new Set(wanted)].filter((name) => !folded.has(name.toLowerCase()))
  }
  return { labels: without(labels, there.labels), reviewers: without(reviewers, there.reviewers) }
}

/** What nobody might expect of the request, and is so all the same. */
function describeOdd(
  { issue, base, foreign }: Session,
  open: ForgeRequest | undefined,
  { isSideBranch }: RequestWish,
): Finding[] {
  const findings = isSideBranch && issue !== null ? [issueStaysOpen(issue, base)] : []
  if (foreign !== undefined && foreign.request > 0 && open?.number !== foreign.request) {
    findings.push({
      code: 'REQUEST_OF_ITS_OWN',
      message: `this is a request of its own; request ${foreign.request}, from ${foreign.from}, stays as it is`,
      details: { request: foreign.request },
    })
  }
  return findings
}

function issueStaysOpen(issue: number, base: string): Finding {
  return {
    code: 'ISSUE_STAYS_OPEN',
    message: `the request names issue ${issue} without closing it: a forge closes issues only with requests into its default branch, and this one goes into ${base}`,
    details: { issue, base },
  }
}

function staysReady({ url }: ForgeRequest): Finding {
  return {
    code: 'REQUEST_IS_READY',
    message: `${url} is open already and no draft; it was left ready for review`,
    details: { url },
  }
}

function textIsTheirs({ url }: ForgeRequest): Finding {
  return {
    code: 'REQUEST_TEXT_KEPT',
    message: `the text of ${url} has no part of Flight Rules (between its two marks), so it was left as it is`,
    hint: '--body-file <file> replaces it',
    details: { url },
  }
}

function textTooLong({ url }: ForgeRequest): Finding {
  return {
    code: 'REQUEST_NOT_UPDATED',
    message: `the text of ${url} is so long that there is no room for our part of it; it was left as it is`,
    details: { url },
  }
}
