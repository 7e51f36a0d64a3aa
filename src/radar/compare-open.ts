import { askInParts } from '../git/ask-in-parts.ts'
import type { Git } from '../git/git.ts'
import { mergeTrees } from '../git/merge-tree.ts'
import type { ScratchObjects } from '../git/scratch-objects.ts'
import { changedPaths } from '../git/status.ts'
import { type Comparison, failedComparison, noComparison } from './comparison.ts'
import { findCaseClashes } from './case-clash.ts'
import { findBases } from './find-bases.ts'
import { type DirtyPaths, findMovedFolders, findOverlap, listMergedFolders } from './overlap.ts'
import { makeOwnFilter, type OwnChanges } from './own-changes.ts'
import { type Question, readChanges } from './read-changes.ts'
import type { Side, SidePair } from './side.ts'
import { type BuiltSide, buildStandIns } from './stand-ins.ts'

export interface Fresh {
  readonly comparisons: readonly Comparison[]
  /** By the side's place, those that were looked at closely. */
  readonly built: ReadonlyMap<number, BuiltSide>
}

/**
 * Compares pairs nothing is known of. First by names alone, which is cheap and good enough to tell who has nothing to do with whom; then
 * those that may have are looked at as they are.
 */
export async function compareOpen(
  git: Git,
  sides: readonly Side[],
  pairs: readonly SidePair[],
  objects: ScratchObjects,
): Promise<Fresh> {
  const headOf = (index: number): string => sides[index]?.head ?? ''
  const owners = listOwners(sides, pairs)
  const bases = await findBases(git, [
    ...pairs.map(([a, b]) => ({ a: headOf(a), b: headOf(b) })),
    ...owners.map((side) => ({ a: headOf(side), b: sides[side]?.base ?? '' })),
  ])
  const dirty = sides.map(readDirty)
  const comparisons: Comparison[] = pairs.map(() => noComparison)
  const questions = pairs.flatMap((pair, index): (Question & { index: number })[] => {
    const parted = bases[index] ?? []
    if (parted instanceof Error) comparisons[index] = failedComparison(parted)
    else if (parted.length === 0) comparisons[index] = { ...noComparison, outcome: 'unrelated' }
    else return [{ pair, index, bases: parted }]
    return []
  })
  const ownQuestions = owners.flatMap((side, place): Question[] => {
    const parted = bases[pairs.length + place] ?? []
    return parted instanceof Error || parted.length === 0 ? [] : [{ pair: [side, side], bases: parted }]
  })
  const locate = (side: number) => ({ commit: headOf(side), dirty: dirty[side] ?? nothing })
  const rough = await readChanges(git, [...questions, ...ownQuestions], locate)
  const own: OwnChanges = new Map(
    ownQuestions.flatMap(({ pair: [side] }, place) => {
      const changes = rough[questions.length + place] ?? new Error('git did not answer')
      return changes instanceof Error ? [] : [[side, changes[0]] as const]
    }),
  )
  const close = questions.flatMap((question, place): CloseQuestion[] => {
    const changes = rough[place] ?? new Error('git did not answer')
    if (changes instanceof Error) {
      comparisons[question.index] = failedComparison(changes)
      return []
    }
    const isOwn = makeOwnFilter(own, question.pair, changes)
    const [overlap, moved] = [findOverlap(...changes).filter(isOwn), findMovedFolders(...changes)]
    const twins = findCaseClashes(...changes).filter((both) => both.every(isOwn))
    comparisons[question.index] = { ...noComparison, caseClash: [...new Set(twins.flat())].sort() }
    return overlap.length + moved.length > 0 ? [{ ...question, wanted: [...overlap, ...moved] }] : []
  })
  const built = await buildThese(git, sides, dirty, close, objects)
  const commitOf = (index: number): string => built.get(index)?.commit ?? headOf(index)
  for (const [index, answer] of await mergeClose(git, close, own, commitOf, objects)) {
    const { caseClash = [] } = comparisons[index] ?? {}
    comparisons[index] = { ...answer, caseClash }
  }
  return { comparisons, built }
}

interface CloseQuestion extends Question {
  /** The pair's place among all. */
  readonly index: number
  /** Paths, and folders, in which the two may get into each other's way. */
  readonly wanted: readonly string[]
}

async function buildThese(
  git: Git,
  sides: readonly Side[],
  dirty: readonly DirtyPaths[],
  questions: readonly CloseQuestion[],
  objects: ScratchObjects,
): Promise<Map<number, BuiltSide>> {
  const wanted = new Map<number, Set<string>>()
  for (const { pair, wanted: places } of questions) {
    for (const side of pair) {
      const paths = wanted.get(side) ?? new Set()
      for (const path of places) paths.add(path)
      wanted.set(side, paths)
    }
  }
  const building = [...wanted].flatMap(([index, paths]) => {
    const side = sides[index]
    return side !== undefined && side.live !== null && (dirty[index]?.paths.length ?? 0) > 0
      ? [{ index, side, live: side.live, wanted: paths }]
      : []
  })
  const built = await buildStandIns(git, building, objects)
  return new Map(built.flatMap((side, place) => [[building[place]?.index ?? -1, side]]))
}

/** By the question's index: what both changed as they are, and what merging them gives. */
async function mergeClose(
  git: Git,
  questions: readonly CloseQuestion[],
  own: OwnChanges,
  commitOf: (side: number) => string,
  objects: ScratchObjects,
): Promise<Map<number, Comparison>> {
  const changes = await readChanges(git, questions, (index) => ({ commit: commitOf(index) }), objects.env)
  const answers = new Map<number, Comparison>()
  const merging = questions.flatMap(({ index, pair }, place) => {
    const both = changes[place] ?? new Error('git did not answer')
    if (both instanceof Error) {
      answers.set(index, failedComparison(both))
      return []
    }
    const isOwn = makeOwnFilter(own, pair, both)
    const overlap = findOverlap(...both).filter(isOwn)
    answers.set(index, { ...noComparison, overlap })
    if (overlap.length + findMovedFolders(...both).length === 0) return []
    const [ours, theirs] = [commitOf(pair[0]), commitOf(pair[1])]
    return [{ index, overlap, isOwn, folders: listMergedFolders(...both, overlap), ours, theirs }]
  })
  const outcomes = await askInParts(merging, (pairs) => mergeTrees(git, pairs, { objects }))
  for (const [place, { index, overlap, isOwn, folders }] of merging.entries()) {
    const outcome = outcomes[place] ?? new Error('git did not answer')
    if (outcome instanceof Error) answers.set(index, failedComparison(outcome, overlap))
    else {
      const conflict = outcome.conflicts.filter(({ path }) => isOwn(path))
      answers.set(index, { ...noComparison, overlap, conflict, folders })
    }
  }
  return answers
}

/** Sides of pairs that both have a base: what is between those need not be theirs. */
function listOwners(sides: readonly Side[], pairs: readonly SidePair[]): number[] {
  const owned = pairs.filter((pair) => pair.every((side) => typeof sides[side]?.base === 'string'))
  return [...new Set(owned.flat())]
}

const nothing: DirtyPaths = { paths: [], deleted: [], added: [] }

function readDirty({ live }: Side): DirtyPaths {
  if (live === null) return nothing
  const { deleted, added, untracked } = live.status
  return { paths: changedPaths(live.status), deleted, added: [...added, ...untracked] }
}
