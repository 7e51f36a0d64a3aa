/** The candidate most like what was typed, undefined when none is close enough (or within `atMost` changes) to be meant. */
export function findNearest(typed: string, candidates: readonly string[], atMost = Infinity): string | undefined {
  let nearest: string | undefined
  let shortest = Math.min(atMost, Math.max(1, Math.floor(typed.length / 3))) + 1
  for (const candidate of candidates) {
    const length = distance(simplify(typed), simplify(candidate))
    if (length < shortest) {
      nearest = candidate
      shortest = length
    }
  }
  return nearest
}

/** `base_branch`, `base-branch` and `BaseBranch` differ in nothing that matters here. */
function simplify(text: string): string {
  return text.toLowerCase().replace(/[-_\s]/g, '')
}

/** Insertions, deletions, changes and swaps of neighbours between two texts. */
function distance(a: string, b: string): number {
  let beforeLast: number[] = []
  let last = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let row = 1; row <= a.length; row += 1) {
    const current = [row]
    for (let column = 1; column <= b.length; column += 1) {
      const change = (last[column - 1] ?? 0) + (a[row - 1] === b[column - 1] ? 0 : 1)
      let best = Math.min(change, (last[column] ?? 0) + 1, (current[column - 1] ?? 0) + 1)
      if (a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1] && row > 1 && column > 1) {
        best = Math.min(best, (beforeLast[column - 2] ?? 0) + 1)
      }
      current.push(best)
    }
    beforeLast = last
    last = current
  }
  return last[b.length] ?? 0
}
