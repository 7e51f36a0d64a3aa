import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { findRepositoryLocation } from '../git/locate-repository.ts'
import { withLock } from '../operations/lock.ts'
import { commonDirOf } from '../sessions/context.ts'
import { isWithin } from '../sessions/find-session.ts'
import { loadSessions } from '../sessions/load-sessions.ts'
import { changeRecord, loadRecord } from '../sessions/record.ts'
import { registerWorktree } from '../sessions/register-worktree.ts'
import { refreshManifest } from '../sessions/save-session.ts'
import type { Session } from '../sessions/session.ts'
import { setupSession } from '../sessions/setup-session.ts'
import { type HookInput, openHookContext } from './hook-context.ts'
import { describeRegistration } from './words.ts'

/**
 * After a checkout in a linked worktree: one that is new becomes a session, whoever made it and with whatever tool; in one that is a
 * session the record follows the branch. The shim has ruled out everything else.
 */
export async function postCheckout(input: HookInput): Promise<void> {
  if (await isSettled(input)) return
  const { context, worktrees } = await openHookContext(input)
  const { worktree, gitDir } = context.location
  if (worktree === null || gitDir === commonDirOf(context)) return
  const record = await loadRecord(gitDir)
  if (record.state === 'unreadable') {
    input.say(`flightrules: the record of ${worktree} cannot be read (${record.reason}); it was left alone`)
    return
  }
  if (record.state === 'valid') {
    const branch = await readHeadBranch(gitDir)
    const { session } = record
    if (context.loaded.config.hooks.postCheckout.setup && isUnfinished(input, session)) {
      const entry = (await loadSessions(context, worktrees)).registered.find((other) => other.session.uuid === session.uuid)
      if (entry !== undefined) await setupSession(context, entry, 'run')
    }
    if (branch === session.branch) return
    await withLock(commonDirOf(context), { operation: `switch ${session.id}`, waitMs: context.lockWaitMs }, async () => {
      await changeRecord(gitDir, session.uuid, (current) => ({ ...current, branch, ownsBranch: false }))
      await refreshManifest(context)
    })
    return
  }
  const { register, setup } = context.loaded.config.hooks.postCheckout
  if (register === false || (register === 'sessions' && !isWithin(context.sessionsDir, worktree))) return
  const work = await registerWorktree(context, worktree, { createdBy: 'hook', setup: setup ? 'run' : 'skip' })
  if (work !== undefined) for (const line of describeRegistration(work)) input.say(line)
}

/** A session on the branch its record names, which is not new: file reads only. */
async function isSettled({ args, cwd }: HookInput): Promise<boolean> {
  if (isNew(args)) return false
  const location = await findRepositoryLocation(cwd)
  if (location === undefined || location.gitDir === location.commonDir) return false
  const record = await loadRecord(location.gitDir)
  return record.state === 'valid' && (await readHeadBranch(location.gitDir)) === record.session.branch
}

/** git gives no old commit for a worktree it has just made. */
function isNew(args: readonly string[]): boolean {
  return /^0+$/.test(args[0] ?? '')
}

/** A new worktree that another command found and registered before this hook came to it: its setup did not run. */
function isUnfinished({ args }: HookInput, session: Session): boolean {
  return isNew(args) && session.createdBy !== 'cli' && session.setup?.status === 'skipped'
}

/** The branch HEAD names, read from its file: the hook needs no git process for it. */
async function readHeadBranch(gitDir: string): Promise<string | null> {
  const head = await readFile(join(gitDir, 'HEAD'), 'utf8')
  return /^ref: refs\/heads\/(.+)$/m.exec(head)?.[1] ?? null
}
