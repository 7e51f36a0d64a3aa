import { join } from 'node:path'
import { type Finding, FlightRulesError } from '../../errors.ts'
import { quoteForShell } from '../../files/quote-for-shell.ts'
import { copyNotes } from '../../git/copy-notes.ts'
import { readGitEntry } from '../../git/locate-repository.ts'
import { readCommits } from '../../git/log.ts'
import { readRef } from '../../git/refs.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import { type BuildInput, buildIntegration } from '../../integrate/build-commit.ts'
import type { Sides } from '../../integrate/merge-conflicts.ts'
import { announceCommit } from '../../integrate/pass-hooks.ts'
import { land, requireRoom } from '../../integrate/land.ts'
import { listUnheeded, requireVerified } from '../../integrate/merge-settings.ts'
import { freeMove, hasMoved, type Move, takeMoveBack } from '../../integrate/recover-land.ts'
import type { StepHandler } from '../../operations/apply-plan.ts'
import { withLock } from '../../operations/lock.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import type { Session } from '../session.ts'
import { withoutLogCommits } from './complete-log.ts'
import { abandonChoice, type EndInput, keepChoice } from './end-input.ts'
import type { EndWork } from './end-work.ts'
import { findLanding } from './find-landing.ts'
import { mergeMessage } from './merge-message.ts'
import { requireHead } from './ready-session.ts'
import { findUpstreamAhead } from './upstream-ahead.ts'
import { withBase } from './with-base.ts'

/** How often a merge is prepared anew because somebody else moved the base meanwhile. */
const attempts = 5

/**
 * Everything that would stop a merge, found out with `tip` in the session's place.
 * @returns what is worth knowing before it.
 * @throws FlightRulesError NOTHING_TO_MERGE, BASE_GONE, MERGE_CONFLICTS, NOT_FAST_FORWARD, BASE_DIRTY, BASE_BUSY,
 * UNVERIFIED_SIGNATURE, BASE_BEHIND_UPSTREAM; nothing was touched then.
 */
export async function requireMergeable(
  context: Context,
  entry: RegisteredSession,
  input: EndInput,
  tip: string,
): Promise<Finding[]> {
  const { git } = context
  const base = await requireBase(context, entry)
  if ((await findLanding(context, entry, input, { base, tip })) !== null) return []
  if ((await readCommits(git, base, tip)).length === 0) throw nothingToMerge(entry)
  const findings = [...(await findUpstreamAhead(context, entry, input, { base, tip })), ...(await findUnheeded(context, entry))]
  // once the session is synced, every method comes to the merge of the two
  const method = input.sync === false ? input.merge : 'merge'
  // what is yet to be committed may be signed then
  if (tip === entry.worktree.head) await requireVerified(git, tip, sidesOf(entry))
  const preview: BuildInput = { method, base, tip, sides: sidesOf(entry), message: 'preview', purpose: 'preview' }
  const { commit } = await withBase(context, entry, (inBase) => buildIntegration(inBase, preview))
  await requireRoom(git, { baseBranch: entry.session.base, expected: base, commit, worktrees: await listWorktrees(git) })
  return findings
}

async function findUnheeded({ git }: Context, { session }: RegisteredSession): Promise<Finding[]> {
  const options = await listUnheeded(git, session.base)
  if (options.length === 0) return []
  const name = `branch.${session.base}.mergeOptions`
  const message = `${name} asks git merge for ${options.join(' ')}, which a merge of Flight Rules does not follow`
  return [{ code: 'MERGE_OPTIONS_UNHEEDED', message, hint: `git config --get ${name}`, details: { options } }]
}

/** Merges a session into its base, which then is proven to hold it. */
export const integrateStep: StepHandler<EndWork> = {
  async apply(_step, work) {
    const { context, entry, input } = work
    const { session } = entry
    const base = await requireBase(context, entry)
    const tip = await requireHead(context, entry)
    // what is committed from now on is not merged
    work.tip = tip
    const landing = await findLanding(context, entry, input, { base, tip })
    if (landing !== null) {
      const { into, oid, request } = landing
      await work.note({ integrated: { into, oid } })
      work.result = { ...work.result, integrated: { into, oid }, pr: request }
      return
    }
    const commits = withoutLogCommits(session.id, await readCommits(context.git, base, tip))
    const message = input.message ?? mergeMessage(session, input.merge, commits)
    context.report({ event: 'integrating', branch: session.branch ?? session.id, into: session.base, method: input.merge })
    const building = { method: input.merge, tip, sides: sidesOf(entry), message, commits }
    work.result = { ...work.result, integrated: await integrate(work, building) }
  },
}

function sidesOf({ session, worktree }: RegisteredSession): Sides {
  return { id: session.id, worktree: worktree.path, base: session.base }
}

