import { mkdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { reachFailpoint } from '../files/failpoint.ts'
import { findBlockLines, placeBlock } from '../files/marked-block.ts'
import { replaceFile } from '../files/replace-file.ts'

/** A pattern that matches exactly this path, seen from the top of a worktree. undefined: the syntax cannot name it. */
export function findExcludePattern(path: string): string | undefined {
  if (/[\n\r\0]/.test(path)) return undefined
  return `/${path.replace(/[\\*?[]/g, '\\$&').replace(/ $/, '\\ ')}`
}

/** Somebody who holds the lock this long was killed: the work under it takes a few milliseconds. */
const abandonedAfter = 10_000

/**
 * Adds patterns to our block in `<commonDir>/info/exclude`, which holds for the main and every linked worktree.
 * True when the file was changed.
 * @throws the file system's error when it cannot be written.
 */
export async function excludeFromStatus(input: { commonDir: string; patterns: readonly string[] }): Promise<boolean> {
  const named = join(input.commonDir, 'info', 'exclude')
  // some people link theirs to a file of their own: what it leads to is replaced, the link stays
  const file = await realpath(named).catch(() => named)
  if (addPatterns(await readIfThere(file), input.patterns) === undefined) return false
  const release = await holdFile(excludeLock(input.commonDir))
  try {
    const next = addPatterns(await readIfThere(file), input.patterns)
    if (next !== undefined) await replaceFile(file, next)
    return next !== undefined
  } finally {
    await release()
  }
}

/** Held while the file is replaced; it says by which process. */
export function excludeLock(commonDir: string): string {
  return join(commonDir, 'info', 'exclude.flightrules-lock')
}

/** The file with the patterns in our block, undefined when they are there. */
function addPatterns(bytes: Buffer, patterns: readonly string[]): Buffer | undefined {
  const present = findBlockLines(bytes) ?? []
  const missing = [...new Set(patterns)].filter((pattern) => !present.includes(pattern))
  return missing.length === 0 ? undefined : placeBlock(bytes, [...present, ...missing])
}

async function readIfThere(file: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  })
}

/**
 * Keeps two of us from replacing each other's file. A lock that was left behind is taken over; the worst that can come of
 * that is a pattern lost, which the next call puts back.
 */
async function holdFile(lock: string): Promise<() => Promise<void>> {
  await mkdir(dirname(lock), { recursive: true })
  for (;;) {
    try {
      reachFailpoint('hold:exclude')
      await writeFile(lock, String(process.pid), { flag: 'wx' })
      return () => rm(lock, { force: true })
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    }
    const age = await stat(lock).then(
      (stats) => Date.now() - stats.mtimeMs,
      () => 0,
    )
    if (Math.abs(age) > abandonedAfter) await rm(lock, { force: true })
    else await sleep(5 + Math.random() * 10)
  }
}
