import type { Git } from '../git/git.ts'
import { listRemotes, readRemoteSettings } from '../git/remotes.ts'
import { listUpstreams } from '../git/upstreams.ts'

/**
 * The remote a branch is pushed to: what the configuration says of the branch or of pushing at all, else the base's own,
 * else `origin`, else the only one. null when there is none to choose.
 */
export async function chooseRemote(git: Git, names: { base: string; branch: string }): Promise<string | null> {
  const remotes = await listRemotes(git)
  if (remotes.length === 0) return null
  const { pushDefault, branches } = await readRemoteSettings(git)
  const branch = branches.get(names.branch)
  const wishes = [branch?.pushRemote, pushDefault, branch?.remote, branches.get(names.base)?.remote, 'origin']
  // a branch that tracks a local one has the remote `.`
  const wish = wishes.find((name) => name !== undefined && name !== null && remotes.includes(name) && !name.startsWith('-'))
  return wish ?? (remotes.length === 1 ? (remotes[0] ?? null) : null)
}

/**
 * The remote whose repository requests go to: the one `gh repo set-default` was told, else where the base comes from, else `origin`, else
 * the one that is pushed to.
 */
export async function chooseBaseRemote(git: Git, base: string, pushed: string): Promise<string> {
  const [remotes, { requestsGoTo }, upstreams] = await Promise.all([
    listRemotes(git),
    readRemoteSettings(git),
    listUpstreams(git, [base]),
  ])
  const wishes = [requestsGoTo, upstreams.get(base)?.remote, 'origin']
  return wishes.find((name) => name !== undefined && name !== null && remotes.includes(name) && !name.startsWith('-')) ?? pushed
}
