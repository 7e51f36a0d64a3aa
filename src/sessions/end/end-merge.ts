import { type Finding, FlightRulesError } from '../../errors.ts'
import { findMergeBase, readParents } from '../../git/ancestry.ts'
import type { Git } from '../../git/git.ts'
import { type Commit, readCommits } from '../../git/log.ts'
import { readRef } from '../../git/refs.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import { authorsOf, type BuildInput, buildIntegration } from '../../integrate/build-commit.ts'
import { findIntegration } from '../../integrate/is-integrated.ts'
import type { Sides } from '../../integrate/merge-conflicts.ts'
import { land, requireRoom } from '../../integrate/land.ts'
import { withLock } from '../../operations/lock.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { retireSession } from '../retire-session.ts'
import type { Session } from '../session.ts'
import { completeLog, withoutLogCommits } from './complete-log.ts'
import { abandonChoice, type Ended, type EndInput, emptyResult, keepChoice } from './end-input.ts'
import { closeKept } from './close-kept.ts'
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

/**
 * Merges a session into its base and, once the base is proven to hold it, takes the session away.
 * @throws FlightRulesError as `requireMergeable`, when something changed since.
 */
export async function endByMerge(context: Context, entry: RegisteredSession, input: EndInput): Promise<Ended> {
  const { session, worktree } = entry
  const { git } = context
  const before = await requireHead(context, entry)
  const base = await requireBase(context, entry)
  const commits = withoutLogCommits(session.id, await readCommits(git, base, before))
  const message = input.message ?? defaultMessage(entry, input, commits)
  const merged = await isMerged(context, entry, base, before)
  const findings: Finding[] = merged
    ? []
    : await completeLog(context, entry, { how: `${input.merge} into ${session.base}`, commits })
  const tip = await requireHead(context, entry)
  if (!merged)
    context.report({ event: 'integrating', branch: session.branch ?? session.id, into: session.base, method: input.merge })
  const integrated = merged
    ? { into: session.base, oid: base }
    : await integrate(context, entry, { method: input.merge, tip, sides: sidesOf(entry), message, authors: authorsOf(commits) })
  const partial = { ...emptyResult(session.id, 'merge', worktree.path), integrated }
  if (input.keepWorktree) return { result: partial, findings: [...findings, ...(await closeKept(context, entry))] }
  const retired = await retireSession(context, entry, {
    reason: `merged into ${session.base}`,
    event: 'ended',
    tip,
    content: 'clean',
    deleteBranch: session.ownsBranch && !input.keepBranch && context.loaded.config.end.deleteBranch === 'merged',
    details: { strategy: 'merge', integrated },
  }).catch((error: unknown) => {
    throw notRemoved(error, entry, integrated)
  })
  const { purged, branchDeleted, item } = retired
  return {
    result: { ...partial, worktreeRemoved: true, branchDeleted, trash: item.trash, purged, path: null },
    findings: [...findings, ...retired.findings],
  }
}

/** The base holds the session's work already, say because an earlier `end` was stopped after it: merging would add nothing. */
async function isMerged({ git }: Context, { session }: RegisteredSession, base: string, tip: string): Promise<boolean> {
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

/** Half of the command is done, and that has to be said. */
function notRemoved(error: unknown, { session }: RegisteredSession, integrated: { into: string; oid: string }): unknown {
  if (!(error instanceof FlightRulesError)) return error
  return new FlightRulesError({
    kind: error.kind === 'decision' ? 'failed' : error.kind,
    code: error.code,
    message: `session ${session.id} is merged into ${integrated.into} (${integrated.oid.slice(0, 12)}), but its worktree is still there: ${error.message}`,
    hint: `settle that, then run flightrules end ${session.id} --strategy merge again: it goes on from here`,
    details: { ...error.details, integrated },
    cause: error,
  })
}

async function integrate(
  context: Context,
  entry: RegisteredSession,
  work: Omit<BuildInput, 'base'>,
): Promise<{ into: string; oid: string }> {
  const { session } = entry
  const reason = `flightrules end ${session.id}`
  for (let attempt = 1; ; attempt += 1) {
    try {
      const expected = await requireBase(context, entry)
      const built = await buildIntegration(context.git, { ...work, base: expected })
      if (built.commit === expected) return { into: session.base, oid: expected }
      const lock = { operation: reason, signal: context.signal }
      return await withLock(commonDirOf(context), lock, async () =>
        land(context.git, {
          baseBranch: session.base,
          expected,
          commit: built.commit,
          worktrees: await listWorktrees(context.git),
          reason,
          operation: session.uuid,
        }),
      )
    } catch (error) {
      if (!(error instanceof FlightRulesError) || error.code !== 'BASE_MOVED' || attempt === attempts) throw error
    }
  }
}

/** @throws FlightRulesError BASE_GONE. */
async function requireBase(context: Context, { session }: RegisteredSession): Promise<string> {
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
