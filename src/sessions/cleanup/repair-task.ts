import { FlightRulesError } from '../../errors.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import { withLock } from '../../operations/lock.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { refreshManifest } from '../save-session.ts'
import type { CleanupTask } from './cleanup-task.ts'

/** Has git join a worktree and its administrative files again. @param place where it is now, null: where it was. */
export function repairTask(
  context: Context,
  { session, worktree }: RegisteredSession,
  place: string | null,
): Pick<CleanupTask, 'preview' | 'carryOut'> {
  const from = worktree.path
  return {
    preview: async () => [
      { kind: 'repair-worktree', path: place ?? from, undo: place === null ? 'nothing to take back' : `move it back to ${from}` },
    ],
    carryOut: async () =>
      withLock(commonDirOf(context), { operation: `cleanup ${session.id}`, signal: context.signal }, async () => {
        await context.git.run(['worktree', 'repair', ...(place === null ? [] : [place])])
        const found = (await listWorktrees(context.git)).find(({ path }) => path === (place ?? from))
        if (found === undefined || found.prunable !== null) throw notFound(session.id, place ?? from)
        return { trash: null, findings: await refreshManifest(context) }
      }),
  }
}

function notFound(id: string, path: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'failed',
    code: 'REPAIR_FAILED',
    message: `git worktree repair did not bring session ${id} back at ${path}`,
    hint: `look at ${path}; if it is to go: flightrules end ${id} --strategy abandon`,
    details: { id, path },
  })
}
