import type { Finding } from '../../errors.ts'
import { FlightRulesError } from '../../errors.ts'
import { namePaths } from '../../files/quote-path.ts'
import { listWorktrees } from '../../git/worktrees.ts'
import type { Context } from '../context.ts'
import { loadSessions, type RegisteredSession } from '../load-sessions.ts'
import { type Neighbour, readStanding } from '../radar/read-standing.ts'
import { readSessionBases } from '../session-bases.ts'
import type { EndInput } from './end-input.ts'

const mostNamed = 5

/** Sessions that will meet a conflict once this one's work is in the base they share. Says, and never stops anything. */
export async function findOthersConflict(context: Context, entry: RegisteredSession, input: EndInput): Promise<Finding[]> {
  if (input.strategy === 'abandon' || entry.session.mode === 'standard') return []
  try {
    const { registered } = await loadSessions(context, await listWorktrees(context.git), 'read')
    const sharing = registered.filter(({ session }) => session.base === entry.session.base && session.id !== entry.session.id)
    if (sharing.length === 0) return []
    const bases = await readSessionBases(context.git, [entry])
    const { others, failure } = await readStanding(context, { entry, sessions: sharing, bases, as: 'live' })
    return failure === null ? describe(entry, others) : [failure]
  } catch (error) {
    // whoever interrupts is heard by the next step
    if (error instanceof FlightRulesError) return []
    throw error
  }
}

function describe({ session }: RegisteredSession, others: readonly Neighbour[]): Finding[] {
  const inConflict = others.filter(({ conflicts }) => conflicts.length > 0)
  const [first] = inConflict
  if (first === undefined) return []
  const named = inConflict.slice(0, mostNamed).map(({ id, conflicts }) => `${id} in ${namePaths(conflicts, 3)}`)
  const rest = inConflict.length - named.length
  return [
    {
      code: 'OTHERS_CONFLICT',
      message: `once ${session.id} is in ${session.base}, others will conflict with it: ${named.join('; ')}${rest > 0 ? `; and ${rest} more` : ''}`,
      hint: `flightrules sync ${first.id}`,
      details: { base: session.base, sessions: inConflict.map(({ id, conflicts }) => ({ id, paths: conflicts })) },
    },
  ]
}
