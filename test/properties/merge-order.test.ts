import fc from 'fast-check'
import { expect, test } from 'vitest'
import { chooseLargestPeace, type Mergeable } from '../../src/radar/merge-order.ts'

/** Some that could be merged, with any conflicts between them. */
function mergeables(size: { readonly minLength?: number; readonly maxLength: number }): fc.Arbitrary<Mergeable[]> {
  const one = fc.record({ files: fc.nat(3), since: fc.nat(5) })
  return fc.array(one, size).chain((all) =>
    fc.array(fc.tuple(fc.nat(all.length), fc.nat(all.length)), { maxLength: all.length * 2 }).map((links) => {
      const edges = links.filter(([a, b]) => a !== b && a < all.length && b < all.length)
      return all.map((entry, place) => ({
        ...entry,
        conflicts: new Set(edges.flatMap(([a, b]) => (a === place ? [b] : b === place ? [a] : []))),
      }))
    }),
  )
}

/** How many of them meet one that went before, in this order. */
function countResolved(all: readonly Mergeable[], order: readonly number[]): number {
  return order.filter((place, index) => order.slice(0, index).some((before) => all[place]?.conflicts.has(before))).length
}

function complete(all: readonly Mergeable[], chosen: readonly number[]): number[] {
  return [...chosen, ...[...all.keys()].filter((place) => !chosen.includes(place))]
}

test('no order of up to seven has fewer that somebody must resolve', () => {
  fc.assert(
    fc.property(
      mergeables({ maxLength: 7 }).chain((all) =>
        fc.tuple(fc.constant(all), fc.shuffledSubarray([...all.keys()], { minLength: all.length })),
      ),
      ([all, other]) => {
        const order = complete(all, chooseLargestPeace(all))
        expect(countResolved(all, order)).toBeLessThanOrEqual(countResolved(all, other))
      },
    ),
    { numRuns: 1_000 },
  )
})

test('of equally many those with fewer files, and of these the older', () => {
  const all = ['5 1', '2 9', '2 3'].map((text): Mergeable => {
    const [files = 0, since = 0] = text.split(' ').map(Number)
    return { files, since, conflicts: new Set() }
  })
  const enemies = all.map((one, place) => ({ ...one, conflicts: new Set([0, 1, 2].filter((other) => other !== place)) }))
  expect(chooseLargestPeace(enemies)).toEqual([2])
  expect(chooseLargestPeace(enemies.slice(0, 2).map((one, place) => ({ ...one, conflicts: new Set([1 - place]) })))).toEqual([1])
  expect(chooseLargestPeace(all)).toEqual([0, 2, 1])
})

test.each([24, 60, 300])('%i that all hang together are answered at once: no two conflict, and nobody else fits in', (size) => {
  const ring = Array.from({ length: size }, (_one, place): Mergeable => {
    const others = [1, 2, 7].flatMap((step) => [(place + step) % size, (place - step + size) % size])
    return { files: place % 3, since: place, conflicts: new Set(others) }
  })
  const chosen = new Set(chooseLargestPeace(ring))
  for (const [place, { conflicts }] of ring.entries())
    expect(chosen.has(place)).toBe([...conflicts].every((other) => !chosen.has(other)))
})
