import { countAheadBehind } from '../git/ancestry.ts'
import { FlightRulesError } from '../errors.ts'
import { findSessionAt } from '../sessions/find-session.ts'
import { reconcile } from '../sessions/reconcile.ts'
import { saveSession } from '../sessions/save-session.ts'
import { toTimestamp } from '../sessions/timestamp.ts'
import { type HookInput, openHookContext } from './hook-context.ts'
import { describeCleanup, describeLeftover } from './words.ts'

/**
 * After a merge, in any worktree: sessions whose work is in their base now are cleaned up, if they are clean and nobody is in them;
 * the others are named with the reason. A merge inside a session is noted as its last sync.
 */
export async function postMerge(input: HookInput): Promise<void> {
  const { context, worktrees } = await openHookContext(input)
  const { set, findings } = await reconcile(context, worktrees)
  const busy = findings.find(({ code }) => code === 'BUSY')
  if (busy !== undefined) return input.say(`flightrules: post-merge: ${busy.message} — ${busy.hint ?? ''}`)
  const here = findSessionAt(set, context.location.worktree)
  if (here !== undefined && here.worktree.head !== null && input.args[0] !== '1') {
    const behind = await countAheadBehind(context.git, `refs/heads/${here.session.base}`, here.worktree.head).then(
      (counts) => counts.behind,
      () => null,
    )
    if (behind === 0) await saveSession(context, here.gitDir, { ...here.session, lastSyncedAt: toTimestamp(context.now()) })
  }
  const { cleanup } = context.loaded.config.hooks.postMerge
  if (cleanup === false) return
  if (set.registered.length === 0) return
  const { findMergedSessions } = await import('../sessions/find-merged.ts')
  for (const merged of await findMergedSessions(context, set)) {
    // nothing that is not in the base goes unasked
    if (merged.work !== 'merged') continue
    const { id } = merged.entry.session
    if (cleanup === 'report' || merged.obstacle !== null) {
      input.say(describeLeftover(id, merged.into, merged.obstacle?.why ?? null))
      continue
    }
    try {
      const { retireSession } = await import('../sessions/retire-session.ts')
      const retired = await retireSession(context, merged.entry, {
        reason: `merged into ${merged.into}`,
        event: 'cleaned-up',
        tip: merged.tip,
        content: 'clean',
        deleteBranch: merged.entry.session.ownsBranch && context.loaded.config.end.deleteBranch === 'merged',
      })
      input.say(describeCleanup(id, merged.into, retired))
    } catch (error) {
      if (!(error instanceof FlightRulesError)) throw error
      input.say(describeLeftover(id, merged.into, error.message))
      // the others would wait for the same lock
      if (error.kind === 'busy') return input.say(`flightrules: ${error.hint ?? 'the next flightrules command tries again'}`)
    }
  }
}
