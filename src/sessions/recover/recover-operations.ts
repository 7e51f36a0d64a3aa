import { dirname, isAbsolute, join } from 'node:path'
import { type Finding, FlightRulesError } from '../../errors.ts'
import { appendHistory } from '../../operations/history.ts'
import { closeJournal, entryFile, type JournalEntry, loadJournal, quarantine } from '../../operations/journal.ts'
import { findDeadHolder } from '../../operations/dead-holder.ts'
import { withLock } from '../../operations/lock.ts'
import { StrangeEntryError } from '../../operations/operation.ts'
import { stopOrphans } from '../../operations/orphan-processes.ts'
import { sweepAfter, sweepMemory } from '../../operations/sweep.ts'
import { probeLiveness, readOwnIdentity } from '../../operations/process-identity.ts'
import { type Context, commonDirOf } from '../context.ts'
import { healGitLocks } from './heal-git-locks.ts'
import { giveBack, takeOver } from './take-over.ts'

/** Kinds of other layers, which hooks leave to commands. */
const beyond: ReadonlySet<string> = new Set(['init', 'init-remove'])

/**
 * Finishes or undoes what a process left that died in the middle of it, whichever command or hook comes next. What a living process is
 * at, or one nobody can look at from here unless somebody said that it is gone, is left to it. Costs two directory reads where there is nothing.
 */
export async function recoverOperations(context: Context, outOfSight: 'kept' | 'gone' = 'kept'): Promise<Finding[]> {
  const commonDir = commonDirOf(context)
  const own = await readOwnIdentity()
  // in nobody's way where they stay
  await sweepMemory(commonDir).catch(() => {})
  const [{ entries, strange }, holder] = await Promise.all([loadJournal(commonDir), findDeadHolder(commonDir, own)])
  if (entries.length === 0 && strange.length === 0 && holder === undefined) return []
  const findings: Finding[] = []
  const place = { commonDir, sessionsDir: context.sessionsDir, folders: [] }
  if (holder !== undefined) await sweepAfter(place, [holder.pid])
  for (const { file, reason } of strange) findings.push(await setAside(commonDir, file, reason))
  const left: JournalEntry[] = []
  // an operation begun inside another one comes first: the outer one goes by what became of it
  for (const entry of entries.toReversed()) {
    const liveness = await probeLiveness(entry.owner, own)
    if (liveness === 'unknown' && outOfSight === 'kept') findings.push(leftAlone(entry))
    if (liveness === 'alive' || (liveness === 'unknown' && outOfSight === 'kept')) continue
    if (!beyond.has(entry.kind) || context.recoveries !== undefined) left.push(entry)
  }
  // first: whoever takes them over may be killed as well, and then nobody would know whose these are
  for (const entry of left) await sweepAfter({ ...place, folders: placesOf(entry) }, [entry.owner.pid])
  const taken = await takeOver(context, left, own).catch((error: Error) => {
    if (error instanceof FlightRulesError && error.kind === 'interrupted') throw error
    findings.push(...left.map((entry) => recoveryFailed(entry, error)))
    return []
  })
  for (const entry of taken) {
    await stopOrphans(entry.op)
    // first: a folder with scratch files in it is not the empty one it was
    await sweepAfter({ ...place, folders: placesOf(entry) }, [entry.owner.pid])
    findings.push(...(await healGitLocks(context, entry)), ...(await recoverEntry(context, entry)))
  }
  return findings
}

async function recoverEntry(context: Context, entry: JournalEntry): Promise<Finding[]> {
  const commonDir = commonDirOf(context)
  const { recoveriesOf } = await import('./recoveries.ts')
  const recoveries = [...recoveriesOf(context), ...((await context.recoveries?.(context)) ?? [])]
  const recovery = recoveries.find((one) => one.kind === entry.kind)
  const file = entryFile(commonDir, entry.op)
  if (recovery === undefined) return [await setAside(commonDir, file, `there is no operation ${JSON.stringify(entry.kind)}`)]
  const lock = { operation: `recover ${entry.kind}`, waitMs: context.lockWaitMs ?? 5_000, signal: context.signal }
  try {
    const done = await withLock(commonDir, lock, async () => {
      // another command may have been here first
      const still = (await loadJournal(commonDir)).entries.some(({ op }) => op === entry.op)
      return still ? recovery.recover(entry) : undefined
    })
    if (done === undefined) return []
    await done.finish()
    await closeJournal(commonDir, entry.op)
    const { message, hint } = done
    const { id, uuid } = entry.facts
    await appendHistory(commonDir, {
      at: context.now().toISOString(),
      event: 'recovered',
      id: typeof id === 'string' ? id : '',
      uuid: typeof uuid === 'string' ? uuid : '',
      operation: entry.kind,
      of: entry.op,
      outcome: done.outcome,
    })
    return [
      { code: 'RECOVERED', message, ...(hint === undefined ? {} : { hint }), details: { op: entry.op } },
      ...(done.findings?.() ?? []),
    ]
  } catch (error) {
    if (error instanceof StrangeEntryError) return [await setAside(commonDir, file, error.message)]
    await giveBack(commonDir, entry)
    if (error instanceof FlightRulesError && error.kind === 'interrupted') throw error
    return [recoveryFailed(entry, error as Error)]
  }
}

/** Directories of the worktree an operation is about in which it writes. */
function placesOf({ facts, steps }: JournalEntry): string[] {
  const path = facts['path']
  if (typeof path !== 'string' || !isAbsolute(path)) return []
  const files = steps.flatMap((step) => (typeof step['file'] === 'string' ? [step['file']] : []))
  const session = facts['session']
  const log = typeof session === 'object' && session !== null && 'sessionLog' in session ? session.sessionLog : null
  if (typeof log === 'string') files.push(log)
  return [path, ...files.map((file) => dirname(join(path, file)))]
}

async function setAside(commonDir: string, file: string, reason: string): Promise<Finding> {
  const kept = await quarantine(commonDir, file).catch(() => file)
  return {
    code: 'JOURNAL_QUARANTINED',
    message: `a journal file was set aside and not acted on: ${reason}`,
    hint: `look at it: ${kept}`,
    details: { file, kept, reason },
  }
}

function leftAlone(entry: JournalEntry): Finding {
  return {
    code: 'OPERATION_OUT_OF_SIGHT',
    message: `${entry.kind} is under way in process ${entry.owner.pid} on ${entry.owner.host}, or was when it stopped; from here nobody can tell, so it was left alone`,
    hint: 'run any flightrules command there; if it is gone for good: flightrules unlock',
    details: { op: entry.op, owner: { ...entry.owner } },
  }
}

function recoveryFailed(entry: JournalEntry, error: Error): Finding {
  const hint =
    error instanceof FlightRulesError && error.hint !== undefined ? error.hint : 'settle that; the next command tries again'
  return {
    code: 'RECOVERY_FAILED',
    message: `an interrupted operation (${entry.kind}) could not be settled yet: ${error.message}`,
    hint,
    details: { op: entry.op, kind: entry.kind },
  }
}
