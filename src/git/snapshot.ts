import { copyFile, mkdtemp, rm, stat, utimes } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Git } from './git.ts'

export interface WorktreeSnapshot {
  /** The commit that holds the working tree; its parents are HEAD and, where the index could be written, the index. */
  readonly commit: string
  /** Tree of everything tracked and untracked that is not ignored. */
  readonly tree: string
  /** The commit that holds the index, null when it had conflicts and could not be a tree. */
  readonly index: string | null
}

/**
 * Stores what a worktree holds (tracked and untracked, not ignored) as a commit no ref points to yet, without touching
 * the worktree, its index or its HEAD: git works on a copy of the index.
 */
export async function snapshotWorktree(
  git: Git,
  input: { worktree: string; gitDir: string; message: string },
): Promise<WorktreeSnapshot> {
  return withIndexCopy(input.gitDir, async (env) => {
    const at = { cwd: input.worktree, env }
    const head = (
      await git.run(['rev-parse', '-q', '--verify', 'HEAD^{commit}'], { cwd: input.worktree, accept: [0, 1] })
    ).stdout.trim()
    // an index with conflicts cannot be a tree; the working tree below has the conflict markers
    const staged = (await git.run([...quietly, 'write-tree'], { ...at, accept: [0, 128] })).stdout.trim()
    // --sparse: what is there outside a sparse checkout is somebody's work as well
    await git.run([...quietly, 'add', '--all', '--sparse'], at)
    const tree = await git.readLine([...quietly, 'write-tree'], at)
    const headParents = head === '' ? [] : ['-p', head]
    const identity = { env: { ...snapshotIdentity, ...env }, cwd: input.worktree }
    const index =
      staged === ''
        ? null
        : await git.readLine(['commit-tree', staged, ...headParents, '-m', `index: ${input.message}`], identity)
    const parents = [...headParents, ...(index === null ? [] : ['-p', index])]
    const commit = await git.readLine(['commit-tree', tree, ...parents, '-m', input.message], identity)
    return { commit, tree, index }
  })
}

/**
 * Stores the index of a worktree whose folder is gone: what was staged there is still in its git directory.
 * @returns a commit no ref points to yet; HEAD itself where the index cannot be a tree.
 */
export async function snapshotIndex(git: Git, input: { gitDir: string; head: string; message: string }): Promise<string> {
  return withIndexCopy(input.gitDir, async (env) => {
    const tree = (await git.run([...quietly, 'write-tree'], { env, accept: [0, 128] })).stdout.trim()
    if (tree === '') return input.head
    return git.readLine(['commit-tree', tree, '-p', input.head, '-m', input.message], { env: snapshotIdentity })
  })
}

/** Calls `use` with the variable that makes git work on a copy of the index. */
async function withIndexCopy<T>(gitDir: string, use: (env: Readonly<Record<string, string>>) => Promise<T>): Promise<T> {
  const directory = await mkdtemp(join(tmpdir(), 'flightrules-snapshot-'))
  try {
    const indexFile = join(directory, 'index')
    await copyIndex(join(gitDir, 'index'), indexFile)
    return await use({ GIT_INDEX_FILE: indexFile })
  } finally {
    await rm(directory, { recursive: true, force: true })
  }
}

/** No fsmonitor that may be stale, and no post-index-change hook: what changes is a copy nobody knows. */
const quietly = ['-c', 'core.fsmonitor=false', '-c', 'core.hooksPath=/dev/null']

/** A snapshot must not fail because nobody has told git who they are. */
const snapshotIdentity = {
  GIT_AUTHOR_NAME: 'Flight Rules',
  GIT_AUTHOR_EMAIL: 'flightrules@localhost',
  GIT_COMMITTER_NAME: 'Flight Rules',
  GIT_COMMITTER_EMAIL: 'flightrules@localhost',
}

/**
 * The copy keeps the index's time, rounded down: with a newer one git misses edits made in the moment of its last write,
 * and node rounds to the nearest millisecond.
 */
async function copyIndex(from: string, to: string): Promise<void> {
  const stats = await stat(from).catch(() => undefined)
  if (stats === undefined) return
  await copyFile(from, to)
  const second = Math.floor(stats.mtimeMs / 1000)
  await utimes(to, second, second)
}
