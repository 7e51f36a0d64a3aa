import type { Git } from './git.ts'

/**
 * Puts all uncommitted changes of a worktree on the stash, untracked files too, because the person asked for just that.
 * Nothing of ours ever pops or drops it.
 * @returns the stash commit.
 */
export async function pushStash(git: Git, directory: string, message: string): Promise<string> {
  await git.run(['stash', 'push', '--quiet', '--include-untracked', '--message', message], { cwd: directory })
  return git.readLine(['rev-parse', '--verify', 'refs/stash'], { cwd: directory })
}
