import type { OpenedContext } from '../sessions/context.ts'
import type { RegisteredSession } from '../sessions/load-sessions.ts'
import type { Reconciled } from '../sessions/reconcile.ts'
import type { Invocation } from './command.ts'

/** The session a command is about: the one named first, else the one it runs in. */
export async function openSession(invocation: Invocation): Promise<OpenedContext & Reconciled & { entry: RegisteredSession }> {
  const [{ openSessions }, { requireSession }] = await Promise.all([
    import('./open-repository.ts'),
    import('../sessions/find-session.ts'),
  ])
  const opened = await openSessions(invocation)
  const [id] = invocation.arguments
  return { ...opened, entry: requireSession(opened.context, opened.set, typeof id === 'string' ? id : undefined) }
}
