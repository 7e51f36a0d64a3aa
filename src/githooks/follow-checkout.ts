import { withLock } from '../operations/lock.ts'
import { commonDirOf } from '../sessions/context.ts'
import { isWithin } from '../sessions/find-session.ts'
import { loadSessions } from '../sessions/load-sessions.ts'
import { changeRecord, loadRecord } from '../sessions/record.ts'
import { registerWorktree } from '../sessions/register-worktree.ts'
import { refreshManifest } from '../sessions/save-session.ts'
import type { Session } from '../sessions/session.ts'
import { setupSession } from '../sessions/setup-session.ts'
import { isNewWorktree, readHeadBranch } from './checkout.ts'
import { type HookInput, openHookContext } from './hook-context.ts'
import { describeRegistration } from './words.ts'

/** A new worktree becomes a session, whoever made it and with whatever tool; in one that is a session the record follows the branch. */
export async function followCheckout(input: HookInput): Promise<void> {
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

/** A new worktree that another command found and registered before this hook came to it: its setup did not run. */
function isUnfinished({ args }: HookInput, session: Session): boolean {
  return isNewWorktree(args) && session.createdBy !== 'cli' && session.setup?.status === 'skipped'
}
