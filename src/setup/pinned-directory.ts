import { constants, open, realpath } from 'node:fs/promises'
import { join } from 'node:path'
import { findSymlink } from './contained-path.ts'

/**
 * Gives `use` a name for the directory `path` below `root` that leads to this very directory until it returns, whatever is
 * renamed or put in its place meanwhile: a branch's own scripts may run beside us. Linux has such names; elsewhere the path is
 * looked at before and after, and only a swap between the two that is taken back in time is not noticed.
 * @throws when a part of the path is a symlink, or became one.
 */
export async function withPinnedDirectory<T>(root: string, path: string, use: (directory: string) => Promise<T>): Promise<T> {
  const directory = join(await realpath(root), path)
  const handle = await open(directory, constants.O_RDONLY | (constants.O_DIRECTORY ?? 0) | (constants.O_NOFOLLOW ?? 0)).catch(
    (error: NodeJS.ErrnoException) => {
      // Windows opens no directories, nobody those they may only pass through
      if (['EISDIR', 'EPERM', 'EACCES'].includes(error.code ?? '')) return undefined
      throw error
    },
  )
  try {
    const name = `/proc/self/fd/${handle?.fd ?? -1}`
    const real = process.platform === 'linux' ? await realpath(name).catch(() => undefined) : undefined
    if (real !== undefined) {
      if (real !== directory) throw swapped(directory)
      return await use(name)
    }
    await requirePlain(root, path)
    const result = await use(directory)
    await requirePlain(root, path)
    return result
  } finally {
    await handle?.close()
  }
}

async function requirePlain(root: string, path: string): Promise<void> {
  const symlink = path === '.' ? undefined : await findSymlink(root, path)
  if (symlink !== undefined) throw swapped(join(root, symlink))
}

function swapped(path: string): Error {
  return new Error(`${path} is a symlink, and what it leads to may be anywhere`)
}
