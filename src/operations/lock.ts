import { access, constants, mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FlightRulesError } from '../errors.ts'
import {
  createLock,
  describeHolder,
  freeLock,
  isNewest,
  lockDirectory,
  type LockOwner,
  readLockState,
  removeOlder,
} from './lock-files.ts'
import { isOutOfSight, lookAt, noSighting } from './lock-sighting.ts'
import { type ProcessIdentity, readOwnIdentity } from './process-identity.ts'
import { sweepAfter } from './sweep.ts'

/**
 * Milliseconds from one look at the lock to the next: short for who has just come, longer for who has waited long. Fifty that look every
 * few milliseconds leave the one that works no processor to work with.
 */
function nextLook(waited: number): number {
  return Math.min(5 + waited / 20, 80) * (0.5 + Math.random())
}

/** Milliseconds to wait for one holder, where nobody said how long: as long as others come and go, it is a queue that moves. */
const patienceMs = 60_000

/** Locks of this process that it could not release, on a full disk say; it would wait for itself. */
const givenUp = new Set<string>()

/**
 * The repository's lock: numbered generations in `<common>/flightrules/lock`. Taking it is creating `lock.<n+1>`
 * exclusively, with the owner already written; releasing it is creating `free.<n+1>`. Nothing is decided by a clock, so a
 * suspended holder is never overtaken; a holder that is proven dead is. Only older generations are ever deleted.
 */
export async function withLock<T>(
  commonDir: string,
  /** `waitMs`: in all. Without it one holder is waited for a minute, however many there are. */
  options: { operation: string; waitMs?: number | undefined; signal?: AbortSignal | undefined },
  work: () => Promise<T>,
): Promise<T> {
  const directory = lockDirectory(commonDir)
  await mkdir(directory, { recursive: true }).catch((error: Error) => refuseReadOnly(commonDir, error))
  const own = await readOwnIdentity()
  const owner: LockOwner = { ...own, operation: options.operation, since: new Date().toISOString() }
  const { generation, overtaken } = await acquire(directory, owner, own, options.waitMs, options.signal)
  try {
    // nobody will meet that holder again
    if (overtaken !== undefined) await sweepAfter({ commonDir, folders: [] }, [overtaken.pid])
    return await work()
  } finally {
    if (!(await freeLock(directory, generation))) givenUp.add(join(directory, `lock.${generation}`))
  }
}

async function acquire(
  directory: string,
  owner: LockOwner,
  own: ProcessIdentity,
  waitMs: number | undefined,
  signal: AbortSignal | undefined,
): Promise<{ generation: number; overtaken: LockOwner | undefined }> {
  const started = performance.now()
  let seen = noSighting(started)
  for (;;) {
    signal?.throwIfAborted()
    const state = readLockState(directory)
    const now = performance.now()
    const isGivenUp = givenUp.has(join(directory, `lock.${state.generation}`))
    if (state.held && !isGivenUp) seen = await lookAt(directory, state.generation, seen, own, now)
    if (!state.held || isGivenUp || seen.liveness === 'dead') {
      const next = state.generation + 1
      if ((await createLock(directory, next, owner)) && isNewest(directory, state, next)) {
        await removeOlder(directory, next)
        return { generation: next, overtaken: state.held && !isGivenUp ? seen.holder : undefined }
      }
      continue
    }
    const { holder, liveness, since } = seen
    const isOver = waitMs === undefined ? now - since > patienceMs : now - started > waitMs
    if (isOver || isOutOfSight(seen, now)) throw busy(holder, liveness, join(directory, `lock.${state.generation}`))
    await sleep(nextLook(now - started))
  }
}

/** Making folders in one that is read-only fails with many words, none of which is that. */
async function refuseReadOnly(commonDir: string, cause: Error): Promise<never> {
  const reason = await access(commonDir, constants.W_OK).then(
    () => undefined,
    (error: NodeJS.ErrnoException) => (error.code === 'EROFS' ? 'its file system is read-only' : 'it cannot be written to'),
  )
  if (reason === undefined) throw cause
  throw new FlightRulesError({
    kind: 'failed',
    code: 'GIT_DIRECTORY_READ_ONLY',
    message: `nothing was done: the git directory ${commonDir} is needed for it, and ${reason}`,
    hint: 'make it writable, then run the command again',
    details: { commonDir },
    cause,
  })
}

function busy(holder: LockOwner | undefined, liveness: 'alive' | 'unknown', file: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'busy',
    code: 'BUSY',
    message: `another operation holds the lock of this repository ${describeHolder(holder)}`,
    hint:
      liveness === 'alive'
        ? 'wait for it to end, then run the command again'
        : 'it runs on another machine or in a container, so whether it is alive cannot be seen from here; once you know that it is gone: flightrules unlock',
    details: { holder: holder ?? null, liveness, file },
  })
}
