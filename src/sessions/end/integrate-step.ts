import { join } from 'node:path'
import { FlightRulesError } from '../../errors.ts'
import { findMergeBase, readParents } from '../../git/ancestry.ts'
import type { Git } from '../../git/git.ts'
import { readGitEntry } from '../../git/locate-repository.ts'
import { type Commit, readCommits } from '../../git/log.ts'
import { readRef } from '../../git/refs.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import { authorsOf, type BuildInput, buildIntegration } from '../../integrate/build-commit.ts'
import { findIntegration } from '../../integrate/is-integrated.ts'
import type { Sides } from '../../integrate/merge-conflicts.ts'
import { land, requireRoom } from '../../integrate/land.ts'
import { freeMove, hasMoved, type Move, takeMoveBack } from '../../integrate/recover-land.ts'
import type { StepHandler } from '../../operations/apply-plan.ts'
import { withLock } from '../../operations/lock.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import type { Session } from '../session.ts'
import { withoutLogCommits } from './complete-log.ts'
import { abandonChoice, type EndInput, keepChoice } from './end-input.ts'
import type { EndWork } from './end-work.ts'
import { requireHead } from './ready-session.ts'

/** How often a merge is prepared anew because somebody else moved the base meanwhile. */
const attempts = 5

/**
 * Everything that would stop a merge, found out with `tip` in the session's place.
 * @throws FlightRulesError NOTHING_TO_MERGE, BASE_GONE, MERGE_CONFLICTS, NOT_FAST_FORWARD, BASE_DIRTY, BASE_BUSY; nothing was touched then.
 */
export async function requireMergeable(context: Context, entry: RegisteredSession, input: EndInput, tip: string): Promise<void> {
  const { git } = context
  const base = await requireBase(context, entry)
  if (await isMerged(context, entry, base, tip)) return
  if ((await readCommits(git, base, tip)).length === 0) throw nothingToMerge(entry)
  // once the session is synced, every method comes to the merge of the two
  const method = input.sync === false ? input.merge : 'merge'
  const { commit } = await buildIntegration(git, { method, base, tip, sides: sidesOf(entry), message: 'preview' })
  await requireRoom(git, { baseBranch: entry.session.base, expected: base, commit, worktrees: await listWorktrees(git) })
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
    if (await isMerged(context, entry, base, tip)) {
      await work.note({ integrated: { into: session.base, oid: base } })
      work.result = { ...work.result, integrated: { into: session.base, oid: base } }
      return
    }
    const commits = withoutLogCommits(session.id, await readCommits(context.git, base, tip))
    const message = input.message ?? defaultMessage(entry, input, commits)
    context.report({ event: 'integrating', branch: session.branch ?? session.id, into: session.base, method: input.merge })
    const building = { method: input.merge, tip, sides: sidesOf(entry), message, authors: authorsOf(commits) }
    work.result = { ...work.result, integrated: await integrate(work, building) }
  },
}

/** The base holds the session's work already, say because an earlier `end` was stopped after it: merging would add nothing. */
export async function isMerged({ git }: Context, { session }: RegisteredSession, base: string, tip: string): Promise<boolean> {
  const ref = session.branch === null ? {} : { ref: `refs/heads/${session.branch}` }
  const found = await findIntegration(git, { base, tip, start: await findStart(git, session, base, tip), ...ref })
  return typeof found === 'object' && found !== null && found.how !== 'walk'
}

/** A branch that was there before the session may have had its work before it: then git's history says where that began. */
async function findStart(git: Git, session: Session, base: string, tip: string): Promise<string> {
  if (session.ownsBranch || tip !== session.baseCommit) return session.baseCommit
  const mergeBase = await findMergeBase(git, base, tip)
  if (mergeBase !== null && mergeBase !== tip) return mergeBase
  return (await readParents(git, tip))[0] ?? tip
}

function sidesOf({ session, worktree }: RegisteredSession): Sides {
  return { id: session.id, worktree: worktree.path, base: session.base }
}

async function integrate(work: EndWork, building: Omit<BuildInput, 'base'>): Promise<{ into: string; oid: string }> {
  const { context, entry } = work
  const { session } = entry
  for (let attempt = 1; ; attempt += 1) {
    try {
      const expected = await requireBase(context, entry)
      const { commit } = await buildIntegration(context.git, { ...building, base: expected })
      if (commit === expected) {
        await work.note({ integrated: { into: session.base, oid: expected } })
        return { into: session.base, oid: expected }
      }
      const lock = { operation: `end ${session.id}`, signal: context.signal }
      return await withLock(commonDirOf(context), lock, () => landNoted(work, expected, commit))
    } catch (error) {
      if (!(error instanceof FlightRulesError) || error.code !== 'BASE_MOVED' || attempt === attempts) throw error
    }
  }
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
  throw new FlightRulesError({
    kind: 'decision',
    code: 'BASE_GONE',
    message: `there is no branch ${session.base} here to merge session ${session.id} into`,
    hint: `bring it back: git branch ${session.base} origin/${session.base}`,
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

function defaultMessage({ session }: RegisteredSession, input: EndInput, commits: readonly Commit[]): string {
  const goals = session.goals.map((goal) => goal.replace(/\s+/g, ' ').trim()).filter((goal) => goal !== '')
  if (input.merge === 'squash') {
    const subjects = commits.toReversed().map((commit) => `* ${commit.message.split('\n')[0] ?? ''}`)
    const title = goals[0] ?? (commits.length === 1 ? commits[0]?.message.split('\n')[0] : undefined) ?? session.id
    return `${title}\n\n${subjects.join('\n')}\n`
  }
  const title = `Merge session ${session.id} (${session.branch ?? 'detached HEAD'}) into ${session.base}`
  return goals.length === 0 ? `${title}\n` : `${title}\n\n${goals.map((goal) => `* ${goal}`).join('\n')}\n`
}
