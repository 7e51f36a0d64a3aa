import { readFile, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '../../files/replace-file.ts'

/** The reason a linked worktree is locked for, null when it is not locked. */
export async function readLockMarker(gitDir: string): Promise<string | null> {
  return readFile(join(gitDir, 'locked'), 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
}

/** What `git worktree lock` and `unlock` do, also for a worktree whose folder is on the move. */
export async function writeLockMarker(gitDir: string, reason: string | null): Promise<void> {
  const file = join(gitDir, 'locked')
  if (reason !== null) return replaceFile(file, reason, { makeDirectory: false })
  await unlink(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}
