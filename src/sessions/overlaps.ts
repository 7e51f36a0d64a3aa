import type { PathsWith } from './session-status.ts'

/** For each session the others that change some of the same paths, and which. */
export function findOverlaps(
  touched: readonly { readonly id: string; readonly paths: readonly string[] }[],
): Map<string, PathsWith[]> {
  const touchedBy = new Map<string, Set<string>>()
  for (const { id, paths } of touched) {
    for (const path of paths) touchedBy.set(path, (touchedBy.get(path) ?? new Set()).add(id))
  }
  const overlaps = new Map<string, Map<string, string[]>>()
  for (const [path, ids] of touchedBy) {
    for (const id of ids) {
      for (const other of ids) {
        if (other === id) continue
        const mine = overlaps.get(id) ?? new Map<string, string[]>()
        overlaps.set(id, mine.set(other, [...(mine.get(other) ?? []), path]))
      }
    }
  }
  return new Map(
    [...overlaps].map(([id, others]) => [id, [...others].map(([other, paths]) => ({ with: other, paths: paths.toSorted() }))]),
  )
}
