import { chmod, lstat, readdir, readFile } from 'node:fs/promises'
import { sep } from 'node:path'
import { notRemovable } from './gate.ts'

/**
 * What is mounted below a folder is somebody else's.
 * @throws FlightRulesError NOT_REMOVABLE.
 */
export async function requireNoMount(path: string): Promise<void> {
  const mounts = await listMounts()
  const mount = mounts?.find((place) => place === path || place.startsWith(path + sep))
  if (mount !== undefined) throw notRemovable(path, `${mount} is a mount point`)
  const root = await lstat(path).catch(() => undefined)
  if (mounts !== undefined || root?.isDirectory() !== true) return
  await walkFolders(path, (folder, { dev }) => {
    if (dev !== root.dev) throw notRemovable(path, `${folder.toString()} is on another file system`)
  })
}

/** Nobody can delete what is in a folder that may not be written; ours are gone in a moment. */
export async function openFolders(path: string): Promise<void> {
  const root = await lstat(path).catch(() => undefined)
  if (root?.isDirectory() !== true) return
  await walkFolders(path, async (folder, { mode }) => {
    if ((mode & 0o700) !== 0o700) await chmod(folder, mode | 0o700).catch(() => {})
  })
}

type Visit = (folder: Buffer | string, stats: { dev: number; mode: number }) => Promise<void> | void

/** Every folder from the outside in, links not followed; names need not be UTF-8. */
async function walkFolders(root: string | Buffer, visit: Visit): Promise<void> {
  const stats = await lstat(root)
  await visit(root, stats)
  const entries = await readdir(root, { withFileTypes: true, encoding: 'buffer' }).catch(() => [])
  for (const entry of entries) {
    if (entry.isDirectory())
      await walkFolders(Buffer.concat([Buffer.from(root), Buffer.from(sep), Buffer.from(entry.name)]), visit)
  }
}

/** Places where something is mounted, a folder of the same file system too; undefined where the system does not say. */
async function listMounts(): Promise<string[] | undefined> {
  const text = await readFile('/proc/self/mountinfo', 'latin1').catch(() => undefined)
  return text?.split('\n').flatMap((line) => {
    const place = line.split(' ')[4]
    if (place === undefined) return []
    const bytes = place.replace(/\\([0-7]{3})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
    return [Buffer.from(bytes, 'latin1').toString()]
  })
}
