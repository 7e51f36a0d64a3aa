import { readdir, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { reachFailpoint } from './failpoint.ts'

/** What `replaceFile` calls a file it has not put in its place yet. */
const asidePattern = /^\..+\.(\d+)\.[0-9a-f]{12}\.tmp$/

/** The process that was writing it, undefined where it is no such file. */
export function asideOwner(name: string): number | undefined {
  const pid = asidePattern.exec(name)?.[1]
  return pid === undefined ? undefined : Number(pid)
}

/** Takes away what processes that are proven dead were still writing, directly in these directories; nobody has been told of it. */
export async function removeAsides(directories: readonly string[], pids: ReadonlySet<number>): Promise<void> {
  for (const directory of new Set(directories)) {
    for (const name of await readdir(directory).catch(() => [])) {
      if (!pids.has(asideOwner(name) ?? 0)) continue
      reachFailpoint('unlink:aside')
      await unlink(join(directory, name)).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'ENOENT') throw error
      })
    }
  }
}
