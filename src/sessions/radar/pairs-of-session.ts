import type { PathsWith } from '../session-status.ts'
import type { RadarPair } from './read-radar.ts'

export interface SessionPairs {
  /** All paths it and the other change, those that would conflict too. */
  readonly overlaps: readonly PathsWith[]
  readonly conflicts: readonly PathsWith[]
}

/** What the radar says from the point of view of one session; `ignored` are paths nobody is to be told about. */
export function pairsOfSession(id: string, pairs: readonly RadarPair[], ignored: ReadonlySet<string>): SessionPairs {
  const own = pairs.filter(({ a, b }) => a === id || b === id)
  const list = (pathsOf: (pair: RadarPair) => readonly string[]): PathsWith[] =>
    own.flatMap((pair) => {
      const paths = [...new Set(pathsOf(pair))].filter((path) => !ignored.has(path)).toSorted()
      return paths.length === 0 ? [] : [{ with: pair.a === id ? pair.b : pair.a, paths }]
    })
  return { overlaps: list(({ overlap }) => overlap), conflicts: list(({ conflict }) => conflict.map(({ path }) => path)) }
}
