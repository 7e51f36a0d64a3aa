import type { Git } from './git.ts'

export interface DiffStat {
  readonly insertions: number
  readonly deletions: number
}

/** Lines a worktree's tracked files have gained and lost since HEAD, staged or not. */
export async function readDiffStat(git: Git, worktree: string): Promise<DiffStat> {
  const { stdout } = await git.run(['diff', '--no-ext-diff', '--no-textconv', '--shortstat', 'HEAD', '--'], {
    cwd: worktree,
    accept: [0, 128],
  })
  return parseShortStat(stdout)
}

/** Reads `3 files changed, 10 insertions(+), 2 deletions(-)`, any part of which may be missing. */
export function parseShortStat(output: string): DiffStat {
  const count = (pattern: RegExp): number => Number(pattern.exec(output)?.[1] ?? 0)
  return { insertions: count(/(\d+) insertion/), deletions: count(/(\d+) deletion/) }
}
