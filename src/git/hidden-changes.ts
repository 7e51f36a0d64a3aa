import type { Git } from './git.ts'

/**
 * Tracked files whose changes `git status` would not show, because somebody set assume-unchanged or skip-worktree on them
 * and they are there all the same.
 */
export async function listHiddenFiles(git: Git, worktree: string): Promise<string[]> {
  const output = await git.read(['ls-files', '-v', '-z'], { cwd: worktree })
  return output.split('\0').flatMap((line) => (/^[a-zS] /.test(line) ? [line.slice(2)] : []))
}

/** Ignored files and folders of a worktree, folders as one entry with a trailing slash. */
export async function listIgnoredEntries(git: Git, worktree: string): Promise<string[]> {
  const output = await git.read(['ls-files', '-z', '--others', '--ignored', '--exclude-standard', '--directory'], {
    cwd: worktree,
  })
  const paths = output.split('\0').filter((path) => path !== '')
  // git also names the folders around ignored ones when nothing else is in them
  return paths.filter((path, index) => !path.endsWith('/') || paths[index + 1]?.startsWith(path) !== true)
}
