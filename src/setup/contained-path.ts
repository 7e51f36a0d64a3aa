import { lstat, mkdir } from 'node:fs/promises'
import { isAbsolute, join, posix, sep } from 'node:path'

/**
 * A relative path in git's form (`a/b`), undefined when it is absolute, leaves its root, is the root itself, or leads
 * into a `.git`.
 */
export function findContainedPath(path: string): string | undefined {
  if (path === '' || path.includes('\0') || isAbsolute(path) || posix.isAbsolute(path)) return undefined
  const normal = posix.normalize(sep === '\\' ? path.replaceAll('\\', '/') : path).replace(/\/$/, '')
  if (normal === '.' || normal === '..' || normal.startsWith('../')) return undefined
  // file systems that fold case reach `.git` by any spelling
  if (normal.split('/').some((name) => name.toLowerCase() === '.git')) return undefined
  return normal
}

/**
 * The first component of `path` below `root` that is a symlink, undefined when none is. What is not there is not a
 * symlink. `root` itself may be reached through one.
 */
export async function findSymlink(root: string, path: string): Promise<string | undefined> {
  let current = ''
  for (const name of path.split('/')) {
    current = current === '' ? name : `${current}/${name}`
    const stats = await lstat(join(root, current)).catch(() => undefined)
    if (stats === undefined) return undefined
    if (stats.isSymbolicLink()) return current
  }
  return undefined
}

/** Makes the directories `path` needs below `root`, one by one, so that none is made through a symlink. */
export async function makeParents(root: string, path: string): Promise<void> {
  const names = path.split('/').slice(0, -1)
  let current = root
  for (const name of names) {
    current = join(current, name)
    await mkdir(current).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error
    })
    if (!(await lstat(current)).isDirectory()) throw new Error(`${current} is not a directory`)
  }
}

/** True when something, even a dangling symlink, is there. */
export async function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return false
      throw error
    },
  )
}
