import { randomBytes } from 'node:crypto'
import { access, copyFile, constants, link, mkdir, unlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { reachFailpoint } from '../../files/failpoint.ts'
import type { Finding } from '../../errors.ts'
import { appendHistoryOnce } from '../../operations/history.ts'
import type { Json } from '../../operations/plan.ts'
import { findSymlink } from '../../setup/contained-path.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { changeSession } from '../save-session.ts'

/** Records a session as ended but kept: its worktree stays, and nobody cleans it up unasked. */
export async function closeKept(
  context: Context,
  { session, gitDir }: Pick<RegisteredSession, 'session' | 'gitDir'>,
  { op, integrated, pushed }: { op: string; integrated: Json; pushed: boolean },
): Promise<Finding[]> {
  const { findings } = await changeSession(context, gitDir, session, (current) => ({ ...current, status: 'kept' }))
  const { id, uuid, branch, base } = session
  const commonDir = commonDirOf(context)
  await appendHistoryOnce(commonDir, {
    at: context.now().toISOString(),
    event: 'ended',
    id,
    uuid,
    op,
    branch,
    base,
    reason: 'kept',
    pushed,
    integrated,
  })
  return findings
}

/** Copies a session's log into the main worktree, where it outlives the session. Never over another file. */
export async function saveLog(context: Context, { session, worktree }: RegisteredSession): Promise<Finding[]> {
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
  const isThere = await access(source).then(
    () => true,
    () => false,
  )
  if (!isThere) return refuse(`there is no ${source}`)
  await mkdir(dirname(target), { recursive: true })
  // swept with what else a process leaves that is killed
  const aside = join(commonDirOf(context), 'flightrules', `.session-log.${process.pid}.${randomBytes(6).toString('hex')}.tmp`)
  try {
    reachFailpoint('copy:session-log')
    // whole or not at all, and never over another file
    await copyFile(source, aside, constants.COPYFILE_EXCL)
    await link(aside, target).catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'EEXIST') throw error
      // on another file system, or one without hard links
      return copyFile(source, target, constants.COPYFILE_EXCL)
    })
  } catch (error) {
    return refuse((error as NodeJS.ErrnoException).code === 'EEXIST' ? `${target} exists already` : (error as Error).message)
  } finally {
    await unlink(aside).catch(() => {})
  }
  return [
    { code: 'SESSION_LOG_SAVED', message: `the session log is now in the main worktree: ${target}`, details: { path: target } },
  ]
}
