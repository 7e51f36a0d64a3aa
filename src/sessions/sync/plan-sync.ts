import { type Finding, FlightRulesError } from '../../errors.ts'
import type { Plan, Step } from '../../operations/plan.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { explainConflicts } from './explain-conflicts.ts'
import { leavingStep } from './leave-conflicts.ts'
import { findOnto, type Onto } from './find-onto.ts'
import { askSync, prepareSync, type SyncQuestion } from './prepare-sync.ts'
import type { SyncInput } from './sync-input.ts'
import { syncSteps } from './sync-operation.ts'

/**
 * What syncing these sessions would do: the very steps that are carried out, with the bases as they were last seen.
 * @throws FlightRulesError the refusal, where it is about one session; of several each is a finding.
 */
export async function planSync(context: Context, entries: readonly RegisteredSession[], input: SyncInput): Promise<Plan> {
  const steps: Step[] = []
  const findings: Finding[] = []
  for (const entry of entries) {
    try {
      const onto = await findOnto(context, entry.session.base)
      const question = await askSync(context, entry, onto, input)
      if (!question.isUpToDate) steps.push(...(await planOne(context, entry, onto, question, input)))
      findings.push(...onto.findings, ...question.findings)
    } catch (error) {
      if (!(error instanceof FlightRulesError) || error.kind === 'interrupted' || entries.length === 1) throw error
      const { code, message, hint, details } = error
      findings.push({ code, message, ...(hint === undefined ? {} : { hint }), details })
    }
  }
  return { version: 1, command: 'sync', steps, choices: [], findings }
}

async function planOne(
  context: Context,
  entry: RegisteredSession,
  onto: Onto,
  question: SyncQuestion,
  input: SyncInput,
): Promise<readonly Step[]> {
  const { id } = entry.session
  try {
    return syncSteps((await prepareSync(context, entry, onto, question, 'preview')).facts)
  } catch (error) {
    if (!(error instanceof FlightRulesError) || error.code !== 'MERGE_CONFLICTS') throw error
    if (input.leaveConflicts && question.changed.length === 0) return [leavingStep(id, question.build.method, onto.name)]
    throw await explainConflicts(context, id, question, error)
  }
}
