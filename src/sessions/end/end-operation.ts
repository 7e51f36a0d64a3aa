import type { StepHandler, StepHandlers } from '../../operations/apply-plan.ts'
import type { OperationKind } from '../../operations/operation.ts'
import { completeLogStep } from './complete-log-step.ts'
import { dropEntryStep, noteStandardStep } from './end-standard.ts'
import type { EndWork } from './end-work.ts'
import { integrateStep } from './integrate-step.ts'
import { keepStep, pushStep, saveLogStep } from './keep-steps.ts'
import { removeStep } from './remove-step.ts'
import { commitWork } from './ready-session.ts'
import { noteRequestStep, openRequestStep } from './request-step.ts'
import { syncStep } from './sync-step.ts'

const commitStep: StepHandler<EndWork> = {
  async apply(step, { context, entry }) {
    await commitWork(context, entry, String(step.message))
  },
}

export const endHandlers: StepHandlers<EndWork> = {
  commit: commitStep,
  sync: syncStep,
  'complete-session-log': completeLogStep,
  'save-session-log': saveLogStep,
  integrate: integrateStep,
  push: pushStep,
  'open-request': openRequestStep,
  'note-request': noteRequestStep,
  'mark-kept': keepStep,
  'remove-worktree': removeStep,
  'drop-entry': dropEntryStep,
  'write-history': noteStandardStep,
}

/** By what a session is ended: what of it decides whether an interrupted one is finished. */
export const commitPoints = {
  'end-merge': 'integrate',
  'end-request': 'open-request',
  'end-keep': 'mark-kept',
  'end-abandon': 'remove-worktree',
  'end-standard': 'drop-entry',
} as const

export type EndKind = keyof typeof commitPoints

export function endKind(kind: EndKind): Pick<OperationKind<EndWork>, 'kind' | 'handlers' | 'commitPoint'> {
  return { kind, handlers: endHandlers, commitPoint: commitPoints[kind] }
}
