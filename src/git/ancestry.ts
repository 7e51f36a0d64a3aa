import type { Git } from './git.ts'

/** Whether `ancestor` is `descendant` or is reachable from it. Both are names of commits. */
export async function isAncestor(git: Git, ancestor: string, descendant: string): Promise<boolean> {
  const { status } = await git.run(['merge-base', '--is-ancestor', ancestor, descendant], { accept: [0, 1] })
  return status === 0
}

/** The best common ancestor of two commits, null when their histories have nothing in common. */
export async function findMergeBase(git: Git, a: string, b: string): Promise<string | null> {
  const { status, stdout } = await git.run(['merge-base', a, b], { accept: [0, 1] })
  return status === 0 ? stdout.trim() : null
}

/** Where a commit left a branch, also when the branch was rewritten since: its reflog remembers. Null when neither tells. */
export async function findForkPoint(git: Git, ref: string, commit: string): Promise<string | null> {
  const { status, stdout } = await git.run(['merge-base', '--fork-point', ref, commit], { accept: [0, 1] })
  return status === 0 ? stdout.trim() : null
}

/** Commits only `tip` has, and commits only `base` has. */
export async function countAheadBehind(git: Git, base: string, tip: string): Promise<{ ahead: number; behind: number }> {
  const [behind, ahead] = (await git.readLine(['rev-list', '--left-right', '--count', `${base}...${tip}`, '--'])).split('\t')
  return { ahead: Number(ahead), behind: Number(behind) }
}

/** The parents of a commit, none for the first of a history. */
export async function readParents(git: Git, commit: string): Promise<string[]> {
  return (await git.readLine(['rev-list', '--parents', '--max-count=1', commit, '--'])).split(' ').slice(1)
}

/** The trees of commits, in their order. */
export async function readTrees(git: Git, commits: readonly string[]): Promise<string[]> {
  return (await git.readLine(['rev-parse', ...commits.map((commit) => `${commit}^{tree}`)])).split('\n')
}

/** Paths in which two commits or trees differ; a renamed file counts with both names. */
export async function listChangedPaths(git: Git, from: string, to: string, filter?: 'added'): Promise<string[]> {
  const only = filter === 'added' ? ['--diff-filter=A'] : []
  const output = await git.read(['diff-tree', '-r', '-z', '--name-only', '--no-renames', ...only, from, to, '--'])
  return output.split('\0').filter((path) => path !== '')
}

/** Whether lines of these paths (from the root of the worktree) are only added from one commit to the other. */
export async function onlyAddsLines(git: Git, from: string, to: string, paths: readonly string[]): Promise<boolean> {
  const limit = paths.map((path) => `:(top,literal)${path}`)
  const output = await git.read(['diff-tree', '-r', '-z', '--numstat', '--no-renames', from, to, '--', ...limit])
  // a binary file has a dash in place of each number
  return output.split('\0').every((field) => field === '' || /^\d+\t0\t/.test(field))
}
