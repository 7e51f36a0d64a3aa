import type { Git } from './git.ts'

export interface LineCount {
  readonly insertions: number
  readonly deletions: number
}

export interface DiffStat extends LineCount {
  readonly files: number
}

/** Lines a worktree's tracked files, but for `left`, have gained and lost since HEAD, staged or not. */
export async function readDiffStat(git: Git, worktree: string, left: string | null): Promise<LineCount> {
  const args = ['diff', '--no-ext-diff', '--no-textconv', '--shortstat', 'HEAD', '--', ...withoutPath(left)]
  const { stdout } = await git.run(args, { cwd: worktree, accept: [0, 128] })
  const { insertions, deletions } = parseShortStat(stdout)
  return { insertions, deletions }
}

/** What a commit has that another has not, without one file, `left` from the root of the worktree; null where git cannot tell. */
export async function compareCommits(git: Git, from: string, to: string, left: string): Promise<DiffStat | null> {
  const args = ['diff-tree', '-r', '-M', '--no-ext-diff', '--no-textconv', '--ignore-submodules=none', '--shortstat']
  const { status, stdout } = await git.run([...args, from, to, '--', ...withoutPath(left)], { accept: [0, 128] })
  return status === 0 ? parseShortStat(stdout) : null
}

function withoutPath(path: string | null): string[] {
  return path === null ? [] : [':(top)', `:(top,literal,exclude)${path}`]
}

/** Reads `3 files changed, 10 insertions(+), 2 deletions(-)`, any part of which may be missing. */
export function parseShortStat(output: string): DiffStat {
  const count = (pattern: RegExp): number => Number(pattern.exec(output)?.[1] ?? 0)
  return { files: count(/(\d+) file/), insertions: count(/(\d+) insertion/), deletions: count(/(\d+) deletion/) }
}
