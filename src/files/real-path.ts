import { realpath } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** A path with the symbolic links of the part that exists resolved: as git will name it once the rest is made. */
export async function resolveExisting(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined)
  if (real !== undefined) return real
  const parent = dirname(path)
  return parent === path ? path : join(await resolveExisting(parent), basename(path))
}
