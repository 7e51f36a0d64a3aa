import { randomUUID } from 'node:crypto'
import type { Finding } from '../../errors.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import { withLock } from '../../operations/lock.ts'
import { beginOperation, type Operation } from '../../operations/operation.ts'
import type { Plan, Step } from '../../operations/plan.ts'
import { type Context, commonDirOf } from '../context.ts'
import { loadSessions } from '../load-sessions.ts'
import type { Session } from '../session.ts'
import { decideRestore, type RestoreInput } from './decide-restore.ts'
import { setupNeeded } from './rebuild.ts'
import { toRestoreFacts, type RestoreFacts } from './restore-facts.ts'
import { withPurgeLock } from './purge-lock.ts'
import { makeRestoreWork, planRestore, restoreOperation } from './restore-operation.ts'
import type { RestoreWork } from './restore-work.ts'
import { loadTrashEntries } from './trash-entries.ts'
import { requireTrashEntry } from './find-trash-entry.ts'

export interface Restored {
  readonly session: Session
  /** Absolute path of its worktree. */
  readonly path: string
  readonly findings: readonly Finding[]
}

/**
 * Brings a removed session back: the folder as it was put away, or made again from its snapshot, with branch, record, ports and
 * the operation it was in the middle of. Nothing that is there is overwritten.
 * @throws FlightRulesError RESTORE_OCCUPIED, NOT_RESTORABLE, TRASH_NOT_FOUND; everything is then as it was.
 */
export async function restoreSession(context: Context, input: RestoreInput): Promise<Restored> {
  const commonDir = commonDirOf(context)
  const { id, trash } = input.entry.item
  const lock = { operation: `restore ${id}`, signal: context.signal, waitMs: context.lockWaitMs }
  const op = randomUUID()
  const decide = async (): Promise<RestoreFacts> => {
    // another command may have been here
    const entry = requireTrashEntry(await loadTrashEntries(context), trash)
    return decideRestore(context, await loadSessions(context, await listWorktrees(context.git)), { ...input, entry })
  }
  const begin = async (facts: RestoreFacts): Promise<{ operation: Operation; work: RestoreWork; steps: readonly Step[] }> => {
    const steps = planRestore(facts, context.loaded.config.envOut)
    const work = makeRestoreWork(context, op, facts)
    const input = { op, steps, facts: toRestoreFacts(facts), work }
    context.report({ event: 'restoring-worktree', id: facts.session.id, path: facts.path })
    return { operation: await beginOperation(commonDir, restoreOperation(context), input), work, steps }
  }
  return withPurgeLock(context, async () => {
    const { operation, work, steps } = await withLock(commonDir, lock, async () => begin(await decide()))
    // making the files takes time, and nobody else needs to wait for it
    const slow = steps.filter(({ kind }) => kind === 'rebuild-from-snapshot')
    await operation.apply(slow)
    await withLock(commonDir, lock, () => operation.apply(steps.slice(slow.length)))
    await operation.end()
    const { session, path } = work.facts
    return { session, path, findings: [...work.findings, ...describeChanges(input, work.facts)] }
  })
}

/** What `restoreSession` would do; changes nothing. */
export async function planRestoreSession(context: Context, input: RestoreInput): Promise<Plan> {
  const facts = await decideRestore(context, await loadSessions(context, await listWorktrees(context.git)), input)
  const steps = planRestore(facts, context.loaded.config.envOut)
  return { version: 1, command: 'restore', steps, choices: [], findings: describeChanges(input, facts) }
}

function describeChanges({ entry }: RestoreInput, { session }: RestoreFacts): Finding[] {
  const { record, dropped = [] } = entry.item
  const before = typeof record === 'object' && record !== null && 'ports' in record ? record.ports : session.ports
  const findings: Finding[] = []
  if (JSON.stringify(before) !== JSON.stringify(session.ports))
    findings.push({
      code: 'PORTS_CHANGED',
      message: `session ${session.id} has other ports than before, which somebody else has now: ${Object.entries(session.ports)
        .map(([name, port]) => `${name}=${port}`)
        .join(', ')}`,
      details: { before, ports: session.ports },
    })
  if (dropped.length > 0) findings.push(setupNeeded(session.id, dropped))
  return findings
}
