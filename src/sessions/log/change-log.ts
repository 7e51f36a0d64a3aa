import { isUtf8 } from 'node:buffer'
import { basename, join, posix } from 'node:path'
import { readRegular } from '../../files/read-regular.ts'
import { replaceFile } from '../../files/replace-file.ts'
import { withLock } from '../../operations/lock.ts'
import { findSymlink } from '../../setup/contained-path.ts'
import { withPinnedDirectory } from '../../setup/pinned-directory.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'

/** Bytes; nobody writes so much about a piece of work. */
export const largestLog = 8 << 20

/** How often a log is read again because somebody wrote to it meanwhile. */
const attempts = 20

/** Why a log was left as it is. `none`: the project keeps none. */
export type LogProblem = 'none' | 'missing' | 'symlink' | 'no-text' | 'too-large' | 'busy'

/**
 * The one way in which a session's log is changed: read, change, replace as a whole if it is still what was read, else try again. Ours wait for
 * each other at the repository's lock, which must not be held by who calls this; an editor or an agent that writes to the file
 * meanwhile is heeded.
 * @returns why nothing was changed, or null.
 * @throws the file system's error; FlightRulesError BUSY.
 */
export async function changeLog(
  context: Context,
  { session, worktree }: Pick<RegisteredSession, 'session' | 'worktree'>,
  change: (text: string) => string,
): Promise<LogProblem | null> {
  const { sessionLog, id } = session
  if (sessionLog === null) return 'none'
  if ((await findSymlink(worktree.path, sessionLog)) !== undefined) return 'symlink'
  const lock = { operation: `log of ${id}`, waitMs: context.lockWaitMs, signal: context.signal }
  const folder = posix.dirname(sessionLog)
  const asideIn = join(commonDirOf(context), 'flightrules')
  try {
    return await withLock(commonDirOf(context), lock, () =>
      withPinnedDirectory(worktree.path, folder, (directory) =>
        replaceUnlessChanged(join(directory, basename(sessionLog)), change, asideIn),
      ),
    )
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '')) return 'missing'
    throw error
  }
}

async function replaceUnlessChanged(file: string, change: (text: string) => string, asideIn: string): Promise<LogProblem | null> {
  for (let attempt = 1; attempt <= attempts; attempt += 1) {
    const bytes = await readRegular(file, largestLog + 1)
    if (bytes === undefined || !isUtf8(bytes) || bytes.includes(0)) return 'no-text'
    if (bytes.length > largestLog) return 'too-large'
    const text = bytes.toString()
    const changed = change(text)
    if (changed === text) return null
    const guard = async (): Promise<void> => {
      if ((await readRegular(file, largestLog + 1))?.equals(bytes) !== true) throw new LogGrewError()
    }
    try {
      await replaceFile(file, changed, { guard, asideIn, makeDirectory: false })
      return null
    } catch (error) {
      if (!(error instanceof LogGrewError)) throw error
    }
  }
  return 'busy'
}

class LogGrewError extends Error {}

/** In words, for who is told of it. */
export function describeLogProblem(problem: LogProblem, log: string): string {
  return {
    none: 'the project keeps none (sessionLog: false)',
    missing: `there is no ${log}`,
    symlink: `${log} leads through a symbolic link`,
    'no-text': `${log} is no UTF-8 text`,
    'too-large': `${log} is larger than ${largestLog >> 20} MiB`,
    busy: `somebody keeps writing to ${log}`,
  }[problem]
}
