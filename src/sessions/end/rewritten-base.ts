import { FlightRulesError } from '../../errors.ts'
import { countAheadBehind, findForkPoint, isAncestor } from '../../git/ancestry.ts'
import type { Git } from '../../git/git.ts'
import { readReflog } from '../../git/reflog.ts'
import { readRef } from '../../git/refs.ts'
import { undoReason } from '../../integrate/move-back.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { keepChoice } from './end-input.ts'
import { isMerged } from './integrate-step.ts'

/**
 * A base that was reset, amended or replaced after a force push has dropped commits the session stands on: merging would bring them back.
 * @throws FlightRulesError BASE_REWRITTEN; nothing was changed then.
 */
export async function refuseRewrittenBase(context: Context, entry: RegisteredSession, tip: string): Promise<void> {
  const { git } = context
  const { id, base: name } = entry.session
  const base = await readRef(git, `refs/heads/${name}`)
  if (base === null) return
  const fork = await findForkPoint(git, `refs/heads/${name}`, tip)
  if (fork === null || (await isAncestor(git, fork, base)) || (await isMerged(context, entry, base, tip))) return
  if (await wasUndone(git, `refs/heads/${name}`, fork)) return
  const { ahead } = await countAheadBehind(git, base, fork)
  const commits = ahead === 1 ? '1 commit' : `${ahead} commits`
  throw new FlightRulesError({
    kind: 'decision',
    code: 'BASE_REWRITTEN',
    message: `${name} was rewritten since session ${id} left it: it has dropped ${commits} the session stands on, and merging would bring them back; nothing was done`,
    hint: `put the session's own commits onto ${name} as it is now, in the session: git rebase --onto ${name} ${fork.slice(0, 12)}; then end it`,
    choices: [{ flag: '--proceed', label: `merge all the same, with the ${commits} ${name} has dropped` }, keepChoice],
    details: { id, base: name, fork, dropped: ahead },
  })
}

/** A merge of ours that was undone took the session's own commits out of the base, and nobody else's. */
async function wasUndone(git: Git, ref: string, fork: string): Promise<boolean> {
  const moves = await readReflog(git, ref)
  return moves.some(({ action }, index) => action === undoReason && moves[index + 1]?.oid === fork)
}
