import { FlightRulesError } from '../errors.ts'
import { Git } from '../git/git.ts'
import { findRepositoryLocation } from '../git/locate-repository.ts'
import { listWorktrees } from '../git/worktrees.ts'
import type { Invocation } from './command.ts'

/**
 * Where the configuration is read from and approvals are kept, without loading it.
 * @throws FlightRulesError NOT_A_REPOSITORY.
 */
export async function locateMain(
  invocation: Invocation,
): Promise<{ main: string; commonDir: string; trustDigest: string | undefined }> {
  const { cwd, env, signal } = invocation
  const location = await findRepositoryLocation(cwd)
  const worktrees =
    location === undefined ? [] : await listWorktrees(new Git(location.worktree ?? location.commonDir, env, signal))
  const [main] = worktrees
  if (location === undefined || main === undefined) {
    throw new FlightRulesError({
      kind: 'usage',
      code: 'NOT_A_REPOSITORY',
      message: `${cwd} is not in a git repository`,
      hint: 'run the command inside a repository, or make one here with `git init`',
      details: { cwd },
    })
  }
  return { main: main.path, commonDir: location.commonDir, trustDigest: env['FLIGHTRULES_TRUST'] }
}
