import { readFile } from 'node:fs/promises'
import { replaceFile } from '../files/replace-file.ts'
import { hasFields, isListOf, isMapOf, isOneOf, isText } from '../files/shape.ts'
import type { Comparison } from './comparison.ts'

/** What was found out before. */
export interface RadarCache {
  /** By live key: the commit that stands for that state. */
  readonly standIns: Map<string, string>
  /** By both sides' ids, smaller first, and what else decides. */
  readonly comparisons: Map<string, KnownComparison>
}

export interface KnownComparison extends Comparison {
  /** The attributes in its folders it was made with, see `makeFolderRules`. */
  readonly folderRules: string
}

/** Pairs of a hundred sessions, twice. */
const mostComparisons = 10_000
const mostStandIns = 2_000

const isStored = hasFields({
  version: isOneOf(1),
  standIns: isMapOf(isText),
  comparisons: isMapOf(
    hasFields({
      outcome: isOneOf('compared', 'unrelated'),
      overlap: isListOf(isText),
      conflict: isListOf(hasFields({ path: isText, kind: isText })),
      caseClash: isListOf(isText),
      folders: isListOf(isText),
      folderRules: isText,
    }),
  ),
})

/** Anything that is not exactly a cache is none. */
export async function loadRadarCache(file: string): Promise<RadarCache> {
  const empty = { standIns: new Map<string, string>(), comparisons: new Map<string, KnownComparison>() }
  try {
    const content: unknown = JSON.parse(await readFile(file, 'utf8'))
    if (!isStored(content)) return empty
    const { standIns, comparisons } = content as {
      standIns: Record<string, string>
      comparisons: Record<string, KnownComparison>
    }
    return { standIns: new Map(Object.entries(standIns)), comparisons: new Map(Object.entries(comparisons)) }
  } catch {
    return empty
  }
}

/** One that cannot be written costs time, not truth. */
export async function storeRadarCache(file: string, { standIns, comparisons }: RadarCache): Promise<void> {
  const content = {
    version: 1,
    standIns: Object.fromEntries([...standIns].slice(-mostStandIns)),
    comparisons: Object.fromEntries([...comparisons].slice(-mostComparisons)),
  }
  await replaceFile(file, JSON.stringify(content)).catch(() => {})
}

export function comparisonKey(a: string, b: string, rules: string): string {
  return a < b ? `${a}:${b}:${rules}` : `${b}:${a}:${rules}`
}
