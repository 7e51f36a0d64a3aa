import type { Git } from './git.ts'
import { openPorcelain } from './porcelain.ts'

/** Pushes one branch under its own name, never by force; the project's pre-push hooks run. */
export async function pushRef(git: Git, remote: string, branch: string, onStderr?: (text: string) => void): Promise<void> {
  const porcelain = await openPorcelain(git, onStderr)
  await porcelain.push(remote, `refs/heads/${branch}:refs/heads/${branch}`)
}

/** Where a branch points on a remote (name or URL), null when it is not there. Asks the network. */
export async function fetchRemoteOid(git: Git, remote: string, branch: string): Promise<string | null> {
  const output = await git.read(['ls-remote', '--', remote, `refs/heads/${branch}`])
  for (const line of output.split('\n')) {
    const [oid, ref] = line.split('\t')
    if (ref === `refs/heads/${branch}` && oid !== undefined) return oid
  }
  return null
}

/** What `push --set-upstream` does, apart from it: a lost race for the config file is then tried again. */
export async function setUpstream(git: Git, remote: string, branch: string): Promise<void> {
  await git.run(['config', `branch.${branch}.remote`, remote])
  await git.run(['config', `branch.${branch}.merge`, `refs/heads/${branch}`])
}

/** Brings the remote-tracking branch up to date and nothing else. */
export async function fetchTracking(git: Git, remote: string, branch: string): Promise<string> {
  const tracking = `refs/remotes/${remote}/${branch}`
  const refspec = `+refs/heads/${branch}:${tracking}`
  await git.run(['fetch', '--quiet', '--no-tags', '--no-recurse-submodules', '--no-write-fetch-head', '--', remote, refspec])
  return tracking
}
