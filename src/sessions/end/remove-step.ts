import { FlightRulesError } from '../../errors.ts'
import type { StepHandler } from '../../operations/apply-plan.ts'
import type { Json, Step } from '../../operations/plan.ts'
import type { Retirement } from '../retire-session.ts'
import { retireSession } from '../retire-session.ts'
import { sessionEnded } from './end-errors.ts'
import type { EndWork } from './end-work.ts'

/** Takes the worktree away; after a merge only when nothing in it is not in a commit. */
export const removeStep: StepHandler<EndWork> = {
  async apply(step, work) {
    const { context, entry, input, result, move } = work
    const isMerge = input.strategy === 'merge'
    const tip = isMerge ? (work.tip ?? null) : entry.worktree.head
    const integrated =
      result.integrated === null ? null : { ...result.integrated, ...(move === undefined ? {} : { from: move.from }) }
    const retired = await retireSession(context, entry, {
      ...retirementOf(step, isMerge ? 'merge' : 'abandon', entry.session.base, integrated, work.op),
      tip,
    }).catch((error: unknown) => {
      throw isGone(error) ? sessionEnded(entry.session.id) : isMerge ? notRemoved(error, work) : error
    })
    const { branchDeleted, item, purged } = retired
    work.findings.push(...retired.findings)
    work.result = {
      ...result,
      worktreeRemoved: true,
      branchDeleted,
      trash: item.trash,
      ...(isMerge ? { purged } : {}),
      path: null,
    }
  },
}

/** How it goes, as the step says it; also for who finishes what another process began. */
export function retirementOf(
  { deletesBranch }: Step,
  strategy: 'merge' | 'abandon',
  base: string,
  integrated: Json,
  op: string,
): Omit<Retirement, 'tip'> {
  return {
    reason: strategy === 'merge' ? `merged into ${base}` : 'abandoned',
    event: 'ended',
    content: strategy === 'merge' ? 'clean' : 'any',
    deleteBranch: deletesBranch === true,
    details: strategy === 'merge' ? { strategy, integrated, end: op } : { strategy, end: op },
  }
}

function isGone(error: unknown): boolean {
  return error instanceof FlightRulesError && error.code === 'SESSION_CHANGED' && error.details['why'] === 'it is gone already'
}

/** Half of the command is done, and that has to be said. */
function notRemoved(error: unknown, { entry, result }: EndWork): unknown {
  const { integrated } = result
  if (!(error instanceof FlightRulesError) || integrated === null) return error
  const { id } = entry.session
  return new FlightRulesError({
    kind: error.kind === 'decision' ? 'failed' : error.kind,
    code: error.code,
    message: `session ${id} is merged into ${integrated.into} (${integrated.oid.slice(0, 12)}), but its worktree is still there: ${error.message}`,
    hint: `settle that, then run flightrules end ${id} --strategy merge again: it goes on from here`,
    details: { ...error.details, integrated },
    cause: error,
  })
}
