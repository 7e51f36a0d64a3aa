import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { link, mkdir, open, readdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { atFailpoint, reachFailpoint } from '../files/failpoint.ts'
import { FlightRulesError } from '../errors.ts'
import { quoteForShell } from '../files/quote-for-shell.ts'
import { type ProcessIdentity, probeLiveness, processExists, readOwnIdentity } from './process-identity.ts'

interface LockOwner extends ProcessIdentity {
  readonly operation: string
  readonly since: string
}

interface LockState {
  readonly generation: number
  readonly held: boolean
}

/**
 * Milliseconds from one look at the lock to the next: short for who has just come, longer for who has waited long. Fifty that look every
 * few milliseconds leave the one that works no processor to work with.
 */
function nextLook(waited: number): number {
  return Math.min(5 + waited / 20, 80) * (0.5 + Math.random())
}

/** Milliseconds to wait for one holder, where nobody said how long: as long as others come and go, it is a queue that moves. */
const patienceMs = 60_000

/** Milliseconds after which a holder that was alive is looked at again. */
const lookAgainMs = 500

/** Milliseconds to wait for one holder nobody can look at: it may be gone for good, and no wait would tell. */
const unknownWaitMs = 3_000

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
  const directory = join(commonDir, 'flightrules', 'lock')
  await mkdir(directory, { recursive: true })
  const own = await readOwnIdentity()
  const owner: LockOwner = { ...own, operation: options.operation, since: new Date().toISOString() }
  const generation = await acquire(directory, owner, own, options.waitMs, options.signal)
  try {
    return await work()
  } finally {
    await release(directory, generation)
  }
}

async function acquire(
  directory: string,
  owner: LockOwner,
  own: ProcessIdentity,
  waitMs: number | undefined,
  signal: AbortSignal | undefined,
): Promise<number> {
  const started = performance.now()
  let seen: Sighting = { generation: -1, since: started, lookedAt: 0, holder: undefined, liveness: 'dead' }
  for (;;) {
    signal?.throwIfAborted()
    const state = readState(directory)
    const now = performance.now()
    if (state.held) seen = await lookAt(directory, state.generation, seen, own, now)
    if (!state.held || seen.liveness === 'dead') {
      const next = state.generation + 1
      if ((await createLock(directory, next, owner)) && isNewest(directory, state, next)) {
        await removeOlder(directory, next)
        return next
      }
      continue
    }
    const { holder, liveness, since } = seen
    const isOver = waitMs === undefined ? now - since > patienceMs : now - started > waitMs
    if (isOver || (liveness === 'unknown' && now - since > unknownWaitMs))
      throw busy(holder, liveness, join(directory, `lock.${state.generation}`))
    await sleep(nextLook(now - started))
  }
}

interface Sighting {
  readonly generation: number
  /** When this generation was first seen held, and its holder last looked at. */
  readonly since: number
  readonly lookedAt: number
  readonly holder: LockOwner | undefined
  readonly liveness: 'alive' | 'dead' | 'unknown'
}

/** Who holds the lock. One that lived a moment ago is not asked again for the same generation. */
async function lookAt(
  directory: string,
  generation: number,
  seen: Sighting,
  own: ProcessIdentity,
  now: number,
): Promise<Sighting> {
  const isSame = seen.generation === generation
  if (isSame && seen.liveness === 'alive' && now - seen.lookedAt < lookAgainMs) return seen
  const holder = await readOwner(directory, `lock.${generation}`)
  const liveness = holder === undefined ? 'unknown' : await probeLiveness(holder, own)
  return { generation, since: isSame ? seen.since : now, lookedAt: now, holder, liveness }
}

/** Without a detour through other threads: who waits does little else, and does it often. */
function readState(directory: string): LockState {
  let generation = 0
  let held = false
  for (const name of readdirSync(directory)) {
    const match = /^(lock|free)\.(\d+)$/.exec(name)
    const found = Number(match?.[2] ?? 0)
    if (match === null || found < generation) continue
    // a lock and its release never share a number
    generation = found
    held = match[1] === 'lock'
  }
  return { generation, held }
}

/**
 * Whether the lock just made continues what was read. A process that slept since then may have made a number that was used and
 * removed long ago; the one before it was removed first.
 */
function isNewest(directory: string, { generation, held }: LockState, next: number): boolean {
  if (readState(directory).generation !== next) return false
  return generation === 0 || existsSync(join(directory, `${held ? 'lock' : 'free'}.${generation}`))
}

