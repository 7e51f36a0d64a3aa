import { open, stat } from 'node:fs/promises'

/** Files above this are taken to differ where their times do: git finds out. */
const largest = 4 * 1024 * 1024

/** A file as the file system tells of it, so that it is known again; `-` where there is none. */
export async function readMark(path: string): Promise<string> {
  const stats = await stat(path, { bigint: true }).catch(() => undefined)
  return stats === undefined ? '-' : `${stats.mtimeNs} ${stats.size} ${stats.ino}`
}

/** Whether two files have the same bytes, or neither is there. Nothing is known of what cannot be read, so it differs. */
export async function areAlike(a: string, b: string): Promise<boolean> {
  const [first, second] = await Promise.all([stat(a).catch(() => undefined), stat(b).catch(() => undefined)])
  if (first === undefined || second === undefined) return first === second
  if (!first.isFile() || !second.isFile() || first.size !== second.size || first.size > largest) return false
  const [one, other] = await Promise.all([readWhole(a), readWhole(b)])
  return one !== undefined && other !== undefined && one.equals(other)
}

async function readWhole(path: string): Promise<Buffer | undefined> {
  const handle = await open(path, 'r').catch(() => undefined)
  try {
    return await handle?.readFile()
  } catch {
    return undefined
  } finally {
    await handle?.close()
  }
}
