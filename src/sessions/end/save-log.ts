import { randomBytes } from 'node:crypto'
import { constants, copyFile, link, mkdir, unlink, writeFile } from 'node:fs/promises'
import { isUtf8 } from 'node:buffer'
import { dirname, join } from 'node:path'
import type { Finding } from '../../errors.ts'
import { reachFailpoint } from '../../files/failpoint.ts'
import { readRegular } from '../../files/read-regular.ts'
import { findSymlink } from '../../setup/contained-path.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { largestLog } from '../log/change-log.ts'
import { type Outcome, withOutcome } from '../log/outcome.ts'
import { toTimestamp } from '../timestamp.ts'

/**
 * Copies a session's log into the main worktree, where it outlives the session. Never over another file.
 * @param outcome what the copy is to say that the log itself does not; null where that is complete.
 */
export async function saveLog(
  context: Context,
  { session, worktree }: RegisteredSession,
  outcome: Outcome | null,
): Promise<Finding[]> {
  const { sessionLog } = session
  if (sessionLog === null || context.bare || worktree.main) return []
  const refuse = (why: string): Finding[] => [
    { code: 'SESSION_LOG_NOT_SAVED', message: `the session log was not saved to the main worktree: ${why}` },
  ]
  const source = join(worktree.path, sessionLog)
  const target = join(context.main, sessionLog)
  for (const root of [worktree.path, context.main]) {
    if ((await findSymlink(root, sessionLog)) !== undefined)
      return refuse(`${join(root, sessionLog)} leads through a symbolic link`)
  }
  // swept with what else a process leaves that is killed
  const aside = join(commonDirOf(context), 'flightrules', `.session-log.${process.pid}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    const bytes = await readRegular(source, largestLog + 1)
    if (bytes === undefined) return refuse(`${source} is no regular file`)
    await mkdir(dirname(target), { recursive: true })
    reachFailpoint('copy:session-log')
    // one that is not for us to change is copied as it is
    if (outcome === null || bytes.length > largestLog || !isUtf8(bytes)) await copyFile(source, aside, constants.COPYFILE_EXCL)
    else await writeFile(aside, withOutcome(bytes.toString(), outcome, toTimestamp(context.now())), { flag: 'wx' })
    // whole or not at all, and never over another file
    await link(aside, target).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error
      // on another file system, or one without hard links
      return copyFile(aside, target, constants.COPYFILE_EXCL)
    })
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return refuse(code === 'EEXIST' ? `${target} exists already` : code === 'ENOENT' ? `there is no ${source}` : message)
  } finally {
    await unlink(aside).catch(() => {})
  }
  return [
    { code: 'SESSION_LOG_SAVED', message: `the session log is now in the main worktree: ${target}`, details: { path: target } },
  ]
}
