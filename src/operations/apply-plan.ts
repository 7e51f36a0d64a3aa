import { FlightRulesError } from '../errors.ts'
import { reachFailpoint } from '../files/failpoint.ts'
import type { Plan, Step } from './plan.ts'

/** What carries out one kind of step. Both directions are idempotent: a step may have been done, half done or not at all. */
export interface StepHandler<C> {
  apply(step: Step, context: C): Promise<void>
  /** Takes the step back; absent where there is nothing to take back. */
  undo?(step: Step, context: C): Promise<void>
}

export type StepHandlers<C> = Readonly<Record<string, StepHandler<C>>>

/** How far a plan has come. */
export interface Progress {
  /** Steps that may have done something and were not taken back. */
  begun: Step[]
  /** The commit point is passed. */
  committed: boolean
}

/**
 * Carries out a plan in order. A failure up to and including the commit point undoes everything done so far, last
 * first; after it what was done stays, and the failure says so.
 * @throws what the failing step threw; FlightRulesError UNDO_FAILED when not everything could be taken back.
 */
export function applyPlan<C>(plan: Plan, handlers: StepHandlers<C>, context: C, commitPoint: string): Promise<void> {
  return applySteps(plan.steps, handlers, context, commitPoint, { begun: [], committed: false })
}

/** As `applyPlan`, for a plan that is carried out in several parts. */
export async function applySteps<C>(
  steps: readonly Step[],
  handlers: StepHandlers<C>,
  context: C,
  commitPoint: string,
  progress: Progress,
): Promise<void> {
  for (const step of steps) {
    progress.begun.push(step)
    try {
      reachFailpoint(`before:${step.kind}`)
      await requireHandler(handlers, step).apply(step, context)
      reachFailpoint(`after:${step.kind}`)
    } catch (error) {
      if (progress.committed) throw error
      const begun = progress.begun
      progress.begun = []
      throw await undoSteps(begun, handlers, context, error)
    }
    if (step.kind === commitPoint) progress.committed = true
  }
}

/** Takes everything back, also when one of them cannot be; gives what to throw then. */
export async function undoSteps<C>(
  steps: readonly Step[],
  handlers: StepHandlers<C>,
  context: C,
  cause: unknown,
): Promise<unknown> {
  const left: string[] = []
  for (const step of steps.toReversed()) {
    try {
      reachFailpoint(`undo:${step.kind}`)
      await handlers[step.kind]?.undo?.(step, context)
    } catch (error) {
      left.push(`${step.kind} (${(error as Error).message}; what would take it back: ${step.undo})`)
    }
  }
  if (left.length === 0) return cause
  return new FlightRulesError({
    kind: 'failed',
    code: 'UNDO_FAILED',
    message: `${(cause as Error).message}; and this could not be taken back: ${left.join(', ')}`,
    hint: 'the next flightrules command tries again',
    details: { left },
    cause,
  })
}

function requireHandler<C>(handlers: StepHandlers<C>, step: Step): StepHandler<C> {
  const handler = handlers[step.kind]
  if (handler === undefined) throw new Error(`no handler for a step of kind ${step.kind}`)
  return handler
}
