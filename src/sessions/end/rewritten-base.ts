import { FlightRulesError } from '../../errors.ts'
import { countAheadBehind, findForkPoint, isAncestor } from '../../git/ancestry.ts'
import type { Git } from '../../git/git.ts'
import { readReflog } from '../../git/reflog.ts'
import { readRef } from '../../git/refs.ts'
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
  const left = await findForkPoint(git, `refs/heads/${name}`, tip)
  if (left === null || (await isAncestor(git, left, base))) return
  const fork = await skipOwnMerges(git, entry, left)
  if ((await isAncestor(git, fork, base)) || (await isMerged(context, entry, base, tip))) return
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

/** Where the base was before the session's own work came onto it, by a merge that was undone since: those commits are the session's, not the base's. */
async function skipOwnMerges(git: Git, { session }: RegisteredSession, fork: string): Promise<string> {
  const { id, branch, base, baseCommit } = session
  const entries = await readReflog(git, `refs/heads/${base}`)
  const own = [`flightrules end ${id}`, ...(branch === null ? [] : [`merge ${branch}`])]
  let found = fork
  for (const [index, { oid, action }] of entries.entries()) {
    const before = entries[index + 1]?.oid
    if (oid !== found || before === undefined) continue
    if (!own.some((start) => action === start || action.startsWith(`${start}:`))) continue
    // of an earlier session of this name
    if (await isAncestor(git, oid, baseCommit)) break
    found = before
  }
  return found
}
