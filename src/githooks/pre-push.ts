import { namePaths } from '../files/quote-path.ts'
import { changedPaths, readStatus } from '../git/status.ts'
import type { Worktree } from '../git/worktrees.ts'
import type { Context } from '../sessions/context.ts'
import { findSessionAt } from '../sessions/find-session.ts'
import { loadSessions, type RegisteredSession, type SessionSet } from '../sessions/load-sessions.ts'
import { type HookInput, openHookContext } from './hook-context.ts'
import { isDeletion, type PushedRef, parsePushLines } from './push-lines.ts'
import { describeDirtyPush, describeUnregisteredPush } from './words.ts'

/**
 * Before a push: a session's branch goes out only whole, so that nobody gets a tree that lacks the files left uncommitted.
 * Branches no session has checked out, tags, deletions and pushes of a single commit pass.
 * @returns the hook's exit status.
 */
export async function prePush(input: HookInput): Promise<number> {
  const refs = parsePushLines(await input.stdin()).filter((ref) => !isDeletion(ref))
  if (refs.length === 0) return 0
  const { context, worktrees } = await openHookContext(input)
  const pushed = [...new Set(refs.flatMap((ref) => findWorktree(context, worktrees, ref) ?? []))]
  if (pushed.length === 0) return 0
  let set = await loadSessions(context, worktrees, 'read')
  let refused = false
  for (const worktree of pushed) {
    if (!worktree.main && findSessionAt(set, worktree.path) === undefined) {
      const outcome = await settleUnregistered(context, set, worktree, input)
      refused = refused || outcome === 'refuse'
      if (outcome === 'registered') set = await loadSessions(context, worktrees)
    }
    const session = findSessionAt(set, worktree.path)
    if (await isHeldBack(context, worktree, session, input)) refused = true
    else if (session !== undefined && !isOnBase(session)) {
      const { sayStanding } = await import('./say-standing.ts')
      if (await sayStanding(context, set, session, input)) refused = true
    }
  }
  return refused ? 1 : 0
}

/** Which worktree's work a ref is: the one with the branch checked out; `HEAD` is the one the push was typed in. */
function findWorktree(context: Context, worktrees: readonly Worktree[], ref: PushedRef): Worktree | undefined {
  if (ref.localRef === 'HEAD') return worktrees.find((worktree) => worktree.path === context.location.worktree)
  return worktrees.find((worktree) => worktree.branch === ref.localRef && worktree.prunable === null)
}

async function settleUnregistered(
  context: Context,
  set: SessionSet,
  worktree: Worktree,
  input: HookInput,
): Promise<'ignore' | 'refuse' | 'registered'> {
  const rule = context.loaded.config.hooks.prePush.registered
  const isKnown = set.unreadable.some((entry) => entry.worktree.path === worktree.path)
  if (rule === 'ignore' || isKnown || set.manifest.state === 'newer') return 'ignore'
  if (rule === 'refuse') {
    for (const line of describeUnregisteredPush(worktree.path)) input.say(line)
    return 'refuse'
  }
  const { registerWorktree } = await import('../sessions/register-worktree.ts')
  const work = await registerWorktree(context, worktree.path, { createdBy: 'hook', setup: 'skip' })
  if (work !== undefined) input.say(`flightrules: registered ${worktree.path} as session ${work.session.id}`)
  return 'registered'
}

/** Whether the worktree holds files the push would leave out. A status that fails counts as such. */
async function isHeldBack(
  context: Context,
  worktree: Worktree,
  session: RegisteredSession | undefined,
  input: HookInput,
): Promise<boolean> {
  const { cleanTree, untracked } = context.loaded.config.hooks.prePush
  if (cleanTree === false || (cleanTree === 'sessions' && session === undefined)) return false
  const status = await readStatus(context.git, worktree.path)
  const log = session?.session.sessionLog
  const loose = untracked === 'refuse' ? [] : status.untracked.filter((path) => path !== log)
  const left = changedPaths(status).filter((path) => path !== log && !loose.includes(path))
  if (untracked === 'warn' && loose.length > 0)
    input.say(`flightrules: not in this push, because untracked: ${namePaths(loose, 10)}`)
  if (left.length === 0) return false
  for (const line of describeDirtyPush({ id: session?.session.id, worktree: worktree.path, left })) input.say(line)
  return true
}

function isOnBase({ session, worktree }: RegisteredSession): boolean {
  return worktree.head === null || session.branch === session.base
}
