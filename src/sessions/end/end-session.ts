import { readRef, resolveCommit } from '../../git/refs.ts'
import { pushBranch } from '../../integrate/push.ts'
import { chooseRemote } from '../../integrate/remotes.ts'
import { readCommits } from '../../git/log.ts'
import type { Finding } from '../../errors.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import type { Context } from '../context.ts'
import { loadSessions, type RegisteredSession } from '../load-sessions.ts'
import { retireSession } from '../retire-session.ts'
import { saveSession } from '../save-session.ts'
import { redactError } from '../session-secrets.ts'
import { toTimestamp } from '../timestamp.ts'
import { checkEnd } from './check-end.ts'
import { closeKept, saveLog } from './close-kept.ts'
import { completeLog } from './complete-log.ts'
import { type Ended, type EndInput, emptyResult } from './end-input.ts'
import { endByMerge } from './end-merge.ts'
import { endByRequest } from './end-request.ts'
import { endMissing } from './end-missing.ts'
import { endStandard } from './end-standard.ts'
import { requireUnused } from './require-unused.ts'
import { commitWork } from './ready-session.ts'
import { syncFirst } from './sync-first.ts'

/**
 * Ends a session by one of the four strategies. Whatever fails leaves it whole, and the same call goes on from there.
 * @throws FlightRulesError as documented for `end`.
 */
export async function endSession(context: Context, entry: RegisteredSession, input: EndInput): Promise<Ended> {
  try {
    return await endByStrategy(context, entry, input)
  } catch (error) {
    throw await redactError(context, entry, error)
  }
}

async function endByStrategy(context: Context, entry: RegisteredSession, input: EndInput): Promise<Ended> {
  if (entry.worktree.prunable !== null && input.strategy === 'abandon') return endMissing(context, entry, input)
  const used = await requireUnused(context, entry, input)
  const { hasChanges, syncBase, request } = await checkEnd(context, entry, input)
  if (hasChanges && input.commit !== undefined) await commitWork(context, entry, input.commit)
  if (entry.session.mode === 'standard') return endStandard(context, entry)
  const ready = input.sync === false || syncBase === null ? entry : await syncSession(context, entry, syncBase, input.sync)
  if (request !== null) return endByRequest(context, ready, input, request)
  if (input.strategy === 'merge') return endByMerge(context, ready, input)
  if (input.strategy === 'abandon') {
    const ended = await endByAbandoning(context, ready, input)
    return { ...ended, findings: [...used, ...ended.findings] }
  }
  return endByKeeping(context, ready, input)
}

async function syncSession(
  context: Context,
  entry: RegisteredSession,
  base: string,
  method: 'rebase' | 'merge',
): Promise<RegisteredSession> {
  const { session } = entry
  await syncFirst(context, entry, base, method)
  await saveSession(context, entry.gitDir, { ...session, lastSyncedAt: toTimestamp(context.now()) })
  const set = await loadSessions(context, await listWorktrees(context.git))
  return set.registered.find((other) => other.session.uuid === session.uuid) ?? entry
}

async function endByKeeping(context: Context, entry: RegisteredSession, input: EndInput): Promise<Ended> {
  const { session, worktree } = entry
  const findings: Finding[] = input.saveLog ? await saveLog(context, entry) : []
  const base = (await readRef(context.git, `refs/heads/${session.base}`)) ?? session.baseCommit
  const head = await resolveCommit(context.git.at(worktree.path), 'HEAD')
  const commits = head === null ? [] : await readCommits(context.git, base, head)
  findings.push(...(await completeLog(context, entry, { how: 'kept', commits })))
  const branch = worktree.branch?.replace('refs/heads/', '')
  const remote = branch === undefined ? null : await chooseRemote(context.git, { base: session.base, branch })
  if (branch !== undefined && remote !== null) {
    context.report({ event: 'pushing', branch, remote })
    const pushing = context.git.at(worktree.path).with({ FLIGHTRULES_OP: session.uuid })
    await pushBranch(pushing, {
      remote,
      branch,
      setUpstream: true,
      onStderr: (chunk) => context.report({ event: 'git-output', chunk }),
    })
  }
  findings.push(...(await closeKept(context, entry)))
  return {
    result: { ...emptyResult(session.id, 'keep', worktree.path), pushed: remote !== null && branch !== undefined },
    findings,
  }
}

async function endByAbandoning(context: Context, entry: RegisteredSession, input: EndInput): Promise<Ended> {
  const { session, worktree } = entry
  const findings: Finding[] = input.saveLog ? await saveLog(context, entry) : []
  const retired = await retireSession(context, entry, {
    reason: 'abandoned',
    event: 'ended',
    tip: worktree.head,
    content: 'any',
    deleteBranch: session.ownsBranch && !input.keepBranch,
    details: { strategy: 'abandon' },
  })
  const { branchDeleted, item } = retired
  return {
    result: {
      ...emptyResult(session.id, 'abandon', worktree.path),
      worktreeRemoved: true,
      branchDeleted,
      trash: item.trash,
      path: null,
    },
    findings: [...findings, ...retired.findings],
  }
}
