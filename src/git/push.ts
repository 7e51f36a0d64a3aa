import type { Git } from './git.ts'
import { openPorcelain } from './porcelain.ts'

/** Pushes one branch under its own name, never by force; the project's pre-push hooks run. */
export async function pushRef(git: Git, remote: string, branch: string, onStderr?: (text: string) => void): Promise<void> {
  const porcelain = await openPorcelain(git, onStderr)
  await porcelain.push(remote, `refs/heads/${branch}:refs/heads/${branch}`)
}

/** Where a branch points on a remote (name or URL), null when it is not there. Asks the network. */
export function fetchRemoteOid(git: Git, remote: string, branch: string): Promise<string | null> {
  return fetchRemoteRef(git, remote, `refs/heads/${branch}`)
}

/** The same for any ref, by its full name. */
export async function fetchRemoteRef(git: Git, remote: string, wanted: string): Promise<string | null> {
  const output = await git.read(['ls-remote', '--', remote, wanted])
  for (const line of output.split('\n')) {
    const [oid, ref] = line.split('\t')
    if (ref === wanted && oid !== undefined) return oid
  }
  return null
}

/** What `push --set-upstream` does, apart from it: a lost race for the config file is then tried again. */
export async function setUpstream(git: Git, remote: string, branch: string): Promise<void> {
  await setUpstreamRef(git, branch, { remote, ref: `refs/heads/${branch}` })
}

/** The same for any ref of the remote, by its full name. */
export async function setUpstreamRef(git: Git, branch: string, upstream: { remote: string; ref: string }): Promise<void> {
  // over in a moment; stopped right after it has made its lock file, git would leave that behind
  const whole = git.withoutSignal()
  await whole.run(['config', `branch.${branch}.remote`, upstream.remote])
  await whole.run(['config', `branch.${branch}.merge`, upstream.ref])
}
