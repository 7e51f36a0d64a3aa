import type { Finding } from '../errors.ts'
import { commitAll } from '../git/commit-all.ts'
import { pushStash } from '../git/stash.ts'
import { changedPaths, readStatus } from '../git/status.ts'
import type { Context } from './context.ts'
import type { DirtyMainDecision } from './start-input.ts'

/** Does with the main worktree's uncommitted changes what the person decided. Carrying happens later, into the session. */
export async function settleDirtyMain(context: Context, decision: DirtyMainDecision): Promise<Finding[]> {
  if (decision.kind !== 'commit' && decision.kind !== 'stash') return []
  if (changedPaths(await readStatus(context.git, context.main)).length === 0) return []
  if (decision.kind === 'commit') {
    const oid = await commitAll(context.git, context.main, decision.message)
    return [{ code: 'MAIN_COMMITTED', message: `committed the main worktree's changes as ${oid.slice(0, 12)}`, details: { oid } }]
  }
  const oid = await pushStash(context.git, context.main, 'flightrules start --stash')
  return [
    {
      code: 'MAIN_STASHED',
      message: `the main worktree's changes are stash ${oid}`,
      hint: `take them back with: git -C ${context.main} stash apply ${oid}`,
      details: { oid },
    },
  ]
}
