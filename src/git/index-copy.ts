import { copyFile, mkdtemp, rm, stat, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/**
 * Calls `use` with the variable that makes git work on a copy of the index in this git directory: nobody's index changes. Null for an
 * index with nothing in it.
 */
export async function withIndexCopy<T>(
  gitDir: string | null,
  use: (env: Readonly<Record<string, string>>) => Promise<T>,
): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'flightrules-snapshot-'))
  try {
    const indexFile = join(directory, 'index')
    if (gitDir !== null) await copyIndex(join(gitDir, 'index'), indexFile)
    return await use({ GIT_INDEX_FILE: indexFile })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/**
 * No fsmonitor that may be stale, no post-index-change hook since what changes is a copy nobody knows, no shared part of the index
 * written into a git directory, and no refusal of line ends.
 */
export const quietly = ['fsmonitor=false', 'hooksPath=/dev/null', 'splitIndex=false', 'safecrlf=false'].flatMap((setting) => [
  '-c',
  `core.${setting}`,
])

/**
 * The copy keeps the index's time, rounded down: with a newer one git misses edits made in the moment of its last write,
 * and node rounds to the nearest millisecond.
 */
export async function copyIndex(from: string, to: string): Promise<void> {
  const stats = await stat(from).catch((error: NodeJS.ErrnoException) => {
    // none is an empty one; one nobody may look at is not
    if (error.code === 'ENOENT') return undefined
    throw error
  })
  if (stats === undefined) return
  await copyFile(from, to)
  const second = Math.floor(stats.mtimeMs / 1000)
  await utimes(to, second, second)
}
