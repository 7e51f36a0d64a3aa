import { randomBytes } from 'node:crypto'
import { open, readFile, rename, stat, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { FlightRulesError } from '../errors.ts'
import { quoteForShell } from '../files/quote-for-shell.ts'
import { reachFailpoint } from '../files/failpoint.ts'
import { copyIndex } from './index-copy.ts'

export interface IndexPlace {
  /** The worktree's own git directory. */
  readonly gitDir: string
  /** Written into the lock, so that whoever recovers knows it for ours. */
  readonly token: string
}

/** A copy of the index that becomes the index, while nobody else can write it. */
export interface HeldIndex {
  /** Makes git work on the copy. */
  readonly env: Readonly<Record<string, string>>
  /** Puts the copy in the place of the index. */
  replace(): Promise<void>
}

/** Milliseconds another git may take for what it is at: longer than a commit without slow hooks. */
const patience = 3_000

/**
 * Holds the index of a worktree as git itself does while it checks out: no commit, add or checkout of anybody starts meanwhile.
 * @throws FlightRulesError INDEX_LOCKED (exit 5) when somebody else does not let go of it.
 */
export async function withHeldIndex<T>(place: IndexPlace, work: (held: HeldIndex) => Promise<T>): Promise<T> {
  const { gitDir, token } = place
  const index = join(gitDir, 'index')
  await takeLock(lockOf(place), token)
  const scratch = join(gitDir, `.index.${process.pid}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await copyIndex(index, scratch)
    return await work({
      env: { GIT_INDEX_FILE: scratch },
      async replace() {
        reachFailpoint('replace:index')
        await rename(scratch, index)
      },
    })
  } finally {
    await remove(scratch)
    await freeHeldIndex(place)
  }
}

/** Takes away the lock of a holder with this token, which must be at its end; anybody else's stays. */
export async function freeHeldIndex(place: IndexPlace): Promise<void> {
  if (!(await isIndexHeld(place))) return
  reachFailpoint('unlink:index-lock')
  await remove(lockOf(place))
}

/** Whether the lock is there and has this token. */
export async function isIndexHeld(place: IndexPlace): Promise<boolean> {
  return (await readFile(lockOf(place), 'utf8').catch(() => '')) === place.token
}

function lockOf({ gitDir }: IndexPlace): string {
  return join(gitDir, 'index.lock')
}

async function takeLock(lock: string, token: string): Promise<void> {
  const started = performance.now()
  for (let delay = 15; ; delay = Math.min(delay * 2, 500)) {
    try {
      return await createLock(lock, token)
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
      if (performance.now() - started > patience) throw await locked(lock, error)
    }
    await sleep(delay * (0.5 + Math.random()))
  }
}

async function createLock(lock: string, token: string): Promise<void> {
  reachFailpoint('hold:index')
  const handle = await open(lock, 'wx')
  try {
    await handle.writeFile(token)
  } catch (error) {
    await remove(lock)
    throw error
  } finally {
    await handle.close()
  }
}

async function remove(file: string): Promise<void> {
  await unlink(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}

async function locked(path: string, cause: unknown): Promise<FlightRulesError> {
  const stats = await stat(path).catch(() => undefined)
  const age = stats === undefined ? null : Math.max(0, Math.round((Date.now() - stats.mtimeMs) / 1000))
  return new FlightRulesError({
    kind: 'busy',
    code: 'INDEX_LOCKED',
    message: `${path} is there${age === null ? '' : ` since ${age} seconds`}: another git is at work in that worktree, or was killed; nothing was changed`,
    hint: `wait for it, then run the command again; once no git works there any more: rm ${quoteForShell(path)}`,
    details: { lock: path, age },
    cause,
  })
}
