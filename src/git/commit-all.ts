import { FlightRulesError } from '../errors.ts'
import type { Git } from './git.ts'
import { openPorcelain } from './porcelain.ts'

/**
 * Commits everything that is not ignored, or only `paths`, as `git add && git commit` would: hooks, signing and identity are the user's.
 * @returns the commit HEAD is at afterwards.
 * @throws FlightRulesError COMMIT_FAILED with git's own words; what was staged stays staged.
 */
export async function commitAll(git: Git, directory: string, message: string, paths?: readonly string[]): Promise<string> {
  const porcelain = await openPorcelain(git.at(directory))
  try {
    await porcelain.add(paths === undefined ? ['--all'] : ['--', ...paths])
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
  return git.readLine(['rev-parse', 'HEAD'], { cwd: directory })
}
