import { askInParts } from '../git/ask-in-parts.ts'
import type { Git } from '../git/git.ts'
import { listPathChanges } from '../git/path-changes.ts'
import { type ChangeLayer, type Changes, collectChanges, collectDirty, type DirtyPaths } from './overlap.ts'
import type { SidePair } from './side.ts'

/** A pair of sides, and the commits they parted at: none where they never were one. */
export interface Question {
  readonly pair: SidePair
  readonly bases: readonly string[]
}

/** What both sides of each question changed since they parted, or why that cannot be read. One git process. */
export async function readChanges(
  git: Git,
  questions: readonly Question[],
  locate: (index: number) => { commit: string; dirty?: DirtyPaths },
  env: Readonly<Record<string, string>> = {},
): Promise<(readonly [Changes, Changes] | Error)[]> {
  const wanted = new Map<string, { from: string; to: string }>()
  const dirty = new Map<number, ChangeLayer>()
  for (const { pair, bases } of questions) {
    for (const side of pair) {
      const { commit, dirty: paths } = locate(side)
      if (paths !== undefined && paths.paths.length > 0 && !dirty.has(side)) dirty.set(side, collectDirty(paths))
      for (const base of bases) if (base !== commit) wanted.set(`${base} ${commit}`, { from: base, to: commit })
    }
  }
  const answers = await askInParts([...wanted.values()], (asked) => listPathChanges(git, asked, env))
  const committed = new Map<string, ChangeLayer | Error>()
  for (const [index, key] of [...wanted.keys()].entries()) {
    const answer = answers[index] ?? []
    committed.set(key, answer instanceof Error ? answer : collectChanges(answer))
  }
  const changesOf = (side: number, bases: readonly string[]): Changes | Error => {
    const layers = bases.map((base) => committed.get(`${base} ${locate(side).commit}`))
    const failed = layers.find((layer) => layer instanceof Error)
    if (failed instanceof Error) return failed
    return [...layers, dirty.get(side)].filter((layer): layer is ChangeLayer => layer !== undefined && !(layer instanceof Error))
  }
  return questions.map(({ pair: [a, b], bases }) => {
    const [first, second] = [changesOf(a, bases), changesOf(b, bases)]
    if (first instanceof Error) return first
    return second instanceof Error ? second : ([first, second] as const)
  })
}
