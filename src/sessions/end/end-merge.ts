import { FlightRulesError } from '../../errors.ts'
import { findMergeBase } from '../../git/ancestry.ts'
import { type Commit, readCommits } from '../../git/log.ts'
import { readRef, resolveCommit } from '../../git/refs.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import { buildIntegration } from '../../integrate/build-commit.ts'
import { land } from '../../integrate/land.ts'
import { withLock } from '../../operations/lock.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { retireSession } from '../retire-session.ts'
import { completeLog } from './complete-log.ts'
import { abandonChoice, type Ended, type EndInput, emptyResult, keepChoice } from './end-input.ts'
import { closeKept } from './close-kept.ts'

/** How often a merge is prepared anew because somebody else moved the base meanwhile. */
const attempts = 5

/**
 * Merges a session into its base and, once the base is proven to hold it, takes the session away.
 * @throws FlightRulesError NOTHING_TO_MERGE, BASE_GONE, MERGE_CONFLICTS, NOT_FAST_FORWARD, BASE_DIRTY; nothing was touched then.
 */
export async function endByMerge(context: Context, entry: RegisteredSession, input: EndInput): Promise<Ended> {
  const { session, worktree } = entry
  const { git } = context
  const before = await requireHead(context, entry)
  const base = await requireBase(context, entry)
  const commits = await readCommits(git, base, before)
  const isIntegrated = commits.length === 0 && before !== session.baseCommit && (await findMergeBase(git, base, before)) === before
  if (commits.length === 0 && !isIntegrated) throw nothingToMerge(entry)
  const message = input.message ?? defaultMessage(entry, input, commits)
  // a trial: conflicts are met before the log is written
  if (!isIntegrated) await buildIntegration(git, { method: input.merge, base, tip: before, message })
  const findings = isIntegrated ? [] : [...(await completeLog(context, entry, { how: `${input.merge} into ${session.base}`, commits }))]
  const tip = await requireHead(context, entry)
  context.report({ event: 'integrating', branch: session.branch ?? tip, into: session.base, method: input.merge })
  const integrated = await integrate(context, entry, input, tip, message)
  const partial = { ...emptyResult(session.id, 'merge', worktree.path), integrated }
  if (input.keepWorktree) return { result: partial, findings: [...findings, ...(await closeKept(context, entry))] }
  const retired = await retireSession(context, entry, {
    reason: `merged into ${session.base}`,
    event: 'ended',
    tip,
    content: 'clean',
    deleteBranch: !input.keepBranch && context.loaded.config.end.deleteBranch === 'merged',
    details: { strategy: 'merge', integrated },
  })
  const trash = retired.purged ? null : retired.item.trash
  return {
    result: { ...partial, worktreeRemoved: true, branchDeleted: retired.branchDeleted, trash, path: null },
    findings: [...findings, ...retired.findings],
  }
}

async function integrate(context: Context, entry: RegisteredSession, input: EndInput, tip: string, message: string): Promise<{ into: string; oid: string }> {
  const { session } = entry
  const reason = `flightrules end ${session.id}`
  for (let attempt = 1; ; attempt += 1) {
    try {
      const expected = await requireBase(context, entry)
      const built = await buildIntegration(context.git, { method: input.merge, base: expected, tip, message })
      if (built.commit === expected) return { into: session.base, oid: expected }
      const lock = { operation: reason, signal: context.signal }
      return await withLock(commonDirOf(context), lock, async () =>
        land(context.git, { baseBranch: session.base, expected, commit: built.commit, worktrees: await listWorktrees(context.git), reason, operation: session.uuid }),
      )
    } catch (error) {
      if (!(error instanceof FlightRulesError) || error.code !== 'BASE_MOVED' || attempt === attempts) throw error
    }
  }
}

/** The commit the session's worktree is at now. */
export async function requireHead(context: Context, { session, worktree }: RegisteredSession): Promise<string> {
  const head = await resolveCommit(context.git.at(worktree.path), 'HEAD')
  if (head !== null) return head
  throw new FlightRulesError({ kind: 'failed', code: 'NO_COMMITS', message: `session ${session.id} has no commit checked out`, hint: `look at it in ${worktree.path}` })
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
