import { randomUUID } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { SyncMethod } from '../../config/types.ts'
import { findOperationInProgress } from '../../git/operation-in-progress.ts'
import { updateRefs } from '../../git/refs.ts'
import { settlePaths } from '../../git/settle-paths.ts'
import { snapshotWorktree } from '../../git/snapshot.ts'
import { mergeTrees } from '../../git/merge-tree.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import type { StepHandler } from '../../operations/apply-plan.ts'
import { removeDeadLock } from '../../operations/dead-lock.ts'
import { appendHistory } from '../../operations/history.ts'
import { trashTime } from '../../operations/trash/item.ts'
import { type Context, commonDirOf } from '../context.ts'
import { loadSessions, type RegisteredSession } from '../load-sessions.ts'
import { changeSession } from '../save-session.ts'
import { toTimestamp } from '../timestamp.ts'
import type { EndWork } from './end-work.ts'
import { requireHead } from './ready-session.ts'
import { syncFirst } from './sync-first.ts'

/** A session on its way onto its base, as it was written down before it set out. */
export interface Syncing {
  readonly method: SyncMethod
  /** Commit it was at. */
  readonly head: string
  /** Commit it is brought onto. */
  readonly onto: string
  readonly since: string
}

/** Brings the session onto its base before anything else is done with it. */
export const syncStep: StepHandler<EndWork> = {
  async apply(step, work) {
    const { context, op } = work
    const { session, gitDir } = work.entry
    const method: SyncMethod = step.method === 'merge' ? 'merge' : 'rebase'
    const head = await requireHead(context, work.entry)
    const onto = String(step.onto)
    await work.note({ syncing: { method, head, onto, since: new Date().toISOString() } })
    await syncFirst(context, work.entry, onto, method)
    await changeSession(context, gitDir, session, (current) => ({ ...current, lastSyncedAt: toTimestamp(context.now()) }))
    const set = await loadSessions(context, await listWorktrees(context.git))
    work.entry = set.registered.find((other) => other.session.uuid === session.uuid) ?? work.entry
    const { id, uuid, branch, base } = session
    const to = work.entry.worktree.head
    if (to !== head)
      await appendHistory(commonDirOf(context), {
        at: context.now().toISOString(),
        event: 'synced',
        id,
        uuid,
        // taken back for itself
        op: randomUUID(),
        end: op,
        branch,
        base,
        method,
        from: head,
        to,
      })
  },
}

/**
 * Brings a session back that a stopped rebase or merge of ours left half-way, after everything in it was stored under a ref. One that
 * somebody went on with, or changed files in, is left as it is.
 * @returns what a person has to settle, null when nothing is left.
 */
export async function takeSyncBack(
  context: Context,
  { session, worktree, gitDir }: RegisteredSession,
  { method, head, onto, since }: Syncing,
): Promise<string | null> {
  const git = context.git.withoutSignal()
  const at = { cwd: worktree.path }
  const place = { worktree: worktree.path, since }
  for (const name of ['index.lock', 'HEAD.lock', 'ORIG_HEAD.lock']) await removeDeadLock(join(gitDir, name), place)
  if (worktree.branch !== null) await removeDeadLock(join(commonDirOf(context), `${worktree.branch}.lock`), place)
  const operation = await findOperationInProgress(gitDir)
  const isOurs = operation === null || (await isOurOperation(gitDir, operation, { head, onto }))
  const now = await git.readLine(['rev-parse', 'HEAD'], at)
  if (operation === null && now !== head) return null
  const way = `git -C ${worktree.path} ${operation ?? method}`
  if (!isOurs || (operation !== null && operation !== method)) return `a ${operation} is in progress there`
  const { commit } = await snapshotWorktree(git, {
    worktree: worktree.path,
    gitDir,
    message: `${session.id}: ${method} taken back`,
  })
  const ref = `refs/flightrules/trash/${session.id}/${trashTime(context.now())}`
  await updateRefs(git, [{ ref, new: commit, old: null }], `flightrules: ${method} of ${session.id} taken back`)
  const [merged] = await mergeTrees(git, [{ ours: head, theirs: onto }], { objects: 'keep' })
  const indexWas = merged === undefined ? [] : [merged.tree]
  const { own, mixed } = await settlePaths(git, worktree.path, { from: onto, to: head, indexWas })
  const merging =
    merged === undefined ? { own: [], mixed: [] } : await settlePaths(git, worktree.path, { from: merged.tree, to: head })
  if (mixed.length + own.length + merging.mixed.length > 0) {
    return `a ${method} is half done there, and files were changed since; what was there is kept as ${ref}. ${way} --continue, or ${way} --abort`
  }
  if (operation === 'merge') await git.run(['merge', '--quit'], at)
  if (operation === 'rebase') await git.run(['rebase', '--abort'], at)
  return null
}

async function isOurOperation(
  gitDir: string,
  operation: string,
  { head, onto }: { head: string; onto: string },
): Promise<boolean> {
  const read = (file: string): Promise<string> =>
    readFile(join(gitDir, file), 'utf8').then(
      (text) => text.trim(),
      () => '',
    )
  if (operation === 'merge') return (await read('MERGE_HEAD')) === onto
  if (operation !== 'rebase') return false
  return (await read('rebase-merge/orig-head')) === head && (await read('rebase-merge/onto')) === onto
}
