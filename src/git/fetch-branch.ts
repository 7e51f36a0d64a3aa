import type { Git } from './git.ts'
import type { Upstream } from './upstreams.ts'

/**
 * Brings one remote-tracking branch up to date and nothing else: no tags, no other branch, no FETCH_HEAD, no submodules, no housekeeping.
 * Nobody is asked anything: what needs a password fails.
 */
export async function fetchBranch(git: Git, { remote, remoteRef, tracking }: Upstream): Promise<void> {
  const only = [
    '--no-tags',
    '--no-prune',
    '--no-recurse-submodules',
    '--no-write-fetch-head',
    '--no-auto-maintenance',
    '--refmap=',
  ]
  const args = ['fetch', '--quiet', ...only, '--', remote, `+${remoteRef}:${tracking}`]
  await git.run(args, { env: await quietTransport(git) })
}

/** ssh asks on the terminal itself. A command of the user's own is theirs to make silent. */
async function quietTransport(git: Git): Promise<Record<string, string>> {
  const { GIT_SSH_COMMAND: command, GIT_SSH: program } = git.environment
  const silent = { GCM_INTERACTIVE: 'never' }
  if (command !== undefined || program !== undefined) return silent
  const { stdout } = await git.run(['config', '--get', 'core.sshCommand'], { accept: [0, 1] })
  return stdout.trim() === '' ? { ...silent, GIT_SSH_COMMAND: 'ssh -o BatchMode=yes' } : silent
}
