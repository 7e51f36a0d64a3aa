import type { SyncMethod } from '../../config/types.ts'
import { FlightRulesError } from '../../errors.ts'
import { GitError } from '../../git/git-error.ts'
import { updateRefs } from '../../git/refs.ts'
import { snapshotWorktree } from '../../git/snapshot.ts'
import { predictConflicts } from '../../integrate/predict.ts'
import { mergeConflicts } from '../../integrate/merge-conflicts.ts'
import { trashTime } from '../../operations/trash/item.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'

/**
 * Brings a clean session onto `base` (a commit).
 * @throws FlightRulesError MERGE_CONFLICTS; the session is then as it was.
 */
export async function syncFirst(context: Context, entry: RegisteredSession, base: string, method: SyncMethod): Promise<void> {
  const { session, worktree } = entry
  const git = context.git.at(worktree.path).with({ FLIGHTRULES_OP: session.uuid, GIT_EDITOR: 'true' })
  const head = await git.readLine(['rev-parse', 'HEAD'])
  const prediction = await predictConflicts(git, base, head)
  if (!prediction.clean)
    throw mergeConflicts(`session ${session.id} conflicts with ${session.base}`, prediction.conflicts, {
      id: session.id,
      worktree: worktree.path,
      base: session.base,
    })
  const args =
    method === 'rebase'
      ? ['rebase', '--no-autostash', base]
      : ['merge', '-m', `Merge ${session.base} into ${session.branch ?? session.id}`, base]
  try {
    await git.run(args)
  } catch (error) {
    if (!(error instanceof GitError)) throw error
    const ref = await keepBeforeAbort(context, entry)
    await git.run([method, '--abort'], { accept: [0, 128] })
    throw new FlightRulesError({
      kind: 'conflict',
      code: 'SYNC_FAILED',
      message: `session ${session.id} could not be brought onto ${session.base}; it is as it was, and how far it came is kept as ${ref}. git said: ${error.stderr.trim()}`,
      hint: method === 'rebase' ? 'a merge may go where a rebase does not: --sync merge' : `look at it in ${worktree.path}`,
      cause: error,
    })
  }
}

/** Aborting takes back every change of tracked files, also one somebody made in this very moment. */
async function keepBeforeAbort(context: Context, { session, worktree, gitDir }: RegisteredSession): Promise<string> {
  const git = context.git.withoutSignal()
  const ref = `refs/flightrules/trash/${session.id}/sync-${trashTime(context.now())}`
  const message = `${session.id}: before its sync was aborted`
  const { commit } = await snapshotWorktree(git, { worktree: worktree.path, gitDir, message })
  await updateRefs(git, [{ ref, new: commit, old: null }], `flightrules: ${message}`)
  return ref
}
