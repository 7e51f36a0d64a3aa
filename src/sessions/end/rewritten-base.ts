import { FlightRulesError } from '../../errors.ts'
import { countAheadBehind } from '../../git/ancestry.ts'
import { readRef } from '../../git/refs.ts'
import type { Context } from '../context.ts'
import { findDroppedFork } from '../dropped-fork.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { keepChoice } from './end-input.ts'
import { isMerged } from './find-landing.ts'

/**
 * A base that was reset, amended or replaced after a force push has dropped commits the session stands on: merging would bring them back.
 * @throws FlightRulesError BASE_REWRITTEN; nothing was changed then.
 */
export async function refuseRewrittenBase(context: Context, entry: RegisteredSession, tip: string): Promise<void> {
  const { git } = context
  const { id, base: name } = entry.session
  const base = await readRef(git, `refs/heads/${name}`)
  if (base === null) return
  const fork = await findDroppedFork(git, entry.session, { ref: `refs/heads/${name}`, oid: base }, tip)
  if (fork === null || (await isMerged(context, entry, base, tip))) return
  const { ahead } = await countAheadBehind(git, base, fork)
  const commits = ahead === 1 ? '1 commit' : `${ahead} commits`
  throw new FlightRulesError({
    kind: 'decision',
    code: 'BASE_REWRITTEN',
    message: `${name} was rewritten since session ${id} left it: it has dropped ${commits} the session stands on, and merging would bring them back; nothing was done`,
    hint: `put the session's own commits onto ${name} as it is now, then end it: flightrules sync ${id} --method rebase --dropped leave-out`,
    choices: [{ flag: '--proceed', label: `merge all the same, with the ${commits} ${name} has dropped` }, keepChoice],
    details: { id, base: name, fork, dropped: ahead },
  })
}
