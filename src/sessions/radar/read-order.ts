import type { Git } from '../../git/git.ts'
import { type ScratchObjects, withScratchObjects } from '../../git/scratch-objects.ts'
import { changedPaths } from '../../git/status.ts'
import { buildLiveCommits } from '../../radar/live-commits.ts'
import type { Side } from '../../radar/side.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import type { OrderAnswer, OrderEntry, OrderReason } from './order-answer.ts'
import { type Candidate, orderForBase } from './order-for-base.ts'
import type { RadarReport } from './read-radar.ts'
import { sortBases } from './sort-bases.ts'

/** With these there is nothing to be merged, or nowhere to. */
const leftOut: readonly OrderReason[] = ['nothing', 'in-base', 'no-base', 'unreadable']

/**
 * In which order sessions go into their bases so that as few as possible have to be resolved by somebody, each as it is now. What is
 * said was tried: all merges are rehearsed in this order, without a trace.
 */
export async function readOrder(
  { git }: Context,
  sessions: readonly RegisteredSession[],
  { sides, pairs }: Pick<RadarReport, 'sides' | 'pairs'>,
): Promise<OrderAnswer> {
  const found = await withScratchObjects(git, async (objects) => {
    const candidates = await collectCandidates(git, sessions, sides, objects)
    const entries: OrderEntry[] = []
    for (const base of sortBases(sessions.map(({ session }) => session))) {
      const tip = sides.find(({ name }) => name === `base:${base}`)?.head ?? null
      const mine = candidates.filter((candidate) => candidate.base === base)
      entries.push(...(await orderForBase(git, { base, tip, pairs }, mine, objects)))
    }
    return entries
  })
  const order = found.filter(({ reason }) => !leftOut.includes(reason))
  const others = found.filter(({ reason }) => leftOut.includes(reason))
  return { order: order.map(({ id }) => id), orderReasons: [...order, ...others] }
}

async function collectCandidates(
  git: Git,
  sessions: readonly RegisteredSession[],
  sides: readonly Side[],
  objects: ScratchObjects,
): Promise<Candidate[]> {
  const found = sessions.flatMap(({ session }) => {
    const side = sides.find(({ name }) => name === session.id)
    return side === undefined ? [] : [{ session, side: withoutLog(side, session.sessionLog) }]
  })
  const commits = await buildLiveCommits(
    git,
    found.map(({ side }) => side),
    objects,
  )
  return found.map(({ session, side }, index) => ({
    id: session.id,
    base: session.base,
    head: side.head,
    commit: commits[index] ?? side.head,
    isInBase: session.branch === session.base,
    isSeen: side.live !== null && side.live.status.unread.length === 0,
    uncommitted: side.live !== null && changedPaths(side.live.status).some((path) => path !== session.sessionLog),
    since: Date.parse(session.startedAt) || 0,
  }))
}

/** A session's own log, as long as it is not committed, is no work: `end` takes care of it. */
function withoutLog(side: Side, log: string | null): Side {
  if (side.live === null) return side
  const { status } = side.live
  const untracked = status.untracked.filter((path) => path !== log)
  return { ...side, live: { ...side.live, status: { ...status, untracked } } }
}
