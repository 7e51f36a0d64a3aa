import { matchesGlobs } from '../files/glob.ts'
import type { Context } from '../sessions/context.ts'
import type { RegisteredSession, SessionSet } from '../sessions/load-sessions.ts'
import { loadSessionDivergences, readSessionBases } from '../sessions/session-bases.ts'
import { isStale } from '../sessions/stale.ts'
import type { HookInput } from './hook-context.ts'
import { describeConflictingPush, describeDistance, describeNeighbours } from './standing-words.ts'

/** Says how the session stands to its base and to the others; true where the project wants a push that would conflict refused. */
export async function sayStanding(
  context: Context,
  set: SessionSet,
  entry: RegisteredSession,
  input: HookInput,
): Promise<boolean> {
  const { session } = entry
  const { config } = context.loaded
  const rule = config.hooks.prePush.conflicts
  const bases = await readSessionBases(context.git, set.registered)
  const divergence = (await loadSessionDivergences(context, bases, [entry])).get(session.id)
  const behind = divergence?.behind ?? 0
  const isUnread = divergence === undefined && bases.pairOf(session, entry.worktree.head) !== undefined
  const stale = isStale(config.stale, session, behind, context.now())
  if (rule === 'ignore') {
    if (stale) input.say(describeDistance(session, { behind, stale, conflicts: [] }, context.now()))
    return false
  }
  const isAlone = set.registered.every((other) => other.session.id === session.id)
  if (isAlone && behind === 0 && !isUnread) return false
  // heavy, and not wanted by the push of the only session there is
  const { readStanding } = await import('../sessions/radar/read-standing.ts')
  const standing = await readStanding(context, { entry, sessions: set.registered, bases, as: 'committed' })
  if (behind > 0) input.say(describeDistance(session, { behind, stale, conflicts: standing.base }, context.now()))
  for (const line of describeNeighbours(session.id, standing.others, (path) => matchesGlobs(config.documents, path)))
    input.say(line)
  const { baseUnknown } = standing
  if (baseUnknown !== null) input.say(`flightrules: ${baseUnknown.message} — ${baseUnknown.hint ?? ''}`)
  // what could not be found out is not known to be free of conflicts
  const isBad = (behind > 0 || isUnread) && (standing.base.length > 0 || baseUnknown !== null)
  if (rule !== 'refuse' || !isBad) return false
  for (const line of describeConflictingPush(session)) input.say(line)
  return true
}
