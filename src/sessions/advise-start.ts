import { type Finding, FlightRulesError } from '../errors.ts'
import { mapSideBySide } from '../files/side-by-side.ts'
import { changedPaths, readStatus } from '../git/status.ts'
import type { Context } from './context.ts'
import type { RegisteredSession } from './load-sessions.ts'
import { loadSessionDivergences, readSessionBases } from './session-bases.ts'
import type { Session } from './session.ts'
import { findStale } from './stale.ts'
import { findTouchOverlap, type Intent } from './touch-overlap.ts'

/**
 * What somebody who starts a session should know of the others: who is at what it is to touch, and which of them are stale. The session is
 * there whatever comes of this.
 */
export async function adviseStart(context: Context, session: Session, others: readonly RegisteredSession[]): Promise<Finding[]> {
  const there = others.filter(({ worktree, session: { uuid } }) => worktree.prunable === null && uuid !== session.uuid)
  if (there.length === 0) return []
  try {
    const bases = await readSessionBases(context.git, there)
    const divergences = await loadSessionDivergences(context, bases, there)
    const open = there.filter(({ session: { id } }) => divergences.get(id)?.work === 'open')
    const stale = findStale(
      open.flatMap((entry) =>
        entry.session.status === 'kept' ? [] : [{ ...entry.session, behind: divergences.get(entry.session.id)?.behind ?? 0 }],
      ),
      context.loaded.config.stale,
      context.now(),
    )
    const { touch = [] } = session
    if (touch.length === 0) return stale
    const intents = await mapSideBySide(there, async (entry): Promise<Intent> => {
      const { id, touch: declared = [], sessionLog } = entry.session
      const status = await readStatus(context.git, entry.worktree.path).catch(() => null)
      const committed = divergences.get(id)?.work === 'merged' ? [] : (divergences.get(id)?.touched ?? [])
      const touched = [...committed, ...(status === null ? [] : changedPaths(status))]
      return { id, touch: declared, touched: touched.filter((path) => path !== sessionLog) }
    })
    const isAsked = intents.some((intent) => intent.touch.length > 0)
    const files = isAsked ? await listFiles(context, session.baseCommit) : []
    return [...findTouchOverlap({ id: session.id, touch }, intents, { files }), ...stale]
  } catch (error) {
    if (error instanceof FlightRulesError) return []
    throw error
  }
}

async function listFiles({ git }: Context, commit: string): Promise<string[]> {
  return (await git.read(['ls-tree', '-r', '-z', '--name-only', '--full-tree', commit])).split('\0').filter((path) => path !== '')
}
