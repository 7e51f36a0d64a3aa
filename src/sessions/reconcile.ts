import type { Finding } from '../errors.ts'
import { FlightRulesError } from '../errors.ts'
import { findOperationInProgress } from '../git/operation-in-progress.ts'
import { listWorktrees, type Worktree } from '../git/worktrees.ts'
import { withLock } from '../operations/lock.ts'
import { type Context, commonDirOf } from './context.ts'
import { sweepConversationLocks } from './conversation-lock.ts'
import { isWithin } from './find-session.ts'
import { healMissingHooks } from './heal-missing-hooks.ts'
import { findDeletedBranches, recreateBranch } from './heal-deleted-branch.ts'
import { describeNewer } from './load-manifest.ts'
import { type Access, loadSessions, type RegisteredSession, type SessionSet } from './load-sessions.ts'
import { changeRecord } from './record.ts'
import { recoverOperations } from './recover/recover-operations.ts'
import { refreshManifest } from './save-session.ts'
import { settleAppendOnly } from './settle-append-only.ts'
import { isManifestStale, projectManifest } from './write-manifest.ts'

export interface Reconciled {
  readonly set: SessionSet
  readonly findings: readonly Finding[]
}

/**
 * Brings records and manifest in line with what git says: operations that were interrupted are finished or undone, worktrees made behind
 * our back are registered, branch switches followed, the manifest rewritten where it is wrong, hooks that git would not run put back.
 * Where nothing changed it costs file reads and takes no lock; where a newer version of the program wrote the manifest it changes nothing.
 * @throws FlightRulesError MANIFEST_NEWER when the sessions are wanted for changing something.
 */
export async function reconcile(
  context: Context,
  worktrees: readonly Worktree[],
  access: Access = 'change',
): Promise<Reconciled> {
  const present = await loadSessions(context, worktrees, access)
  if (present.manifest.state === 'newer') return { set: present, findings: [describeNewer(present.manifest)] }
  const attributes = access === 'change' ? await settleAppendOnly(commonDirOf(context), context.loaded) : []
  const recovered = await recoverOperations(context)
  const set = recovered.length === 0 ? present : await loadSessions(context, await listWorktrees(context.git))
  const findings: Finding[] = [...attributes, ...recovered]
  const unreadable: Finding[] = set.unreadable.map(({ worktree, reason }) => ({
    code: 'RECORD_UNREADABLE',
    message: `the record of ${worktree.path} cannot be read: ${reason}`,
    hint: 'the worktree is left alone; remove the record file to have it registered anew',
    details: { path: worktree.path },
  }))
  findings.push(...unreadable, ...(await healMissingHooks(context, set.registered)))
  await sweepConversationLocks(context, set.registered)
  const strangers = set.unregistered.filter((entry) => shouldRegister(context, entry.worktree))
  const moved = await findSwitched(set.registered)
  const deleted = await findDeletedBranches(set.registered)
  const isStale = isManifestStale(projectManifest(context, set.registered, set.manifest), set.manifest)
  if (strangers.length === 0 && moved.length === 0 && deleted.length === 0 && !isStale) return { set, findings }
  try {
    for (const stranger of strangers) {
      // most looks find none, and it is the larger part of what would be loaded
      const { registerWorktree } = await import('./register-worktree.ts')
      const work = await registerWorktree(context, stranger.worktree.path, { createdBy: 'hook', setup: 'skip' })
      if (work === undefined) continue
      const id = work.session.id
      findings.push(...work.findings, {
        code: 'WORKTREE_REGISTERED',
        message: `registered the worktree ${stranger.worktree.path} as session ${id}; the project's setup commands did not run there`,
        hint: `flightrules setup ${id}`,
        details: { id, path: stranger.worktree.path },
      })
    }
    const lock = { operation: 'reconcile', waitMs: context.lockWaitMs ?? 5_000, signal: context.signal }
    const renewed = await withLock(commonDirOf(context), lock, async () => {
      // read again: a worktree that was just being made looks like one whose branch was switched
      const present = await loadSessions(context, await listWorktrees(context.git))
      for (const branch of await findDeletedBranches(present.registered)) findings.push(await recreateBranch(context, branch))
      for (const { gitDir, session } of await findSwitched(present.registered)) {
        const { branch, ownsBranch } = session
        await changeRecord(gitDir, session.uuid, (current) => ({ ...current, branch, ownsBranch }))
      }
      findings.push(...(await refreshManifest(context)))
      return loadSessions(context, await listWorktrees(context.git))
    })
    return { set: renewed, findings }
  } catch (error) {
    if (!(error instanceof FlightRulesError) || error.kind !== 'busy') throw error
    return {
      set,
      findings: [
        ...findings,
        { code: 'BUSY', message: error.message, ...(error.hint === undefined ? {} : { hint: error.hint }) },
      ],
    }
  }
}

function shouldRegister(context: Context, worktree: Worktree): boolean {
  const register = context.loaded.config.hooks.postCheckout.register
  if (register === false || worktree.prunable !== null || worktree.bare || worktree.head === null) return false
  // git's own mark while `worktree add` is still checking out; its hook comes when it is done
  if (worktree.locked === 'initializing') return false
  return register === 'all' || isWithin(context.sessionsDir, worktree.path)
}

/** Sessions whose branch is another than recorded. During a rebase git shows a detached HEAD; that is no switch. */
async function findSwitched(registered: readonly RegisteredSession[]): Promise<RegisteredSession[]> {
  const switched: RegisteredSession[] = []
  for (const entry of registered) {
    const branch = entry.worktree.branch?.replace('refs/heads/', '') ?? null
    if (branch === entry.session.branch || entry.worktree.prunable !== null) continue
    if (branch === null && findOperationInProgress(entry.gitDir) !== null) continue
    switched.push({ ...entry, session: { ...entry.session, branch, ownsBranch: false } })
  }
  return switched
}
