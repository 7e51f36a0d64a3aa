import { mkdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { reachFailpoint } from '../files/failpoint.ts'
import { replaceFile } from '../files/replace-file.ts'

/** Files git reads for the main and every linked worktree, and nobody commits. */
export type InfoFile = 'exclude' | 'attributes'

/** Somebody who holds the lock this long was killed: the work under it takes a few milliseconds. */
const abandonedAfter = 10_000

/**
 * Changes `<commonDir>/info/<name>`; `change` gives undefined where nothing is to be changed.
 * @returns whether the file was changed.
 * @throws the file system's error when it cannot be read or written.
 */
export async function changeInfoFile(
  commonDir: string,
  name: InfoFile,
  change: (bytes: Buffer) => Buffer | undefined,
): Promise<boolean> {
  const file = await locateInfoFile(commonDir, name)
  if (change(await readIfThere(file)) === undefined) return false
  const release = await holdFile(infoLock(commonDir, name), name)
  try {
    const next = change(await readIfThere(file))
    if (next !== undefined) await replaceFile(file, next)
    return next !== undefined
  } finally {
    await release()
  }
}

/** What it holds; nothing where it is not there. */
export async function readInfoFile(commonDir: string, name: InfoFile): Promise<Buffer> {
  return readIfThere(await locateInfoFile(commonDir, name))
}

/** Some people link theirs to a file of their own: what it leads to is replaced, the link stays. */
export async function locateInfoFile(commonDir: string, name: InfoFile): Promise<string> {
  const named = join(commonDir, 'info', name)
  return realpath(named).catch(() => named)
}

/** Held while the file is replaced; it says by which process. */
export function infoLock(commonDir: string, name: InfoFile): string {
  return join(commonDir, 'info', `${name}.flightrules-lock`)
}

async function readIfThere(file: string): Promise<Buffer> {
  return readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return Buffer.alloc(0)
    throw error
  })
}

/**
 * Keeps two of us from replacing each other's file. A lock that was left behind is taken over; the worst that can come of
 * that is a line lost, which the next call puts back.
 */
async function holdFile(lock: string, name: InfoFile): Promise<() => Promise<void>> {
  await mkdir(dirname(lock), { recursive: true })
  for (;;) {
    try {
      reachFailpoint(`hold:${name}`)
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
