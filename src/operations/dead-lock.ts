import { readdirSync, readlinkSync } from 'node:fs'
import { lstat, readdir, readFile, unlink } from 'node:fs/promises'
import { reachFailpoint } from '../files/failpoint.ts'

/**
 * Takes away a lock file a git of ours left that was killed: only one that was made after the operation began, and that no process of
 * this machine can be holding: none has it open, and no git is at work in the worktree. Where processes cannot be looked at it stays.
 * @returns whether a lock is there still.
 */
export async function removeDeadLock(
  file: string,
  place: { readonly worktree: string; readonly since: string },
): Promise<boolean> {
  const stats = await lstat(file).catch(() => undefined)
  if (stats === undefined) return false
  // file systems round times down, to a whole second at worst
  if (!stats.isFile() || stats.mtimeMs < Date.parse(place.since) - 1_000) return true
  if ((await isHeld(file, place.worktree)) !== 'no') return true
  reachFailpoint('unlink:dead-lock')
  await unlink(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
  return false
}

/** git closes a lock while hooks and editors run, so a git that stands in the worktree may hold it as well. */
async function isHeld(file: string, worktree: string): Promise<'no' | 'perhaps'> {
  const names: readonly string[] = await readdir('/proc').catch(() => [])
  if (!names.includes('self')) return 'perhaps'
  for (const pid of names) {
    if (!/^\d+$/.test(pid) || Number(pid) === process.pid) continue
    const name = await readFile(`/proc/${pid}/comm`, 'utf8').catch(() => '')
    if (name.startsWith('git') && mayStandIn(pid, worktree)) return 'perhaps'
    if (openFiles(pid).includes(file)) return 'perhaps'
  }
  return 'no'
}

/** Another user's may stand anywhere. */
function mayStandIn(pid: string, worktree: string): boolean {
  try {
    const cwd = readlinkSync(`/proc/${pid}/cwd`)
    return cwd === worktree || cwd.startsWith(`${worktree}/`)
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EACCES'
  }
}

function openFiles(pid: string): string[] {
  try {
    return readdirSync(`/proc/${pid}/fd`).flatMap((fd) => readLink(`/proc/${pid}/fd/${fd}`) ?? [])
  } catch {
    return []
  }
}

function readLink(path: string): string | undefined {
  try {
    return readlinkSync(path)
  } catch {
    return undefined
  }
}
