import type { StepHandler } from '../../operations/apply-plan.ts'
import { completeLog } from './complete-log.ts'
import type { EndWork } from './end-work.ts'
import { findLanding } from './find-landing.ts'
import { requireBase } from './integrate-step.ts'
import { readOutcome } from './read-outcome.ts'
import { requireHead } from './ready-session.ts'

/** Closes the session's log with what was done, and commits it. */
export const completeLogStep: StepHandler<EndWork> = {
  async apply(step, work) {
    const { context, entry, findings, input } = work
    const head = await requireHead(context, entry)
    const isStandard = entry.session.mode === 'standard'
    if (input.strategy === 'merge' && !isStandard) {
      const sides = { base: await requireBase(context, entry), tip: head }
      if ((await findLanding(context, entry, input, sides)) !== null) return
    }
    const outcome = await readOutcome(work, step, head)
    const isPushed = input.strategy === 'pr' && !isStandard
    findings.push(...(await completeLog(context, entry, outcome, { message: input.commit, isPushed })))
  },
}
