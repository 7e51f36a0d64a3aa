import { existsSync } from 'node:fs'
import { readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { lockDirectory, readLockState, readOwner } from './lock-files.ts'
import { type ProcessIdentity, probeLiveness, processExists } from './process-identity.ts'

/**
 * The process that died with the lock in its hands and has not been overtaken yet, undefined when there is none: what it was writing then
 * lies about. Locks written aside by processes that died before they could take them are removed.
 */
export async function findDeadHolder(commonDir: string, own: ProcessIdentity): Promise<ProcessIdentity | undefined> {
  const directory = lockDirectory(commonDir)
  await removeUntaken(directory, own)
  const state = existsSync(directory) ? readLockState(directory) : undefined
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
