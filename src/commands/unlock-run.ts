import { FlightRulesError } from '../errors.ts'
import { inspectLock, type LockReport, releaseAbandonedLock } from '../operations/abandoned-lock.ts'
import { listOutOfSight } from '../operations/journal.ts'
import { describeHolder } from '../operations/lock-files.ts'
import { readOwnIdentity } from '../operations/process-identity.ts'
import { recoverOperations } from '../sessions/recover/recover-operations.ts'
import { requireLocation } from '../sessions/require-location.ts'
import { renderUnlock } from '../ui/views/unlock-view.ts'
import type { Invocation, Outcome } from './command.ts'
import { openRepository } from './open-repository.ts'

/** Decides nothing that a machine cannot know: whether a holder out of sight is gone, a person says. */
export async function runUnlock(invocation: Invocation): Promise<Outcome> {
  const isGone = invocation.options['holderIsGone'] === true
  const { commonDir } = await requireLocation(invocation.cwd)
  const own = await readOwnIdentity()
  const report = await inspectLock(commonDir, own)
  const operations = await listOutOfSight(commonDir, own)
  if (report.liveness === 'alive') throw stillAlive(report)
  if (!isGone && (report.liveness === 'unknown' || operations.length > 0)) throw outOfSight(report, operations.length)
  const { holder, liveness, generation } = report
  const settles = operations.map(({ op, kind }) => ({ op, kind }))
  if (invocation.dryRun) {
    const steps = liveness === null ? [] : [{ kind: 'free-lock', generation, undo: 'nothing to take back' }]
    const recover = settles.map((step) => ({ ...step, kind: 'recover', operation: step.kind, undo: 'nothing to take back' }))
    const plan = { version: 1, command: 'unlock', steps: [...steps, ...recover], choices: [] }
    return { data: { plan }, view: (screen) => screen.answer(renderUnlock(report, settles, 'would')) }
  }
  if (liveness !== null && !(await releaseAbandonedLock(commonDir, generation))) throw cannotRelease(report)
  const findings = settles.length === 0 ? [] : await recoverOperations((await openRepository(invocation)).context, 'gone')
  return {
    data: { released: liveness !== null, holder, liveness, settled: settles },
    findings,
    view: (screen) => screen.answer(renderUnlock(report, settles, 'did')),
  }
}

function stillAlive({ holder, liveness }: LockReport): FlightRulesError {
  return new FlightRulesError({
    kind: 'busy',
    code: 'BUSY',
    message: `the lock of this repository is held ${describeHolder(holder ?? undefined)}, and that process is alive; it was left alone`,
    hint: `wait for it, or end it: kill ${holder?.pid ?? ''}`.trimEnd(),
    details: { holder, liveness },
  })
}

function outOfSight({ holder, liveness }: LockReport, operations: number): FlightRulesError {
  const lock = liveness === null ? [] : [`the lock of this repository is held ${describeHolder(holder ?? undefined)}`]
  const left =
    operations === 0 ? [] : [`${operations === 1 ? 'an operation' : `${operations} operations`} of processes out of sight`]
  return new FlightRulesError({
    kind: 'decision',
    code: 'HOLDER_OUT_OF_SIGHT',
    message: `${[...lock, ...left].join('; and there is left ')}: on another machine or in a container, so that nobody can tell from here whether it goes on`,
    hint: 'look there; if it still runs, wait for it or run flightrules there',
    choices: [{ flag: '--holder-is-gone', label: 'it is gone for good: release the lock and settle what it left', risky: true }],
    details: { holder, liveness, operations },
  })
}

function cannotRelease({ holder, liveness }: LockReport): FlightRulesError {
  return new FlightRulesError({
    kind: 'failed',
    code: 'LOCK_NOT_RELEASED',
    message: 'the lock could not be released: nothing can be written into its folder in the git directory',
    hint: 'make the git directory writable, then run the command again',
    details: { holder, liveness },
  })
}
