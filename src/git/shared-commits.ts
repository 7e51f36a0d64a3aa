import type { GraphCommit } from './commit-graph.ts'

/** Two commits by their names. */
export interface CommitPair {
  readonly a: string
  readonly b: string
}

/** One bit for each end of a walk. */
type Mask = Uint32Array

/**
 * The best commits each pair has in common: those that no other shared one comes after. Goes over the walk once, however many pairs there
 * are: of each commit it is known which ends come from it, and a commit is a pair's best one when none of its children is shared by them.
 * @param commits children before their parents.
 */
export function findBestShared(
  commits: ReadonlyMap<string, Pick<GraphCommit, 'parents'>>,
  pairs: readonly CommitPair[],
): string[][] {
  const ends = [...new Set(pairs.flatMap(({ a, b }) => [a, b]))]
  const places = new Map(ends.map((end, place) => [end, place]))
  const words = Math.ceil(ends.length / 32)
  const partners = ends.map((): Mask => new Uint32Array(words))
  for (const { a, b } of pairs)
    for (const [one, other] of [
      [a, b],
      [b, a],
    ] as const)
      setBit(partners[places.get(one) ?? -1], places.get(other) ?? 0)
  const found = new Map<number, string[]>()
  const fromChildren = new Map<string, Mask[]>()
  for (const [commit, { parents }] of commits) {
    const below = fromChildren.get(commit) ?? []
    fromChildren.delete(commit)
    const own = places.get(commit)
    const [only] = below
    const mask = own === undefined && below.length === 1 && only !== undefined ? only : unite(below, own, words)
    if (mask !== only) {
      for (const end of listBits(mask)) {
        const covered = unite(
          below.filter((child) => hasBit(child, end)),
          undefined,
          words,
        )
        for (const other of listBits(mask.map((word, at) => word & (partners[end]?.[at] ?? 0) & ~(covered[at] ?? 0)))) {
          if (other <= end) continue
          const key = end * ends.length + other
          found.set(key, [...(found.get(key) ?? []), commit])
        }
      }
    }
    for (const parent of parents) {
      const masks = fromChildren.get(parent)
      if (masks === undefined) fromChildren.set(parent, [mask])
      else if (!masks.includes(mask)) masks.push(mask)
    }
  }
  return pairs.map(({ a, b }) => {
    if (a === b) return [a]
    const [first, second] = [places.get(a) ?? 0, places.get(b) ?? 0].toSorted((one, other) => one - other) as [number, number]
    return found.get(first * ends.length + second) ?? []
  })
}

function unite(masks: readonly Mask[], own: number | undefined, words: number): Mask {
  const united = new Uint32Array(words)
  for (const mask of masks) for (let at = 0; at < words; at += 1) united[at] = (united[at] ?? 0) | (mask[at] ?? 0)
  if (own !== undefined) setBit(united, own)
  return united
}

function setBit(mask: Mask | undefined, place: number): void {
  if (mask !== undefined) mask[place >> 5] = (mask[place >> 5] ?? 0) | (1 << (place & 31))
}

function hasBit(mask: Mask, place: number): boolean {
  return ((mask[place >> 5] ?? 0) & (1 << (place & 31))) !== 0
}

function listBits(mask: Mask): number[] {
  const bits: number[] = []
  for (const [at, word] of mask.entries()) {
    for (let rest = word; rest !== 0; rest &= rest - 1) bits.push(at * 32 + 31 - Math.clz32(rest & -rest))
  }
  return bits
}
