import { createHash } from 'node:crypto'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { type Uncaptured, type WalkedTree, walkTree } from './walk-tree.ts'

export interface WorktreePlace {
  /** Absolute path of a linked worktree. */
  readonly worktree: string
  /** Its own git directory, below the repository's `worktrees`. */
  readonly gitDir: string
}

export interface WalkedWorktree {
  readonly files: WalkedTree
  readonly admin: WalkedTree
  readonly uncaptured: readonly Uncaptured[]
  /** The same as long as nothing in either place changed. */
  readonly state: string
}

/** Says where the worktree is and who holds it: true of one place only. `modules` are repositories of their own. */
const ofOnePlace = ['gitdir', 'commondir', 'locked', 'modules', 'fsmonitor--daemon', 'fsmonitor--daemon.ipc']

/** Everything a linked worktree consists of, as it is on the disk now. */
export async function walkWorktree(
  { worktree, gitDir }: WorktreePlace,
  except: (path: string) => boolean = () => false,
): Promise<WalkedWorktree> {
  const files = await walkTree(worktree, { isExcepted: (path) => path === '.git' || except(path) })
  const admin = await walkTree(gitDir, {
    isExcepted: (path) => ofOnePlace.includes(path) || path.endsWith('.lock'),
    shownBelow: '.git/',
  })
  const modules = await readdir(join(gitDir, 'modules')).catch(() => [])
  const submodules: Uncaptured[] = modules.length === 0 ? [] : [{ path: '.git/modules/', why: 'repository' }]
  const uncaptured = [...files.uncaptured, ...admin.uncaptured, ...submodules]
  const seen = [files.entries, admin.entries].map((entries) =>
    entries.map(({ path, type, mode, stamp }) => [path, type, mode, stamp]),
  )
  const state = createHash('sha256')
    .update(JSON.stringify([seen, uncaptured]))
    .digest('hex')
  const excepted = files.excepted.filter((path) => path !== '.git')
  return { files: { ...files, excepted }, admin, uncaptured, state }
}