async function integrate(work: EndWork, building: Omit<BuildInput, 'base' | 'hooks'>): Promise<{ into: string; oid: string }> {
  const { context, entry } = work
  const { session } = entry
  for (let attempt = 1; ; attempt += 1) {
    try {
      const expected = await requireBase(context, entry)
      const { commit, rewritten = [] } = await withBase(context, entry, (git, hooks) =>
        buildIntegration(git, { ...building, base: expected, hooks }),
      )
      if (commit === expected) {
        await work.note({ integrated: { into: session.base, oid: expected } })
        return { into: session.base, oid: expected }
      }
      const lock = { operation: `end ${session.id}`, signal: context.signal }
      const landed = await withLock(commonDirOf(context), lock, () => landNoted(work, expected, commit))
      if (building.method === 'squash') await announce(work)
      await copyNotes(context.git.withoutSignal(), rewritten)
      return landed
    } catch (error) {
      if (!(error instanceof FlightRulesError) || error.code !== 'BASE_MOVED') throw error
      if (attempt === attempts) throw keepsMoving(session, error)
    }
  }
}

/** The commit is made, whatever becomes of what is told of it. */
async function announce({ context, move }: EndWork): Promise<void> {
  if (move === undefined || move.worktree === null) return
  const onOutput = (chunk: string): void => context.report({ event: 'git-output', chunk })
  await announceCommit(context.git, { worktree: move.worktree, onOutput }).catch(() => {})
}

function keepsMoving({ id, base }: Session, cause: FlightRulesError): FlightRulesError {
  return new FlightRulesError({
    kind: 'busy',
    code: 'BASE_MOVED',
    message: `${base} moved ${attempts} times while session ${id} was being merged into it; the merge was not made`,
    hint: 'run the command again when less is going on there: it starts from where the branch is then',
    details: { ...cause.details, attempts },
    cause,
  })
}

/** Written down first: a checkout that is stopped in the middle is brought back by whoever comes next. */
async function landNoted(work: EndWork, expected: string, commit: string): Promise<{ into: string; oid: string }> {
  const { context, entry, op } = work
  const { id, base } = entry.session
  const worktrees = await listWorktrees(context.git)
  const ref = `refs/heads/${base}`
  const holder = worktrees.find((worktree) => worktree.branch === ref && !worktree.bare && worktree.prunable === null)
  const gitDir = holder === undefined ? null : ((await readGitEntry(join(holder.path, '.git'))) ?? null)
  const move: Move = { ref, from: expected, to: commit, worktree: holder?.path ?? null, gitDir }
  const since = new Date().toISOString()
  work.move = move
  await work.note({ move: { ...move }, since })
  try {
    const reason = `flightrules end ${id}`
    return await land(context.git, { baseBranch: base, expected, commit, worktrees, reason, operation: op })
  } catch (error) {
    throw await settleMove(context, move, since, error)
  }
}

/** git that was stopped leaves files half written. What to throw then. */
async function settleMove(context: Context, move: Move, since: string, cause: unknown): Promise<unknown> {
  const isStopped = cause instanceof FlightRulesError && (cause.code === 'LAND_FAILED' || cause.kind === 'interrupted')
  if (!isStopped && cause instanceof FlightRulesError) return cause
  const git = context.git.withoutSignal()
  try {
    if (await hasMoved(git, move)) return cause
    await freeMove(commonDirOf(context), move, since)
    await takeMoveBack(git, move)
    return cause
  } catch (error) {
    return new FlightRulesError({
      kind: 'failed',
      code: 'UNDO_FAILED',
      message: `${(cause as Error).message}; and what git had done of it could not be taken back: ${(error as Error).message}`,
      hint: 'the next flightrules command tries again',
      cause,
    })
  }
}

/** @throws FlightRulesError BASE_GONE. */
export async function requireBase(context: Context, { session }: RegisteredSession): Promise<string> {
  const oid = await readRef(context.git, `refs/heads/${session.base}`)
  if (oid !== null) return oid
  const isOnRemote = (await readRef(context.git, `refs/remotes/origin/${session.base}`)) !== null
  throw new FlightRulesError({
    kind: 'decision',
    code: 'BASE_GONE',
    message: `there is no branch ${session.base} here to merge session ${session.id} into`,
    hint: `bring it back: git branch ${quoteForShell(session.base)} ${isOnRemote ? quoteForShell(`origin/${session.base}`) : '<commit>'}`,
    choices: [keepChoice, abandonChoice],
    details: { base: session.base },
  })
}

function nothingToMerge({ session }: RegisteredSession): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'NOTHING_TO_MERGE',
    message: `session ${session.id} has no commits that ${session.base} does not have`,
    hint: 'end it without integrating anything',
    choices: [abandonChoice, keepChoice],
    details: { base: session.base },
  })
}
