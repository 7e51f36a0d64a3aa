import { stat } from 'node:fs/promises'
import { FlightRulesError } from '../errors.ts'
import type { OpenedContext } from '../sessions/context.ts'
import type { Access, RegisteredSession } from '../sessions/load-sessions.ts'
import type { Reconciled } from '../sessions/reconcile.ts'
import type { Invocation } from './command.ts'

/** The session a command is about: the one named first, else the one it runs in. */
export async function openSession(
  invocation: Invocation,
  access: Access = 'change',
): Promise<OpenedContext & Reconciled & { entry: RegisteredSession }> {
  const [{ openSessions }, { requireSession }] = await Promise.all([
    import('./open-repository.ts'),
    import('../sessions/find-session.ts'),
  ])
  const opened = await openSessions(invocation, access)
  const [id] = invocation.arguments
  return { ...opened, entry: requireSession(opened.context, opened.set, typeof id === 'string' ? id : undefined) }
}

/**
 * For commands that are of no use without the folder.
 * @throws FlightRulesError SESSION_MISSING.
 */
export async function requireWorktree({ session, worktree }: RegisteredSession): Promise<void> {
  const stats = await stat(worktree.path).catch(() => undefined)
  if (stats?.isDirectory() === true) return
  throw new FlightRulesError({
    kind: 'failed',
    code: 'SESSION_MISSING',
    message: `the worktree of session ${session.id} is not at ${worktree.path} any more`,
    hint: `if it was moved: git worktree repair <where it is now>; if it was deleted: flightrules end ${session.id} --strategy abandon`,
    details: { id: session.id, path: worktree.path },
  })
}
