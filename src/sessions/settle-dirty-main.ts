import { namePaths } from '../files/quote-path.ts'
import { type Finding, FlightRulesError } from '../errors.ts'
import { commitAll } from '../git/commit-all.ts'
import { findOperationInProgress, type GitOperation } from '../git/operation-in-progress.ts'
import { pushStash } from '../git/stash.ts'
import { changedPaths, readStatus, type WorktreeStatus } from '../git/status.ts'
import { type Context, commonDirOf } from './context.ts'
import { type DirtyMainDecision, dirtyMainChoices } from './start-input.ts'

/** Why the main worktree's changes are not yet anybody's work: half a merge, or files in conflict. */
export interface UnsettledMain {
  readonly operation: GitOperation | null
  readonly unmerged: readonly string[]
}

/** null when the changes may be committed, stashed or moved. */
export async function findUnsettled(context: Context, status: WorktreeStatus): Promise<UnsettledMain | null> {
  const operation = findOperationInProgress(commonDirOf(context))
  return operation === null && status.unmerged.length === 0 ? null : { operation, unmerged: status.unmerged }
}

/** @throws FlightRulesError OPERATION_IN_PROGRESS. */
export function refuseUnsettledMain({ main }: Context, { operation, unmerged }: UnsettledMain): never {
  const files = namePaths(unmerged, 5)
  const state =
    operation === null
      ? `has files in conflict (${files})`
      : `is in the middle of a ${operation}${files === '' ? '' : `, with conflicts in ${files}`}`
  throw new FlightRulesError({
    kind: 'decision',
    code: 'OPERATION_IN_PROGRESS',
    message: `the main worktree ${main} ${state}; its changes are half of something, and moving or committing them would lose the other half`,
    hint:
      operation === null
        ? 'settle the conflicts there first, or leave everything where it is'
        : `finish or abort the ${operation} there first, or leave everything where it is`,
    choices: dirtyMainChoices.filter((choice) => choice.flag === '--proceed'),
    details: { main, operation, unmerged },
  })
}

/** Does with the main worktree's uncommitted changes what the person decided. Carrying happens later, into the session. */
export async function settleDirtyMain(context: Context, decision: DirtyMainDecision): Promise<Finding[]> {
  if (decision.kind !== 'commit' && decision.kind !== 'stash') return []
  const status = await readStatus(context.git, context.main)
  const unsettled = await findUnsettled(context, status)
  if (unsettled !== null) refuseUnsettledMain(context, unsettled)
  if (changedPaths(status).length === 0) return []
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
