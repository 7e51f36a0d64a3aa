import type { ResolvedConfig } from '../../config/types.ts'
import { type Finding, FlightRulesError } from '../../errors.ts'
import { namePaths } from '../../files/quote-path.ts'
import { isDocument } from './is-document.ts'
import { isAt } from './is-at.ts'
import type { RadarPair } from './read-radar.ts'

/** Two that have something in common. */
export interface AnswerPair extends RadarPair {
  /** Those of the paths above that the config calls documents. */
  readonly documents: readonly string[]
}

export interface PairsAnswer {
  /** How many pairs were looked at. */
  readonly compared: number
  /** Those in which both changed something of the other's, or that could not be compared; with a conflict first. */
  readonly pairs: readonly AnswerPair[]
}

/**
 * Of all pairs those worth an answer: of a hundred sessions nearly all of the five thousand have nothing in common.
 * @param logs the sessions' own logs: that one session has another's, because it went on from there, is nothing between the two.
 */
export function selectPairs(
  pairs: readonly RadarPair[],
  config: Pick<ResolvedConfig, 'documents'>,
  logs: ReadonlySet<string> = new Set(),
): PairsAnswer {
  const found = pairs.flatMap((pair): AnswerPair[] => {
    const conflicting = pair.conflict.map(({ path }) => path)
    const overlap = pair.overlap.filter((path) => !logs.has(path) || conflicting.includes(path))
    const paths = [...new Set([...overlap, ...conflicting])].sort()
    return paths.length === 0 && pair.unknown === undefined
      ? []
      : [{ ...pair, overlap, documents: paths.filter((path) => isDocument(config, path)) }]
  })
  const worst = ({ conflict, unknown }: RadarPair): number => (conflict.length > 0 ? 0 : unknown === true ? 1 : 2)
  return { compared: pairs.length, pairs: found.toSorted((a, b) => worst(a) - worst(b)) }
}

/** What `--check` fails with; undefined where nothing conflicts, as far as anything could be compared. */
export function findConflictFailure(pairs: readonly RadarPair[]): FlightRulesError | undefined {
  const bad = pairs.filter(({ conflict }) => conflict.length > 0)
  const [first] = bad
  if (first === undefined) return findUnknown(pairs)
  const paths = first.conflict.map(({ path }) => path)
  const more = bad.length === 1 ? '' : `; ${bad.length} pairs would conflict`
  return new FlightRulesError({
    kind: 'conflict',
    code: 'CONFLICTS',
    message: `${first.a} and ${first.b} would conflict in ${namePaths(paths, 3)}${more}`,
    hint: 'flightrules radar',
    details: { pairs: bad.map(({ a, b, conflict }) => ({ a, b, paths: conflict.map(({ path }) => path) })) },
  })
}

/** What `--check` fails with where some pair that could not be compared may have to do with these paths. */
export function findUnknownAt(paths: readonly string[], pairs: readonly RadarPair[]): FlightRulesError | undefined {
  const isAsked = (changed: string): boolean => paths.some((path) => isAt(path, changed))
  return findUnknown(pairs.filter(({ overlap }) => overlap.length === 0 || overlap.some(isAsked)))
}

function findUnknown(pairs: readonly RadarPair[]): FlightRulesError | undefined {
  const unknown = pairs.filter((pair) => pair.unknown === true)
  const [first] = unknown
  if (first === undefined) return undefined
  const more = unknown.length === 1 ? '' : `; that is so of ${unknown.length} pairs`
  return new FlightRulesError({
    kind: 'failed',
    code: 'NOT_COMPARED',
    message: `${first.a} and ${first.b} could not be compared, so whether they would conflict is not known${more}`,
    hint: 'git fsck --connectivity-only',
    details: { pairs: unknown.map(({ a, b }) => ({ a, b })) },
  })
}

/** Codes of findings that say a session's files were not seen as they are. */
const unseen = new Set(['SESSION_UNREACHABLE', 'FILES_UNREADABLE'])

/** What `--check` fails with where nothing conflicts in what was seen, and not everything was. */
export function findUnseen(findings: readonly Finding[]): FlightRulesError | undefined {
  const [first, ...others] = findings.filter(({ code }) => unseen.has(code))
  if (first === undefined) return undefined
  const more = others.length === 0 ? '' : `; ${others.length + 1} findings are of this kind`
  return new FlightRulesError({
    kind: 'failed',
    code: 'NOT_COMPARED',
    message: `nothing conflicts in what was seen, but ${first.message}${more}`,
    ...(first.hint === undefined ? {} : { hint: first.hint }),
    details: { codes: [...new Set([first, ...others].map(({ code }) => code))] },
  })
}
