import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '../files/replace-file.ts'
import { hasFields, isListOf, isMapOf, isNumber, isOneOf, isText } from '../files/shape.ts'
import { type Context, commonDirOf } from './context.ts'

/** How a session's commits stand to its base. A pure function of the commits, so it is kept. */
export interface Divergence {
  readonly ahead: number
  readonly behind: number
  /** Paths the session's own commits change. */
  readonly touched: readonly string[]
  /**
   * `merged`: its work is in the base, or in what that follows; `reverted`: it was, and all of it was taken back; `net-zero`: its commits
   * change nothing together; `open`: none of these, or it is not known.
   */
  readonly work: 'open' | 'merged' | 'reverted' | 'net-zero'
}

const isCache = isMapOf(
  hasFields({
    ahead: isNumber,
    behind: isNumber,
    touched: isListOf(isText),
    work: isOneOf('open', 'merged', 'reverted', 'net-zero'),
  }),
)

export interface Pair {
  /** Commits. */
  readonly base: string
  readonly tip: string
  /** Where the session started. */
  readonly start: string
  /** Its branch, null on a detached HEAD. */
  readonly branch: string | null
  /** Commit the base's upstream points to, as far as was seen. */
  readonly upstream?: string | null
}

const none: Divergence = { ahead: 0, behind: 0, touched: [], work: 'open' }

/** Pairs worth remembering: all sessions of a busy repository, a few tips each. */
const largestCache = 2_000

/**
 * The divergence of each pair, in order; undefined where something of its history is missing. What was computed before is read from a cache; the
 * rest costs a dozen git processes however many pairs there are, and one more for each that a merge has brought in.
 */
export async function loadDivergences(context: Context, pairs: readonly Pair[]): Promise<(Divergence | undefined)[]> {
  // a base that was fast-forwarded to the tip is the same commit, and yet the work has arrived
  const isMoved = ({ base, tip, start }: Pair): boolean => base !== tip || tip !== start
  const moved = pairs.filter(isMoved)
  if (moved.length === 0) return pairs.map(() => none)
  const file = join(commonDirOf(context), 'flightrules', 'cache', 'divergence.json')
  const cache = await loadCache(file)
  const missing = moved.filter((pair) => cache.get(keyOf(pair)) === undefined)
  if (missing.length > 0) {
    // hooks mostly find what is known
    const { computeDivergences } = await import('./compute-divergences.ts')
    const found = await computeDivergences(context, missing)
    for (const [index, pair] of missing.entries()) {
      const divergence = found[index]
      if (divergence !== undefined) cache.set(keyOf(pair), divergence)
    }
    const kept = [...cache].slice(-largestCache)
    // a cache that cannot be written costs time, not truth
    await replaceFile(file, JSON.stringify(Object.fromEntries(kept))).catch(() => {})
  }
  return pairs.map((pair) => (isMoved(pair) ? cache.get(keyOf(pair)) : none))
}

async function loadCache(file: string): Promise<Map<string, Divergence>> {
  const text = await readFile(file, 'utf8').catch(() => '{}')
  try {
    const content: unknown = JSON.parse(text)
    return isCache(content) ? new Map(Object.entries(content as Readonly<Record<string, Divergence>>)) : new Map()
  } catch {
    return new Map()
  }
}

function keyOf({ base, tip, start, branch, upstream }: Pair): string {
  return `${base}:${tip}:${start}:${upstream ?? ''}:${branch ?? ''}`
}
