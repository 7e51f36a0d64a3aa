/** One that could be merged; by its place in a list. */
export interface Mergeable {
  /** Places of those it conflicts with. */
  readonly conflicts: ReadonlySet<number>
  /** How many files it changes. */
  readonly files: number
  /** Milliseconds since 1970 it began at. */
  readonly since: number
}

/** Groups of so many that hang together are tried out in every way; 25 of them take a hundredth of a second. */
const mostTried = 24

/**
 * The most of them that can be merged one after the other with nobody resolving anything: no two conflict. Of several equally large
 * choices the one with fewer files, then the older one. Exact, but for groups of more than a few dozen that all hang together.
 * @returns places, the oldest first.
 */
export function chooseLargestPeace(all: readonly Mergeable[]): number[] {
  const graph = new Map(all.map(({ conflicts }, place) => [place, conflicts]))
  const byPreference = [...graph.keys()].sort((a, b) => compare(all[a], all[b]) || a - b)
  const rank = new Map(byPreference.map((place, index) => [place, index]))
  const cost = (place: number): Cost => ({ count: 1, files: all[place]?.files ?? 0, rank: rank.get(place) ?? 0 })
  const chosen = listGroups(graph).flatMap((group) =>
    group.length > mostTried ? chooseGreedily(graph, group, rank) : chooseBest(graph, new Set(group), cost).places,
  )
  return chosen.sort((a, b) => (all[a]?.since ?? 0) - (all[b]?.since ?? 0) || a - b)
}

function compare(a: Mergeable | undefined, b: Mergeable | undefined): number {
  return (a?.files ?? 0) - (b?.files ?? 0) || (a?.since ?? 0) - (b?.since ?? 0)
}

interface Cost {
  readonly count: number
  readonly files: number
  readonly rank: number
}

interface Choice extends Cost {
  readonly places: readonly number[]
}

type Graph = ReadonlyMap<number, ReadonlySet<number>>

/** Those that are linked by conflicts, however many steps apart. */
function listGroups(graph: Graph): number[][] {
  const seen = new Set<number>()
  return [...graph.keys()].flatMap((start) => {
    if (seen.has(start)) return []
    const group = new Set([start])
    for (const place of group) for (const other of graph.get(place) ?? []) group.add(other)
    for (const place of group) seen.add(place)
    return [[...group]]
  })
}

/** With or without the one that stands in the way of most others; once nobody stands in anybody's way, all. */
function chooseBest(graph: Graph, open: ReadonlySet<number>, cost: (place: number) => Cost): Choice {
  let worst = -1
  let most = 0
  for (const place of open) {
    const degree = countOpen(graph, place, open)
    if (degree > most) [worst, most] = [place, degree]
  }
  if (worst === -1) return [...open].map((place) => ({ ...cost(place), places: [place] })).reduce(add, nothing)
  const others = new Set([...open].filter((place) => place !== worst))
  const peaceful = new Set([...others].filter((place) => graph.get(worst)?.has(place) !== true))
  const without = chooseBest(graph, others, cost)
  const within = add({ ...cost(worst), places: [worst] }, chooseBest(graph, peaceful, cost))
  return isBetter(within, without) ? within : without
}

const nothing: Choice = { count: 0, files: 0, rank: 0, places: [] }

function add(a: Choice, b: Choice): Choice {
  return { count: a.count + b.count, files: a.files + b.files, rank: a.rank + b.rank, places: [...a.places, ...b.places] }
}

function isBetter(a: Cost, b: Cost): boolean {
  if (a.count !== b.count) return a.count > b.count
  return a.files === b.files ? a.rank < b.rank : a.files < b.files
}

/** Always the one that stands in the fewest others' way. */
function chooseGreedily(graph: Graph, group: readonly number[], rank: ReadonlyMap<number, number>): number[] {
  const open = new Set(group)
  const chosen: number[] = []
  while (open.size > 0) {
    const degrees = [...open].map((place) => ({ place, degree: countOpen(graph, place, open), rank: rank.get(place) ?? 0 }))
    const [best] = degrees.sort((a, b) => a.degree - b.degree || a.rank - b.rank)
    if (best === undefined) break
    chosen.push(best.place)
    open.delete(best.place)
    for (const other of graph.get(best.place) ?? []) open.delete(other)
  }
  return chosen
}

function countOpen(graph: Graph, place: number, open: ReadonlySet<number>): number {
  let count = 0
  for (const other of graph.get(place) ?? []) if (open.has(other)) count += 1
  return count
}
