import { readFile } from 'node:fs/promises'
import { join } from 'node:path'

/** git gives its hook no old commit for a worktree it has just made. */
export function isNewWorktree(args: readonly string[]): boolean {
  return /^0+$/.test(args[0] ?? '')
}

/** The branch HEAD names, read from its file: the hook needs no git process for it. null where it is detached. */
export async function readHeadBranch(gitDir: string): Promise<string | null> {
  const head = await readFile(join(gitDir, 'HEAD'), 'utf8')
  return /^ref: refs\/heads\/(.+)$/m.exec(head)?.[1] ?? null
}