async function createLock(directory: string, generation: number, owner: LockOwner): Promise<boolean> {
  const content = JSON.stringify(owner)
  const aside = join(directory, `.${process.pid}.${randomBytes(6).toString('hex')}`)
  const target = join(directory, `lock.${generation}`)
  try {
    reachFailpoint('write:lock')
    await writeFile(aside, content, { flag: 'wx' })
    reachFailpoint('link:lock')
    await link(aside, target)
    return true
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code
    if (code === 'EEXIST') return false
    if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'ENOSYS') throw error
    // a file system without hard links: readers take an unfinished file for held by an unknown owner
    return await createDirectly(target, content)
  } finally {
    await unlink(aside).catch(() => {})
  }
}

async function createDirectly(target: string, content: string): Promise<boolean> {
  const handle = await open(target, 'wx').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'EEXIST') return undefined
    throw error
  })
  if (handle === undefined) return false
  try {
    await handle.writeFile(content)
    return true
  } catch (error) {
    await unlink(target).catch(() => {})
    throw error
  } finally {
    await handle.close()
  }
}

async function readOwner(directory: string, name: string): Promise<LockOwner | undefined> {
  const text = await readFile(join(directory, name), 'utf8').catch(() => '')
  try {
    const owner: unknown = JSON.parse(text)
    return typeof owner === 'object' && owner !== null && 'pid' in owner ? (owner as LockOwner) : undefined
  } catch {
    return undefined
  }
}

async function release(directory: string, generation: number): Promise<void> {
  const handle = await atFailpoint('write:free', () => open(join(directory, `free.${generation + 1}`), 'wx')).catch(
    () => undefined,
  )
  // a release that cannot be written leaves the lock to be taken over once this process is gone; the numbers must go on
  if (handle === undefined) return
  await handle.close()
  await removeOlder(directory, generation + 1)
}

/** Lowest number first: that one is gone proves to `isNewest` that those before it are. */
async function removeOlder(directory: string, generation: number): Promise<void> {
  const older = (await readdir(directory))
    .map((name) => ({ name, number: Number(/^(?:lock|free)\.(\d+)$/.exec(name)?.[1] ?? generation) }))
    .filter(({ number }) => number < generation)
    .toSorted((a, b) => a.number - b.number)
  for (const { name } of older) await atFailpoint('unlink:lock', () => unlink(join(directory, name))).catch(() => {})
}

/**
 * The process that died with the lock in its hands and has not been overtaken yet, undefined when there is none: what it was writing then
 * lies about. Locks written aside by processes that died before they could take them are removed.
 */
export async function findDeadHolder(commonDir: string, own: ProcessIdentity): Promise<ProcessIdentity | undefined> {
  const directory = join(commonDir, 'flightrules', 'lock')
  await removeUntaken(directory, own)
  const state = existsSync(directory) ? readState(directory) : undefined
  if (state?.held !== true) return undefined
  const holder = await readOwner(directory, `lock.${state.generation}`)
  return holder !== undefined && (await probeLiveness(holder, own)) === 'dead' ? holder : undefined
}

async function removeUntaken(directory: string, own: ProcessIdentity): Promise<void> {
  for (const name of await readdir(directory).catch(() => [])) {
    const pid = /^\.(\d+)\.[0-9a-f]{12}$/.exec(name)?.[1]
    if (pid === undefined || processExists(Number(pid))) continue
    const owner = await readOwner(directory, name)
    if (owner !== undefined && (await probeLiveness(owner, own)) === 'dead') await unlink(join(directory, name)).catch(() => {})
  }
}

function busy(holder: LockOwner | undefined, liveness: 'alive' | 'unknown', file: string): FlightRulesError {
  const who =
    holder === undefined ? 'a holder that cannot be read' : `process ${holder.pid} on ${holder.host} (${holder.operation})`
  return new FlightRulesError({
    kind: 'busy',
    code: 'BUSY',
    message: `another operation holds the lock of this repository since ${holder?.since ?? 'an unknown time'}: ${who}`,
    hint:
      liveness === 'alive'
        ? 'wait for it to end, then run the command again'
        : `it runs on another machine or in a container, so whether it is alive cannot be seen from here; once you know that it is gone: rm ${quoteForShell(file)}`,
    details: { holder: holder ?? null, liveness, file },
  })
}
