import type { Git } from '../git/git.ts'
import type { ScratchObjects } from '../git/scratch-objects.ts'
import { changedPaths } from '../git/status.ts'
import type { Side } from './side.ts'
import { buildStandIns } from './stand-ins.ts'

/** For each side a commit that holds what it holds now, in the scratch objects where that is in none yet. */
export async function buildLiveCommits(git: Git, sides: readonly Side[], objects: ScratchObjects): Promise<string[]> {
  const dirty = sides.flatMap((side, index) =>
    side.live !== null && changedPaths(side.live.status).length > 0
      ? [{ index, side, live: side.live, wanted: new Set<string>() }]
      : [],
  )
  const built = await buildStandIns(git, dirty, objects)
  const commits = new Map(built.map(({ commit }, place) => [dirty[place]?.index, commit]))
  return sides.map(({ head }, index) => commits.get(index) ?? head)
}
