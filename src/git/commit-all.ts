import { FlightRulesError } from '../errors.ts'
import type { Git } from './git.ts'

/**
 * Commits everything that is not ignored, as `git add --all && git commit` would: hooks, signing and identity are the user's.
 * @returns the new commit, or the one already there when there was nothing to commit.
 * @throws FlightRulesError COMMIT_FAILED with git's own words; what was staged stays staged.
 */
export async function commitAll(git: Git, directory: string, message: string, paths?: readonly string[]): Promise<string> {
  const at = { cwd: directory }
  const { simpleGit } = await import('simple-git')
  const porcelain = simpleGit({ baseDir: directory, completion: { onClose: true, onExit: false } }).env(git.at(directory).environment)
  try {
    if (paths === undefined) await porcelain.add(['--all'])
    else await porcelain.add(['--', ...paths])
    await porcelain.commit(message, paths === undefined ? [] : [...paths])
  } catch (error) {
    throw new FlightRulesError({
      kind: 'failed',
      code: 'COMMIT_FAILED',
      message: `git could not commit in ${directory}: ${(error as Error).message.trim()}`,
      hint: 'mend what git or the hook named, then run the command again; the changes are still there',
      details: { directory },
      cause: error,
    })
  }
  return git.readLine(['rev-parse', 'HEAD'], at)
}
