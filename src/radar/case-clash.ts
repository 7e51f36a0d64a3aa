import { type Changes, pairLayers } from './overlap.ts'

/**
 * Paths that are one on a file system that does not tell upper from lower case, or composed from decomposed letters: one that is new to either
 * side, and the one it meets.
 */
export function findCaseClashes(a: Changes, b: Changes): (readonly [string, string])[] {
  const twins = pairLayers(a, b).flatMap(([one, other]) => [
    ...matchFolded(one.added, other.added),
    ...matchFolded(one.added, other.modified),
    ...matchFolded(one.modified, other.added),
  ])
  const isNews = (path: string): boolean => isHeld(path, a) !== isHeld(path, b)
  // one that both have is no news
  return twins.filter(([mine, theirs]) => isHeld(mine, a) && isHeld(theirs, b) && (isNews(mine) || isNews(theirs)))
}

type Folded = ReadonlyMap<string, string>

function matchFolded(one: Folded, other: Folded): (readonly [string, string])[] {
  const names = one.size < other.size ? one.keys() : other.keys()
  return [...names].flatMap((name) => {
    const [mine, theirs] = [one.get(name), other.get(name)]
    return mine === undefined || theirs === undefined || mine === theirs ? [] : [[mine, theirs] as const]
  })
}

/** Whether a changed path is there in the end; the last layer is the one that is not committed. */
function isHeld(path: string, changes: Changes): boolean {
  const last = changes.findLast(({ paths }) => paths.has(path))
  return last?.gone.has(path) === false
}
