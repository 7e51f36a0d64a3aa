import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { freeLock, lockDirectory, type LockOwner, readLockState, readOwner } from './lock-files.ts'
import { type Liveness, probeLiveness, type ProcessIdentity } from './process-identity.ts'

/** The repository's lock as it stands; nobody is waited for. */
export interface LockReport {
  readonly generation: number
  /** `null` when nobody holds it. */
  readonly liveness: Liveness | null
  /** `null` also when what the holder wrote cannot be read. */
  readonly holder: LockOwner | null
}

export async function inspectLock(commonDir: string, own: ProcessIdentity): Promise<LockReport> {
  const directory = lockDirectory(commonDir)
  const { generation, held } = existsSync(directory) ? readLockState(directory) : { generation: 0, held: false }
  if (!held) return { generation, liveness: null, holder: null }
  const holder = await readOwner(directory, `lock.${generation}`)
  if (holder === undefined) return { generation, liveness: 'unknown', holder: null }
  return { generation, liveness: await probeLiveness(holder, own), holder }
}

/**
 * Ends the generation whose holder is gone. Whoever has taken the lock since keeps it: a newer generation is never touched.
 * @returns whether nobody holds that generation any more.
 */
export async function releaseAbandonedLock(commonDir: string, generation: number): Promise<boolean> {
  const directory = lockDirectory(commonDir)
  await mkdir(directory, { recursive: true })
  const isCurrent = (): boolean => {
    const state = readLockState(directory)
    return state.held && state.generation === generation
  }
  if (isCurrent()) await freeLock(directory, generation)
  return !isCurrent()
}
