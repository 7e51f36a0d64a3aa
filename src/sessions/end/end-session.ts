import { readRef, resolveCommit } from '../../git/refs.ts'
import { pushBranch } from '../../integrate/push.ts'
import { chooseRemote } from '../../integrate/remotes.ts'
import { readCommits } from '../../git/log.ts'
import type { Finding } from '../../errors.ts'
import { requireGitVersion } from '../../git/version.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import type { Context } from '../context.ts'
import { loadSessions, type RegisteredSession } from '../load-sessions.ts'
import { retireSession } from '../retire-session.ts'
import { saveSession } from '../save-session.ts'
import { toTimestamp } from '../timestamp.ts'
import { closeKept, saveLog } from './close-kept.ts'
import { completeLog } from './complete-log.ts'
import { type Ended, type EndInput, emptyResult } from './end-input.ts'
import { endByMerge } from './end-merge.ts'
import { endByRequest } from './end-request.ts'
import { endStandard } from './end-standard.ts'
import { readySession } from './ready-session.ts'
import { syncFirst } from './sync-first.ts'

/**
 * Ends a session by one of the four strategies. Whatever fails leaves it whole, and the same call goes on from there.
 * @throws FlightRulesError as documented for `end`.
 */
export async function endSession(context: Context, entry: RegisteredSession, input: EndInput): Promise<Ended> {
  await requireGitVersion(context.git)
  await readySession(context, entry, input)
  if (entry.session.mode === 'standard') return endStandard(context, entry)
  const ready = input.sync === false || input.strategy === 'abandon' ? entry : await syncSession(context, entry, input.sync)
  switch (input.strategy) {
    case 'merge':
      return endByMerge(context, ready, input)
    case 'pr':
      return endByRequest(context, ready, input)
    case 'keep':
      return endByKeeping(context, ready, input)
    case 'abandon':
      return endByAbandoning(context, ready, input)
  }
}

async function syncSession(context: Context, entry: RegisteredSession, method: 'rebase' | 'merge'): Promise<RegisteredSession> {
  const { session } = entry
  const base = (await readRef(context.git, `refs/heads/${session.base}`)) ?? (await readRef(context.git, `refs/remotes/origin/${session.base}`))
  if (base === null) return entry
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
    await pushBranch(pushing, { remote, branch, setUpstream: true, onStderr: (chunk) => context.report({ event: 'git-output', chunk }) })
  }
  findings.push(...(await closeKept(context, entry)))
  return { result: { ...emptyResult(session.id, 'keep', worktree.path), pushed: remote !== null && branch !== undefined }, findings }
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
    result: { ...emptyResult(session.id, 'abandon', worktree.path), worktreeRemoved: true, branchDeleted, trash: item.trash, path: null },
    findings: [...findings, ...retired.findings],
  }
}
