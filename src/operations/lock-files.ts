import { randomBytes } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { link, open, readdir, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { atFailpoint, reachFailpoint } from '../files/failpoint.ts'
import { hasFields, isText, orNull } from '../files/shape.ts'
import type { ProcessIdentity } from './process-identity.ts'

export interface LockOwner extends ProcessIdentity {
  readonly operation: string
  readonly since: string
}

export interface LockState {
  readonly generation: number
  readonly held: boolean
}

const isOwner = hasFields({
  pid: (value) => Number.isSafeInteger(value) && (value as number) > 0,
  startTime: orNull(isText),
  bootId: orNull(isText),
  pidNamespace: orNull(isText),
  host: isText,
  operation: isText,
  since: isText,
})

/** More digits are no number of ours: they could not be counted on. */
const generationName = /^(lock|free)\.(\d{1,15})$/

export function lockDirectory(commonDir: string): string {
  return join(commonDir, 'flightrules', 'lock')
}

/** Without a detour through other threads: who waits does little else, and does it often. */
export function readLockState(directory: string): LockState {
  let generation = 0
  let held = false
  for (const name of readdirSync(directory)) {
    const match = generationName.exec(name)
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
export function isNewest(directory: string, { generation, held }: LockState, next: number): boolean {
  if (readLockState(directory).generation !== next) return false
  return generation === 0 || existsSync(join(directory, `${held ? 'lock' : 'free'}.${generation}`))
}

export async function createLock(directory: string, generation: number, owner: LockOwner): Promise<boolean> {
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

/** Who wrote a lock; undefined when it cannot be read, or is not what an owner writes. */
export async function readOwner(directory: string, name: string): Promise<LockOwner | undefined> {
  const text = await readFile(join(directory, name), 'utf8').catch(() => '')
  try {
    const owner: unknown = JSON.parse(text)
    return isOwner(owner) ? (owner as LockOwner) : undefined
  } catch {
    return undefined
  }
}

/** Ends a generation, by making the next. False where that could not be written. */
export async function freeLock(directory: string, generation: number): Promise<boolean> {
  const handle = await atFailpoint('write:free', () => open(join(directory, `free.${generation + 1}`), 'wx')).catch(
    () => undefined,
  )
  // a release that cannot be written leaves the lock to be taken over once this process is gone; the numbers must go on
  if (handle === undefined) return false
  await handle.close()
  await removeOlder(directory, generation + 1)
  return true
}

/** Lowest number first: that one is gone proves to `isNewest` that those before it are. */
export async function removeOlder(directory: string, generation: number): Promise<void> {
  const older = (await readdir(directory))
    .map((name) => ({ name, number: Number(generationName.exec(name)?.[2] ?? generation) }))
    .filter(({ number }) => number < generation)
    .toSorted((a, b) => a.number - b.number)
  for (const { name } of older) await atFailpoint('unlink:lock', () => unlink(join(directory, name))).catch(() => {})
}

/** `since 2026-01-02T03:04:05Z: process 7 on far-away (start x)`. */
export function describeHolder(holder: LockOwner | undefined): string {
  if (holder === undefined) return 'since an unknown time: a holder that cannot be read'
  return `since ${holder.since}: process ${holder.pid} on ${holder.host} (${holder.operation})`
}
