import { readdir, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** Bytes of the files in a folder and below; `complete` is false when the time was up before all was seen. */
export async function measureFolder(folder: string, deadline: number): Promise<{ bytes: number; complete: boolean }> {
  let bytes = 0
  const waiting = [folder]
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    if (performance.now() > deadline) return { bytes, complete: false }
    const entries = await readdir(next, { withFileTypes: true }).catch(() => [])
    const files = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name))
    waiting.push(...entries.filter((entry) => entry.isDirectory()).map((entry) => join(entry.parentPath, entry.name)))
    const sizes = await Promise.all(files.map(async (file) => (await stat(file).catch(() => undefined))?.size ?? 0))
    bytes += sizes.reduce((sum, size) => sum + size, 0)
  }
  return { bytes, complete: true }
}
