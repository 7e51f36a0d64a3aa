import type { Git } from './git.ts'
import { GitError } from './git-error.ts'
import { quietly, withIndexCopy } from './index-copy.ts'
import { storeConflicts } from './store-conflicts.ts'

export interface WorktreeSnapshot {
  /** The commit that holds the working tree; its parents are HEAD and, where the index could be written, the index. */
  readonly commit: string
  /** Tree of everything tracked and untracked that is not ignored. */
  readonly tree: string
  /** The commit that holds the index, null when it had conflicts and could not be a tree. */
  readonly index: string | null
}

export interface SnapshotInput {
  readonly worktree: string
  readonly gitDir: string
  readonly message: string
  /** Commit that is checked out, null when none is; read when it is not given. */
  readonly head?: string | null
  /** Further parents of the commit. */
  readonly beside?: readonly string[]
  /** Paths that are not looked at. */
  readonly leaveOut?: readonly string[]
  /** Lines for `update-index -z --index-info`, where `git add` cannot: a filter that is not installed, a file nobody may read. */
  readonly instead?: () => Promise<Uint8Array>
}

/**
 * Stores what a worktree holds (tracked and untracked, not ignored) as a commit no ref points to yet, without touching
 * the worktree, its index or its HEAD: git works on a copy of the index.
 */
export async function snapshotWorktree(git: Git, input: SnapshotInput): Promise<WorktreeSnapshot> {
  return withIndexCopy(input.gitDir, async (env) => {
    const at = { cwd: input.worktree, env }
    const head = input.head === undefined ? await readHead(git, input.worktree) : (input.head ?? '')
    // an index with conflicts cannot be a tree; the working tree below has the conflict markers
    const staged = (await git.run([...quietly, 'write-tree'], { ...at, accept: [0, 128] })).stdout.trim()
    await addAll(git, input, env)
    const tree = await git.readLine([...quietly, 'write-tree'], at)
    const headParents = head === '' ? [] : ['-p', head]
    const identity = { env: { ...snapshotIdentity, ...env }, cwd: input.worktree }
    const index =
      staged === ''
        ? null
        : await git.readLine(['commit-tree', staged, ...headParents, '-m', `index: ${input.message}`], identity)
    const beside = (input.beside ?? []).flatMap((commit) => ['-p', commit])
    const parents = [...headParents, ...(index === null ? [] : ['-p', index]), ...beside]
    const commit = await git.readLine(['commit-tree', tree, ...parents, '-m', input.message], identity)
    return { commit, tree, index }
  })
}

async function readHead(git: Git, worktree: string): Promise<string> {
  const { stdout } = await git.run(['rev-parse', '-q', '--verify', 'HEAD^{commit}'], { cwd: worktree, accept: [0, 1] })
  return stdout.trim()
}

/** --sparse: what is there outside a sparse checkout is somebody's work as well. */
async function addAll(git: Git, input: SnapshotInput, env: Readonly<Record<string, string>>): Promise<void> {
  const at = { cwd: input.worktree, env }
  const leaveOut = input.leaveOut ?? []
  const limit = leaveOut.length === 0 ? [] : ['--', ':/', ...leaveOut.map((path) => `:(exclude,top,literal)${path}`)]
  try {
    await git.run([...quietly, 'add', '--all', '--sparse', ...limit], at)
  } catch (error) {
    if (!(error instanceof GitError) || input.instead === undefined) throw error
    await git.run([...quietly, 'update-index', '-z', '--index-info'], { ...at, input: await input.instead() })
  }
}

/**
 * Stores the index of a worktree whose folder is gone: what was staged there is still in its git directory. Of a conflict the tree has our
 * side; the others, and the index as it is, are in a commit beside it.
 * @param input.beside commits that must not be lost either.
 * @returns a commit no ref points to yet, shaped as `snapshotWorktree` makes them.
 */
export async function snapshotIndex(
  git: Git,
  input: { gitDir: string; head: string; message: string; beside?: readonly string[] },
): Promise<string> {
  const { head, message, beside = [] } = input
  return withIndexCopy(input.gitDir, async (env) => {
    // one with conflicts cannot be a tree
    const staged = (await git.run([...quietly, 'write-tree'], { env, accept: [0, 128] })).stdout.trim()
    const commit = (tree: string, parents: readonly string[], text: string): Promise<string> =>
      git.readLine(['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-m', text], { env: snapshotIdentity })
    const conflicted = staged === '' ? await storeConflicts(git, env, input.gitDir) : undefined
    const tree = conflicted === undefined ? staged : (conflicted.tree ?? `${head}^{tree}`)
    const index = await commit(tree, [head], `index: ${message}`)
    const sides = conflicted === undefined ? [] : [await commit(conflicted.sides, [], `conflicts: ${message}`)]
    return commit(tree, [head, index, ...sides, ...beside], message)
  })
}

/** A snapshot must not fail because nobody has told git who they are. */
export const snapshotIdentity = {
  GIT_AUTHOR_NAME: 'Flight Rules',
  GIT_AUTHOR_EMAIL: 'flightrules@localhost',
  GIT_COMMITTER_NAME: 'Flight Rules',
  GIT_COMMITTER_EMAIL: 'flightrules@localhost',
}
