// The parts of the radar the benchmark times by themselves; bundled before it is run, for they are TypeScript.
import { Git } from '../src/git/git.ts'
import { mergeTrees } from '../src/git/merge-tree.ts'
import { withScratchObjects } from '../src/git/scratch-objects.ts'
import { readStatus } from '../src/git/status.ts'
import { buildStandIns } from '../src/radar/stand-ins.ts'

export { Git, mergeTrees, withScratchObjects }

/** What the radar does to see one worktree as it is: a commit that holds it. */
export async function snapshot(git, worktree, objects) {
  const status = await readStatus(git, worktree.path)
  const side = { head: status.head }
  const live = { worktree: worktree.path, gitDir: worktree.gitDir, status }
  const [built] = await buildStandIns(git, [{ side, live, wanted: new Set() }], objects)
  if (built.failure !== null || built.unread.length > 0) throw new Error(`${worktree.path} was not seen as it is`)
  return built.commit
}

/** The same for each, one by one. */
export async function storeAll(git, worktrees, objects) {
  const commits = []
  for (const worktree of worktrees) commits.push(await snapshot(git, worktree, objects))
  return commits
}
