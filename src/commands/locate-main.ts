import { type TrustEnvironment, readTrustEnvironment } from '../config/trust-environment.ts'
import { Git } from '../git/git.ts'
import { listWorktrees } from '../git/worktrees.ts'
import { requireLocation } from '../sessions/require-location.ts'
import type { Invocation } from './command.ts'

/**
 * Where the configuration is read from and approvals are kept, without loading it.
 * @throws FlightRulesError NOT_A_REPOSITORY.
 */
export async function locateMain(invocation: Invocation): Promise<{ main: string; commonDir: string } & TrustEnvironment> {
  const { cwd, env, signal } = invocation
  const location = await requireLocation(cwd)
  const [main] = await listWorktrees(new Git(location.worktree ?? location.commonDir, env, signal))
  if (main === undefined) throw new Error('git worktree list named no worktree')
  return { main: main.path, commonDir: location.commonDir, ...readTrustEnvironment(env) }
}
