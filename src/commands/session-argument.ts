import type { RegisteredSession } from '../sessions/load-sessions.ts'
import { requireSession } from '../sessions/find-session.ts'
import type { Invocation } from './command.ts'
import { openSessions } from './open-repository.ts'

/** The session a command is about: the one named first, else the one it runs in. */
export async function openSession(invocation: Invocation): Promise<Awaited<ReturnType<typeof openSessions>> & { entry: RegisteredSession }> {
  const opened = await openSessions(invocation)
  const [id] = invocation.arguments
  return { ...opened, entry: requireSession(opened.context, opened.set, typeof id === 'string' ? id : undefined) }
}
