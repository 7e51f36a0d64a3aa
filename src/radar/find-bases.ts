import { mapSideBySide } from '../files/side-by-side.ts'
import { requireBearable } from '../git/ask-in-parts.ts'
import type { Git } from '../git/git.ts'
import { findMergeBases } from '../git/merge-bases.ts'
import type { CommitPair } from '../git/shared-commits.ts'

/** The merge bases of each pair, or why there is no saying: of commits whose history cannot be read, and only of those. */
export async function findBases(git: Git, pairs: readonly CommitPair[]): Promise<(readonly string[] | Error)[]> {
  try {
    return await findMergeBases(git, pairs)
  } catch (error) {
    const reason = requireBearable(error)
    const broken = await findBroken(git, [...new Set(pairs.flatMap(({ a, b }) => [a, b]))])
    if (broken.size === 0) return pairs.map(() => reason)
    const readable = pairs.filter(({ a, b }) => !broken.has(a) && !broken.has(b))
    const bases = await findMergeBases(git, readable).catch((again: unknown) => requireBearable(again))
    let next = 0
    return pairs.map(({ a, b }) => {
      const failure = broken.get(a) ?? broken.get(b)
      if (failure !== undefined) return failure
      return bases instanceof Error ? bases : (bases[next++] ?? [])
    })
  }
}

async function findBroken(git: Git, commits: readonly string[]): Promise<Map<string, Error>> {
  const failures = await mapSideBySide(commits, (commit) =>
    git.run(['rev-list', '--quiet', commit]).then(() => undefined, requireBearable),
  )
  return new Map(commits.flatMap((commit, index) => (failures[index] === undefined ? [] : [[commit, failures[index]]])))
}
