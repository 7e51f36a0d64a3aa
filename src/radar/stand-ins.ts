import { mapSideBySide, startSideBySide } from '../files/side-by-side.ts'
import { askInParts, requireBearable } from '../git/ask-in-parts.ts'
import type { Git } from '../git/git.ts'
import { listLivePaths, readLiveEntries } from '../git/live-entries.ts'
import { buildLiveTree, type LiveTree } from '../git/live-tree.ts'
import type { ScratchObjects } from '../git/scratch-objects.ts'
import { pathsToAdd } from '../git/status.ts'
import { type ChangedCommit, storeChanged } from '../git/store-changed.ts'
import { storeStandIns } from '../git/store-commits.ts'
import { failedComparison } from './comparison.ts'
import { isNested } from './live-key.ts'
import type { LivePlace, Side } from './side.ts'

/** A commit in the scratch objects that holds what a side's working tree holds. */
export interface BuiltSide {
  readonly commit: string
  /** Files that could not be read, and are as they were checked out. */
  readonly unread: readonly string[]
  readonly unfiltered: boolean
  /** Why there is no look at the working tree, and only its commits are compared; null where there is one. */
  readonly failure: string | null
}

/** So many untracked files are read whether or not anybody else has files of these names. */
export const mostUntracked = 2_000

interface DirtySide {
  readonly side: Side
  readonly live: LivePlace
  /** The paths and folders that matter, where there are more untracked files than are read unasked. */
  readonly wanted: ReadonlySet<string>
}

/** Makes the commits that stand for these sides, side by side: one git process for each at most, as a rule, and one for all. */
export async function buildStandIns(git: Git, sides: readonly DirtySide[], objects: ScratchObjects): Promise<BuiltSide[]> {
  const quick = await buildQuickly(git, sides, objects)
  const open = sides.filter((_side, index) => quick[index] === undefined)
  const thorough = await buildThoroughly(git, open, objects)
  return quick.flatMap((commit) => (commit === undefined ? thorough.splice(0, 1) : [done(wholly, commit)]))
}

const wholly = { unread: [], unfiltered: false }

/** From the entries that differ; undefined for those that takes more. */
async function buildQuickly(git: Git, sides: readonly DirtySide[], objects: ScratchObjects): Promise<(string | undefined)[]> {
  const inputs = sides.map(({ live, wanted }) => ({ ...live, untracked: listUntracked(live, wanted), objects }))
  // why there are none is found out with the whole index
  const entries = startSideBySide(inputs, (input) => readLiveEntries(git, input).catch(() => undefined))
  const changed = sides.flatMap(({ side: { head }, live }, index): (ChangedCommit & { index: number })[] => {
    const [input, found] = [inputs[index], entries[index]]
    // somebody committed since the list of worktrees was read
    if (input === undefined || found === undefined || live.status.head !== head) return []
    return [{ index, head, paths: listLivePaths(input), entries: found }]
  })
  try {
    const commits = await askInParts(changed, (some) => storeChanged(git, some, objects))
    const stored = new Map(changed.map(({ index }, place) => [index, commits[place]]))
    return sides.map((_side, index) => {
      const commit = stored.get(index)
      return commit instanceof Error ? undefined : commit
    })
  } finally {
    // the scratch objects stay until nobody writes there
    await Promise.all(entries)
  }
}

/** With the whole index of each, where the entries that differ are not enough: what git cannot read is left out, and named. */
async function buildThoroughly(git: Git, sides: readonly DirtySide[], objects: ScratchObjects): Promise<BuiltSide[]> {
  const trees = await mapSideBySide(sides, ({ live, wanted }) =>
    buildLiveTree(git, {
      ...live,
      paths: pathsToAdd({ ...live.status, untracked: listUntracked(live, wanted) }),
      leaveOut: live.status.untracked.filter(isNested),
      objects,
    }).catch(requireBearable),
  )
  const standIns = trees.flatMap((tree, index) =>
    tree instanceof Error ? [] : [{ tree: tree.tree, parents: [sides[index]?.side.head ?? ''] }],
  )
  const commits = await storeStandIns(git, standIns, objects)
  let next = 0
  return trees.map((tree, index) => (tree instanceof Error ? failed(sides[index]?.side, tree) : done(tree, commits[next++])))
}

function done({ unread, unfiltered }: Pick<LiveTree, 'unread' | 'unfiltered'>, commit = ''): BuiltSide {
  return { commit, unread, unfiltered, failure: null }
}

function failed(side: Side | undefined, error: Error): BuiltSide {
  return { commit: side?.head ?? '', unread: [], unfiltered: false, failure: failedComparison(error).reason ?? '' }
}

function listUntracked({ status: { untracked } }: LivePlace, wanted: ReadonlySet<string>): string[] {
  const isLimited = untracked.length > mostUntracked
  return untracked.filter((path) => !isNested(path) && (!isLimited || isWanted(path, wanted)))
}

/** A path, or a folder around it. */
function isWanted(path: string, wanted: ReadonlySet<string>): boolean {
  for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) if (wanted.has(path.slice(0, end))) return true
  return false
}
