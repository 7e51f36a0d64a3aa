import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { type Finding, FlightRulesError } from '../../errors.ts'
import type { Conflict } from '../../git/merge-tree.ts'
import type { WorktreeStatus } from '../../git/status.ts'
import { compareSides } from '../../radar/compare-sides.ts'
import type { Side, SidePair } from '../../radar/side.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import type { SessionBases } from '../session-bases.ts'
import { collectSides } from './collect-sides.ts'
import { describePairs, describeProblem } from './radar-findings.ts'

/** Two that were compared: sessions by id, a base as `base:<branch>`. */
export interface RadarPair {
  readonly a: string
  readonly b: string
  /** Paths both changed since they parted, sorted. */
  readonly overlap: readonly string[]
  readonly conflict: readonly Conflict[]
  /** Git could not read one of them: whether they would conflict is not known. */
  readonly unknown?: true
}

export interface RadarReport {
  readonly pairs: readonly RadarPair[]
  readonly findings: readonly Finding[]
  readonly sides: readonly Side[]
}

export interface RadarInput {
  readonly sessions: readonly RegisteredSession[]
  /** Only pairs this session is one of. */
  readonly only?: string
  /** What git said of the sessions' worktrees a moment ago, by id; null where it could not. */
  readonly statuses?: ReadonlyMap<string, WorktreeStatus | null>
  /** Where the bases of all these sessions are, as was seen a moment ago. */
  readonly bases?: SessionBases
}

/**
 * Compares sessions with each other and with their bases as they are now. What cannot be compared is a finding; the rest is told all the
 * same.
 */
export async function readRadar(context: Context, input: RadarInput): Promise<RadarReport> {
  const { sides, pairs, findings } = await collectSides(context, input.sessions, input.statuses, input.bases)
  const nameOf = (index: number): string => sides[index]?.name ?? ''
  const wanted = pairs.filter((pair) => input.only === undefined || pair.some((side) => nameOf(side) === input.only))
  const commonDir = commonDirOf(context)
  const places = { commonDir, main: context.main, env: context.env }
  const cacheFile = join(commonDir, 'flightrules', 'cache', 'radar.json')
  const ask = { sides, pairs: wanted, cacheFile, places, now: context.now().getTime() }
  const { comparisons, problems } = await compareSides(context.git, ask)
  const found = wanted.map(([a, b]: SidePair, index): RadarPair => {
    const { overlap = [], conflict = [], outcome } = comparisons[index] ?? {}
    return { a: nameOf(a), b: nameOf(b), overlap, conflict, ...(outcome === 'failed' ? { unknown: true } : {}) }
  })
  const told = describePairs(
    wanted.flatMap(([a, b], index) => {
      const comparison = comparisons[index]
      return comparison === undefined ? [] : [{ a: nameOf(a), b: nameOf(b), comparison }]
    }),
    existsSync(join(commonDir, 'shallow')),
  )
  return { pairs: found, findings: [...findings, ...problems.map(describeProblem), ...told], sides }
}

/** @throws FlightRulesError never; for callers that only add to what they say, a radar that fails is a finding. */
export async function tryRadar(context: Context, input: RadarInput): Promise<RadarReport> {
  try {
    return await readRadar(context, input)
  } catch (error) {
    if (!(error instanceof FlightRulesError) || error.kind === 'interrupted') throw error
    const finding: Finding = {
      code: 'RADAR_FAILED',
      message: `the sessions could not be compared: ${error.message}`,
      hint: 'flightrules radar',
    }
    return { pairs: [], findings: [finding], sides: [] }
  }
}
