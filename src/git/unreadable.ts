import { constants } from 'node:fs'
import { lstat, open } from 'node:fs/promises'
import { join } from 'node:path'

/** Those of these paths that git could not put into an index: files nobody may read, and pipes, sockets and devices. */
export async function listUnreadable(worktree: string, paths: readonly string[]): Promise<string[]> {
  const unreadable: string[] = []
  for (const path of paths) if (await isUnreadable(join(worktree, path))) unreadable.push(path)
  return unreadable
}

/** Opening a pipe would wait for somebody to write into it, so it is asked for without waiting, and only what is a file. */
async function isUnreadable(path: string): Promise<boolean> {
  try {
    const stats = await lstat(path)
    if (!stats.isFile()) return !stats.isSymbolicLink() && !stats.isDirectory()
    const file = await open(path, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0))
    await file.close()
    return false
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    return code !== 'ENOENT' && code !== 'ENOTDIR'
  }
}
