import { type Finding, FlightRulesError } from '../../errors.ts'
import type { Context } from '../context.ts'
import type { Divergence } from '../divergence.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { loadSessionDivergences, type SessionBases } from '../session-bases.ts'
import { pairsOfSession } from './pairs-of-session.ts'
import { isAboutBase } from './radar-findings.ts'
import { tryRadar } from './read-radar.ts'

export interface Neighbour {
  readonly id: string
  /** Files merging the two would conflict in. */
  readonly conflicts: readonly string[]
  /** Files both change and git would merge. */
  readonly shared: readonly string[]
}

/** How one session stands to its base and to the others. */
export interface Standing {
  /** Files merging it into its base would conflict in. */
  readonly base: readonly string[]
  /** Whoever changes some of the same files and is not in its base yet. */
  readonly others: readonly Neighbour[]
  /** RADAR_FAILED: nothing is known then. */
  readonly failure: Finding | null
  /** Why it is not known whether merging it into its base would conflict. */
  readonly baseUnknown: Finding | null
}

export interface StandingInput {
  readonly entry: RegisteredSession
  /** All sessions; itself may be among them. */
  readonly sessions: readonly RegisteredSession[]
  readonly bases: SessionBases
  /** What of the session counts: its commits, or all that is in its worktree. The others count as they are. */
  readonly as: 'committed' | 'live'
}

/** Compares one session with its base and the others: one `git status` for each of these, and what the radar does not know yet. */
export async function readStanding(context: Context, { entry, sessions, bases, as }: StandingInput): Promise<Standing> {
  const { id } = entry.session
  const others = sessions.filter(({ session }) => session.id !== id)
  const statuses = new Map(as === 'committed' ? [[id, null]] : [])
  const { pairs, findings } = await tryRadar(context, { sessions: [entry, ...others], only: id, statuses, bases })
  const logs = new Set([entry, ...others].flatMap(({ session }) => session.sessionLog ?? []))
  const { overlaps, conflicts } = pairsOfSession(id, pairs, logs)
  const near = others.flatMap((other) => {
    const pathsIn = (list: typeof overlaps): readonly string[] => list.find((one) => one.with === other.session.id)?.paths ?? []
    const inConflict = pathsIn(conflicts)
    const shared = pathsIn(overlaps).filter((path) => !inConflict.includes(path))
    return inConflict.length + shared.length === 0 ? [] : [{ other, conflicts: inConflict, shared }]
  })
  const isDone = await findIntegrated(
    context,
    near.map(({ other }) => other),
    bases,
  )
  const failure = findings.find(({ code }) => code === 'RADAR_FAILED') ?? null
  return {
    base: conflicts.find((one) => one.with.startsWith('base:'))?.paths ?? [],
    others: near.flatMap(({ other: { session }, ...files }) => (isDone.has(session.id) ? [] : [{ id: session.id, ...files }])),
    failure,
    baseUnknown: failure ?? findings.find((finding) => isAboutBase(finding, id)) ?? null,
  }
}

/** What is in its base already, or comes to nothing, meets nobody a second time. */
async function findIntegrated(
  context: Context,
  sessions: readonly RegisteredSession[],
  bases: SessionBases,
): Promise<ReadonlySet<string>> {
  const own = sessions.filter(({ session }) => session.branch !== null && session.branch !== session.base)
  const divergences = await loadSessionDivergences(context, bases, own).catch((error: unknown) => {
    // who may have arrived is named once too often then
    if (error instanceof FlightRulesError && error.kind !== 'interrupted') return new Map<string, Divergence>()
    throw error
  })
  return new Set([...divergences].flatMap(([id, { work }]) => (work === 'merged' || work === 'net-zero' ? [id] : [])))
}
