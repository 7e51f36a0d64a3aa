import { link, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { reachFailpoint } from '../../files/failpoint.ts'
import { replaceFile } from '../../files/replace-file.ts'

/** The reason a linked worktree is locked for, null when it is not locked. */
export async function readLockMarker(gitDir: string): Promise<string | null> {
  return readFile(join(gitDir, 'locked'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}

/** Locks a worktree that is not locked, and leaves one that is to whoever locked it. */
export async function placeLockMarker(gitDir: string, reason: string): Promise<void> {
  if ((await readLockMarker(gitDir)) !== null) return
  const { randomBytes } = await import('node:crypto')
  // as `replaceFile` calls it, so that whoever finds it knows whose it was
  const aside = join(gitDir, `.locked.${process.pid}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    await writeFile(aside, reason, { flush: true })
    reachFailpoint('link:locked')
    // whole at once, and only where there is none
    await link(aside, join(gitDir, 'locked'))
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    await unlink(aside).catch(() => {})
  }
}

/** What `git worktree lock` and `unlock` do, also for a worktree whose folder is on the move. */
export async function writeLockMarker(gitDir: string, reason: string | null): Promise<void> {
  const file = join(gitDir, 'locked')
  if (reason !== null) return replaceFile(file, reason, { makeDirectory: false })
  await unlink(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}
