import { execFile } from 'node:child_process'
import { constants, copyFile, lstat, mkdir, readdir, readlink, symlink, utimes } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { isThere } from './contained-path.ts'

const execute = promisify(execFile)

/** At most this many file operations under way: more only fill the memory. */
const parallel = 16

/**
 * Copies a directory to a name that is not there yet: copy-on-write where the file system can, else bytes; never hard
 * links to the source. Symlinks stay as they are written, pipes and sockets are left out, modes and times are kept.
 * The system's own `cp` is a third faster than we are with many small files; where it does not know the flags we copy.
 * @throws when anything could not be copied; what was made so far is the caller's to remove.
 */
export async function copyTree(source: string, destination: string, signal?: AbortSignal): Promise<void> {
  const flags = cpFlags[process.platform]
  if (flags !== undefined) {
    try {
      await execute('cp', [...flags, '--', source, destination], {
        maxBuffer: 1 << 26,
        ...(signal === undefined ? {} : { signal }),
      })
      await removeSpecialFiles(destination)
      return
    } catch (error) {
      if (signal?.aborted === true) throw error
      // busybox: it did nothing but print its usage
      if (await isThere(destination)) throw new Error(firstLine(error), { cause: error })
    }
  }
  await copyTreeOurselves(source, destination, signal)
}

const cpFlags: Readonly<Record<string, readonly string[]>> = {
  linux: ['-a', '--reflink=auto'],
  darwin: ['-cRp'],
}

/** The copy for systems without a `cp` that can; the same result. */
export async function copyTreeOurselves(source: string, destination: string, signal?: AbortSignal): Promise<void> {
  const limit = limiter(parallel)
  const copyDirectory = async (from: string, to: string): Promise<void> => {
    signal?.throwIfAborted()
    const entries = await limit(async () => {
      await mkdir(to)
      return readdir(from, { withFileTypes: true })
    })
    await Promise.all(
      entries.map((entry) => {
        const [a, b] = [join(from, entry.name), join(to, entry.name)]
        if (entry.isDirectory()) return copyDirectory(a, b)
        if (entry.isSymbolicLink()) return limit(async () => symlink(await readlink(a), b))
        return entry.isFile() ? limit(() => copyOne(a, b)) : undefined
      }),
    )
    await limit(() => keepTimes(from, to))
  }
  await copyDirectory(source, destination)
}

async function copyOne(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
  await keepTimes(from, to)
}

/** Build tools compare times: a copy that looks newer is built again. */
async function keepTimes(from: string, to: string): Promise<void> {
  const stats = await lstat(from)
  await utimes(to, stats.atime, stats.mtime)
}

/** `cp` makes new pipes and sockets; nobody is at their other end. */
async function removeSpecialFiles(directory: string): Promise<void> {
  await execute('find', [directory, '(', '-type', 'p', '-o', '-type', 's', ')', '-delete']).catch(() => {})
}

function firstLine(error: unknown): string {
  const { stderr, message } = error as Error & { stderr?: string }
  return (stderr ?? '').trim().split('\n')[0] || message
}

function limiter(size: number): <T>(task: () => Promise<T>) => Promise<T> {
  const waiting: (() => void)[] = []
  let active = 0
  return async (task) => {
    if (active >= size) await new Promise<void>((resolve) => waiting.push(resolve))
    else active += 1
    try {
      return await task()
    } finally {
      const next = waiting.shift()
      if (next === undefined) active -= 1
      else next()
    }
  }
}
