import { join } from 'node:path'
import type { Git } from '../git/git.ts'
import { withScratchObjects } from '../git/scratch-objects.ts'
import { changedPaths } from '../git/status.ts'
import { comparisonKey, loadRadarCache, type RadarCache, storeRadarCache } from './cache.ts'
import { compareOpen, type Fresh } from './compare-open.ts'
import { type Comparison, noComparison } from './comparison.ts'
import { findLiveKey } from './live-key.ts'
import { makeFolderRules, readMergeRules, type RulePlaces } from './merge-rules.ts'
import type { Side, SidePair } from './side.ts'
import { type BuiltSide, mostUntracked } from './stand-ins.ts'

export interface CompareInput {
  readonly sides: readonly Side[]
  readonly pairs: readonly SidePair[]
  /** Where answers are kept; null: nowhere. */
  readonly cacheFile: string | null
  /** Where what else decides about merges is. */
  readonly places: RulePlaces
  /** Milliseconds since 1970. */
  readonly now: number
}

export interface SideProblem {
  readonly name: string
  /** `unread`: files nobody may read. `unfiltered`: a configured filter could not be run. `uncaptured`: only commits were compared. `many`: files only some of which were read. */
  readonly kind: 'unread' | 'unfiltered' | 'uncaptured' | 'many'
  readonly paths: readonly string[]
  readonly reason: string
}

export interface CompareResult {
  /** In the order of the pairs asked. */
  readonly comparisons: readonly Comparison[]
  readonly problems: readonly SideProblem[]
}

/**
 * Compares sides pair by pair as they are right now, work that is not committed included: which paths both changed since they
 * parted, and where merging them would conflict. Nothing is written but the cache. What was compared before costs nothing; of the rest
 * only what overlaps is read and merged, all merges in one git process.
 */
export async function compareSides(runner: Git, input: CompareInput): Promise<CompareResult> {
  const git = runner.with(noNetwork)
  const { sides, pairs, cacheFile, places, now } = input
  const [rules, folderRules] = [await readMergeRules(places), makeFolderRules(places.main)]
  const cache = cacheFile === null ? noCache() : await loadRadarCache(cacheFile)
  const keys = await Promise.all(sides.map((side) => findLiveKey(side, now, rules)))
  const ids = keys.map((key) => (key === undefined ? undefined : (cache.standIns.get(key) ?? key)))
  const keyOf = ([a, b]: SidePair): string | undefined => {
    const [first, second] = [ids[a], ids[b]]
    // what is a session's own depends on where its base is
    const bases = `${sides[a]?.base ?? ''}${sides[b]?.base ?? ''}`
    return first === undefined || second === undefined ? undefined : comparisonKey(first, second, `${rules}${bases}`)
  }
  const isSame = ([a, b]: SidePair): boolean =>
    sides[a]?.head === sides[b]?.head && isUntouched(sides[a]) && isUntouched(sides[b])
  const known = await Promise.all(
    pairs.map(async (pair) => {
      // at the same commit with nothing changed there is nothing between them
      if (isSame(pair)) return noComparison
      const comparison = cache.comparisons.get(keyOf(pair) ?? '')
      if (comparison === undefined) return undefined
      return comparison.folderRules === (await folderRules(comparison.folders)) ? comparison : undefined
    }),
  )
  const open = pairs.filter((_pair, index) => known[index] === undefined)
  const crowded = listCrowded(sides)
  if (open.length === 0)
    return { comparisons: known.map((comparison) => comparison ?? noComparison), problems: [...listProblems(sides), ...crowded] }
  const fresh = await withScratchObjects(
    git,
    (objects) => compareOpen(git, sides, open, objects),
    join(places.commonDir, 'objects'),
  )
  if (cacheFile !== null) {
    for (const [index, built] of fresh.built) {
      const key = keys[index]
      if (key === undefined || !isWhole(built)) continue
      cache.standIns.set(key, built.commit)
      ids[index] = built.commit
    }
    await remember(cache, fresh, open, keyOf, folderRules)
    await storeRadarCache(cacheFile, cache)
  }
  let next = 0
  const comparisons = known.map((comparison) => comparison ?? fresh.comparisons[next++] ?? noComparison)
  return { comparisons, problems: [...listProblems(sides, fresh.built), ...crowded] }
}

/** What is not here is not fetched to have a look: hooks ask as well, and nobody waits for a network there. */
const noNetwork = { GIT_NO_LAZY_FETCH: '1', GIT_LFS_SKIP_SMUDGE: '1' }

function isUntouched(side: Side | undefined): boolean {
  const live = side?.live ?? null
  return live === null || changedPaths(live.status).length === 0
}

function noCache(): RadarCache {
  return { standIns: new Map(), comparisons: new Map() }
}

/** What could not be looked at as it is must be looked at, and said, the next time again. */
async function remember(
  { comparisons }: RadarCache,
  fresh: Fresh,
  pairs: readonly SidePair[],
  keyOf: (pair: SidePair) => string | undefined,
  folderRules: (folders: readonly string[]) => Promise<string>,
): Promise<void> {
  for (const [index, pair] of pairs.entries()) {
    const key = keyOf(pair)
    const comparison = fresh.comparisons[index]
    if (key === undefined || comparison === undefined || comparison.outcome === 'failed') continue
    if (!pair.every((side) => isWhole(fresh.built.get(side)))) continue
    comparisons.set(key, { ...comparison, folderRules: await folderRules(comparison.folders) })
  }
}

function isWhole(built: BuiltSide | undefined): boolean {
  return built === undefined || (built.failure === null && built.unread.length === 0 && !built.unfiltered)
}

function listProblems(sides: readonly Side[], built: ReadonlyMap<number, BuiltSide> = new Map()): SideProblem[] {
  return sides.flatMap(({ name, live }, index): SideProblem[] => {
    const { unread = [], unfiltered = false, failure = null } = built.get(index) ?? {}
    // what git was not let into is said each time: no state that is remembered tells of it
    const paths = [...new Set([...unread, ...(live?.status.unread ?? [])])]
    return [
      ...(failure === null ? [] : [{ name, kind: 'uncaptured' as const, paths: [], reason: failure }]),
      ...(paths.length === 0 ? [] : [{ name, kind: 'unread' as const, paths, reason: '' }]),
      ...(unfiltered ? [{ name, kind: 'unfiltered' as const, paths: [], reason: '' }] : []),
    ]
  })
}

/** Said each time, whatever is remembered of them: they make everything that looks there slow. */
function listCrowded(sides: readonly Side[]): SideProblem[] {
  return sides.flatMap(({ name, live }): SideProblem[] => {
    const count = live?.status.untracked.length ?? 0
    return count > mostUntracked ? [{ name, kind: 'many', paths: [], reason: String(count) }] : []
  })
}
