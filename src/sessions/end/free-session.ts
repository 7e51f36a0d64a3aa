import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { removeDeadLock } from '../../operations/dead-lock.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'

/** Lock files a git that was killed in a session has left since the operation began; with them nobody could commit or push there. */
export async function freeSession(
  context: Context,
  { worktree, gitDir }: RegisteredSession,
  since: string,
  tracking?: string,
): Promise<void> {
  const place = { worktree: worktree.path, since }
  // also next-index-<process>.lock, which a commit of some paths makes
  const names = (await readdir(gitDir).catch(() => [])).filter((name) => name.endsWith('.lock'))
  const own = names.map((name) => join(gitDir, name))
  const refs = [worktree.branch, tracking].flatMap((ref) => (isRef(ref) ? [join(commonDirOf(context), `${ref}.lock`)] : []))
  for (const file of [...own, ...refs]) await removeDeadLock(file, place)
}

/** It may have been read from a file. */
function isRef(ref: string | null | undefined): ref is string {
  return typeof ref === 'string' && /^refs\/(?:heads|remotes)\/(?!.*\.\.)[^\0-\x20~^:?*[\\]+$/.test(ref)
}
