import { FlightRulesError } from '../errors.ts'
import type { Git } from './git.ts'

/** `merge-tree --write-tree`, which predicts conflicts without touching a worktree, came with it. */
export const oldestGit = '2.38.0'

/** The numbers of `git version 2.39.5 (Apple Git-154)`, undefined where there are none. */
export function parseGitVersion(output: string): string | undefined {
  const match = /(\d+)\.(\d+)(?:\.(\d+))?/.exec(output)
  return match === null ? undefined : `${match[1]}.${match[2]}.${match[3] ?? '0'}`
}

/** Below zero when `a` is older than `b`. */
export function compareVersions(a: string, b: string): number {
  const left = a.split('.').map(Number)
  const right = b.split('.').map(Number)
  for (let index = 0; index < 3; index += 1) {
    const difference = (left[index] ?? 0) - (right[index] ?? 0)
    if (difference !== 0) return difference
  }
  return 0
}

/** @throws FlightRulesError GIT_TOO_OLD. */
export async function requireGitVersion(git: Git): Promise<string> {
  const output = await git.readLine(['version'])
  const version = parseGitVersion(output)
  if (version !== undefined && compareVersions(version, oldestGit) >= 0) return version
  throw new FlightRulesError({
    kind: 'failed',
    code: 'GIT_TOO_OLD',
    message: `this is ${output}; Flight Rules needs git ${oldestGit} or newer`,
    hint: 'update git, then run the command again',
    details: { found: version ?? output, needed: oldestGit },
  })
}
