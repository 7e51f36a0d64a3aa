import { FlightRulesError } from '../errors.ts'
import type { Plan, Step } from './plan.ts'

/** What carries out one kind of step. Both directions are idempotent: a step may have been done, half done or not at all. */
export interface StepHandler<C> {
  apply(step: Step, context: C): Promise<void>
  /** Takes the step back; absent where there is nothing to take back. */
  undo?(step: Step, context: C): Promise<void>
}

export type StepHandlers<C> = Readonly<Record<string, StepHandler<C>>>

/**
 * Carries out a plan in order. A failure up to and including the commit point undoes everything done so far, last
 * first; after it what was done stays, and the failure says so.
 * @throws what the failing step threw; FlightRulesError UNDO_FAILED when not everything could be taken back.
 */
export async function applyPlan<C>(plan: Plan, handlers: StepHandlers<C>, context: C, commitPoint: string): Promise<void> {
  const begun: Step[] = []
  let committed = false
  for (const step of plan.steps) {
    begun.push(step)
    try {
      await requireHandler(handlers, step).apply(step, context)
    } catch (error) {
      throw committed ? error : await undoSteps(begun, handlers, context, error)
    }
    if (step.kind === commitPoint) committed = true
  }
}

/** Takes everything back, also when one of them cannot be; gives what to throw then. */
async function undoSteps<C>(steps: readonly Step[], handlers: StepHandlers<C>, context: C, cause: unknown): Promise<unknown> {
  const left: string[] = []
  for (const step of steps.toReversed()) {
    try {
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
    details: { left },
    cause,
  })
}

function requireHandler<C>(handlers: StepHandlers<C>, step: Step): StepHandler<C> {
  const handler = handlers[step.kind]
  if (handler === undefined) throw new Error(`no handler for a step of kind ${step.kind}`)
  return handler
}
