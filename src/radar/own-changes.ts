import type { Changes } from './overlap.ts'
import type { SidePair } from './side.ts'

/** By a side's place: what it changed itself since it left its base. Sides of which that is not known are not in it. */
export type OwnChanges = ReadonlyMap<number, Changes>

/**
 * Tells the paths of a pair that are a matter between the two from those one of them only has from its base: a session that began later than
 * another has in it what was merged in between, and whoever conflicts with that conflicts with the base.
 */
export function makeOwnFilter(own: OwnChanges, pair: SidePair, changes: readonly [Changes, Changes]): (path: string) => boolean {
  return (path) =>
    pair.every((side, place) => {
      const ownOnes = own.get(side)
      if (ownOnes === undefined) return true
      const all = changes[place] ?? []
      // git names what the other one moved by its new name, which this one may never have heard of
      const names = isIn(path, all) ? [path] : listOtherNames(path, changes).filter((name) => isIn(name, all))
      return names.length === 0 || names.some((name) => isIn(name, ownOnes))
    })
}

/** What a file was called before it was moved, and what it was moved to. */
function listOtherNames(path: string, changes: readonly Changes[]): string[] {
  const moved = changes.flat().flatMap((layer) => layer.moved)
  return moved.flatMap(([to, from]) => (to === path ? [from] : from === path ? [to] : []))
}

/** As a file, or as a folder around new ones. */
function isIn(path: string, changes: Changes): boolean {
  return changes.some(({ paths, addedIn }) => paths.has(path) || addedIn.has(path))
}
