import { FlightRulesError } from '../errors.ts'
import { findRepositoryLocation, type RepositoryLocation } from '../git/locate-repository.ts'

/** @throws FlightRulesError NOT_A_REPOSITORY. */
export async function requireLocation(cwd: string): Promise<RepositoryLocation> {
  const location = await findRepositoryLocation(cwd)
  if (location !== undefined) return location
  throw new FlightRulesError({
    kind: 'usage',
    code: 'NOT_A_REPOSITORY',
    message: `${cwd} is not in a git repository`,
    hint: 'run the command inside a repository, or make one here with `git init`',
    details: { cwd },
  })
}
