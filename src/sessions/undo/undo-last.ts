import { randomUUID } from 'node:crypto'
import type { Finding } from '../../errors.ts'
import { beginOperation } from '../../operations/operation.ts'
import { type Context, commonDirOf } from '../context.ts'
import { moveSessionBack } from '../sync/sync-session.ts'
import type { PastOperation } from './find-undoable.ts'
import { planUndo, type UndoPlan } from './plan-undo.ts'
import type { UndoFacts } from './undo-facts.ts'
import { makeUndoWork, undoOperation } from './undo-operation.ts'

export interface Undone {
  readonly plan: UndoPlan
  /** Absolute paths of the worktrees that came back. */
  readonly paths: readonly string[]
  readonly findings: readonly Finding[]
}

/**
 * Undoes an operation by a new one, which is in the history as well.
 * @throws FlightRulesError as `planUndo`.
 */
export async function undo(context: Context, past: PastOperation): Promise<Undone> {
  const plan = await planUndo(context, past)
  if (plan.kind === 'undo-sync') {
    if (plan.sync === undefined) throw new Error('the way back of a sync that does not say what it is of')
    const findings = await moveSessionBack(context, plan.sync.entry, plan.sync.facts)
    return { plan, paths: [], findings: [...plan.findings, ...findings] }
  }
  const op = randomUUID()
  const [line] = past.lines
  if (line === undefined) throw new Error('an operation without a line in the history')
  const facts: UndoFacts = {
    id: line.id,
    uuid: line.uuid,
    of: past.op,
    event: line.event,
    trash: past.lines.flatMap(({ trash }) => (typeof trash === 'string' ? [trash] : [])),
    since: context.now().toISOString(),
  }
  const git = context.git.with({ FLIGHTRULES_OP: op })
  const work = makeUndoWork({ ...context, git }, op, facts, 'run')
  const input = { op, steps: plan.steps, facts: { ...facts }, work }
  const operation = await beginOperation(commonDirOf(context), undoOperation(context, plan.kind), input)
  await operation.apply(plan.steps)
  await operation.end()
  return { plan, paths: work.paths, findings: [...plan.findings, ...work.findings] }
}
