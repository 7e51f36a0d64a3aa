import type { StepHandler } from '../../operations/apply-plan.ts'
import type { Json, Step } from '../../operations/plan.ts'
import { appendHistoryOnce } from '../../operations/history.ts'
import { commonDirOf } from '../context.ts'
import { writeRecord } from '../record.ts'
import { refreshManifest } from '../save-session.ts'
import type { Session } from '../session.ts'
import type { Work } from '../work.ts'

/** The commit point of a start: from here on there is a session. */
export function writeRecordStep(session: Session): Step {
  return {
    kind: 'write-record',
    session: { ...session, envFiles: [], setup: null, pr: session.pr === null ? null : { ...session.pr } } as unknown as Json,
    undo: 'end the session',
  }
}

export const writeSessionRecord: StepHandler<Work> = {
  async apply(_step, { gitDir, session }) {
    await writeRecord(gitDir, session)
  },
}

export function writeManifestStep(): Step {
  return { kind: 'write-manifest', undo: 'the next command writes it again from the records' }
}

export const writeSessionManifest: StepHandler<Work> = {
  async apply(_step, { context, findings }) {
    findings.push(...(await refreshManifest(context)))
  },
}

export function writeHistoryStep(event: 'started' | 'registered'): Step {
  return { kind: 'write-history', event, undo: 'nothing to take back' }
}

export const writeSessionHistory: StepHandler<Work> = {
  async apply(step, { context, op, session, worktree }) {
    const event = step.event === 'registered' ? 'registered' : 'started'
    const commonDir = commonDirOf(context)
    const { id, uuid, branch, base, createdBy, startedAt, sessionLog } = session
    const log = sessionLog === null ? {} : { sessionLog }
    const what = { at: startedAt, event, id, uuid, op, branch, base, path: worktree, by: createdBy, ...log } as const
    await appendHistoryOnce(commonDir, what)
  },
}
