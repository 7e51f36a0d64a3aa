import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { replaceFile } from '../files/replace-file.ts'
import { hasFields, isFlag, isListOf, isMapOf, isNumber, isText } from '../files/shape.ts'
import { mapSideBySide } from '../files/side-by-side.ts'
import { type Divergence as GitDivergence, findDivergences } from '../git/divergence.ts'
import type { Git } from '../git/git.ts'
import { mergeTrees } from '../git/merge-tree.ts'
import { readTouchedPaths } from '../git/touched-paths.ts'
import { findIntegration } from '../integrate/is-integrated.ts'
import { type Context, commonDirOf } from './context.ts'

/** How a session's commits stand to its base. A pure function of two commits, so it is kept. */
export interface Divergence {
  readonly ahead: number
  readonly behind: number
  /** Paths the session's own commits change. */
  readonly touched: readonly string[]
  /** Paths that would conflict if the session were merged now. */
  readonly conflicts: readonly string[]
  /** The session's work is in the base already. */
  readonly integrated: boolean
}

const isCache = isMapOf(
  hasFields({ ahead: isNumber, behind: isNumber, touched: isListOf(isText), conflicts: isListOf(isText), integrated: isFlag }),
)

export interface Pair {
  /** Commits. */
  readonly base: string
  readonly tip: string
  /** Where the session started. */
  readonly start: string
  /** Its branch, null on a detached HEAD. */
  readonly branch: string | null
}

const none: Divergence = { ahead: 0, behind: 0, touched: [], conflicts: [], integrated: false }

/** Pairs worth remembering: all sessions of a busy repository, a few tips each. */
const largestCache = 2_000

/**
 * The divergence of each pair, in order. What was computed before is read from a cache; the rest costs
 * four git processes however many pairs there are, and a few more for each that may have been squashed or rebased into its base.
 */
export async function loadDivergences(context: Context, pairs: readonly Pair[]): Promise<Divergence[]> {
  // a base that was fast-forwarded to the tip is the same commit, and yet the work has arrived
  const moved = pairs.filter(({ base, tip, start }) => base !== tip || tip !== start)
  if (moved.length === 0) return pairs.map(() => none)
  const file = join(commonDirOf(context), 'flightrules', 'cache', 'divergence.json')
  const cache = await loadCache(file)
  const missing = moved.filter((pair) => cache.get(keyOf(pair)) === undefined)
  if (missing.length > 0) {
    for (const [key, divergence] of await computeDivergences(context, missing)) cache.set(key, divergence)
    const kept = [...cache].slice(-largestCache)
    // a cache that cannot be written costs time, not truth
    await replaceFile(file, JSON.stringify(Object.fromEntries(kept))).catch(() => {})
  }
  return pairs.map((pair) => cache.get(keyOf(pair)) ?? none)
}

async function computeDivergences({ git }: Context, pairs: readonly Pair[]): Promise<Map<string, Divergence>> {
  const divergences = await findDivergences(git, pairs)
  const commits = [...new Set(divergences.flatMap((divergence) => divergence.ahead))]
  const diverged = pairs.filter(
    (_pair, index) => (divergences[index]?.ahead.length ?? 0) > 0 && (divergences[index]?.behind ?? 0) > 0,
  )
  const [touched, merges] = await Promise.all([
    readTouchedPaths(git, commits),
    diverged.length === 0
      ? []
      : mergeTrees(
          git,
          diverged.map(({ base, tip }) => ({ ours: base, theirs: tip })),
        ),
  ])
  const verdicts = await mapSideBySide(pairs, (pair, index) => isIntegrated(git, pair, divergences[index]))
  const conflicts = new Map(
    diverged.map((pair, index) => [keyOf(pair), merges[index]?.conflicts.map((conflict) => conflict.path) ?? []]),
  )
  return new Map(
    pairs.map((pair, index) => {
      const divergence = divergences[index]
      const ahead = divergence?.ahead ?? []
      const paths = [...new Set(ahead.flatMap((commit) => touched.get(commit) ?? []))].sort()
      return [
        keyOf(pair),
        {
          ahead: ahead.length,
          behind: divergence?.behind ?? 0,
          touched: paths,
          conflicts: [...new Set(conflicts.get(keyOf(pair)) ?? [])],
          integrated: verdicts[index] ?? false,
        },
      ]
    }),
  )
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

/** A fresh session is an ancestor of its base too: only a tip that has left its start can have been integrated. */
async function isIntegrated(
  git: Git,
  { base, tip, start, branch }: Pair,
  divergence: GitDivergence | undefined,
): Promise<boolean> {
  if (tip === start || divergence === undefined) return false
  // the base has not moved past it: whatever it has of its own is not there
  if (divergence.ahead.length > 0 && divergence.behind === 0) return false
  const found = await findIntegration(git, { base, tip, start, ...(branch === null ? {} : { ref: `refs/heads/${branch}` }) })
  return found !== null && typeof found === 'object'
}

function keyOf({ base, tip, start, branch }: Pair): string {
  return `${base}:${tip}:${start}:${branch ?? ''}`
}
