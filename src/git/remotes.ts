import type { Git } from './git.ts'

/** Names of the configured remotes. */
export async function listRemotes(git: Git): Promise<string[]> {
  return (await git.read(['remote'])).split('\n').filter((name) => name !== '')
}

/** The URLs of a remote after `insteadOf` rewriting; null when there is no such remote. May hold credentials. */
export async function readRemoteUrl(git: Git, remote: string, direction: 'fetch' | 'push'): Promise<string | null> {
  const args = ['remote', 'get-url', ...(direction === 'push' ? ['--push'] : []), '--', remote]
  const { status, stdout } = await git.run(args, { accept: [0, 2] })
  return status === 0 ? stdout.replace(/\n$/, '') : null
}

export interface RemoteSettings {
  /** `remote.pushDefault`. */
  readonly pushDefault: string | null
  /** The remote whose `gh-resolved` says that it is the base. */
  readonly requestsGoTo: string | null
  /** `branch.<name>.remote` and `.pushRemote`, by short branch name. */
  readonly branches: ReadonlyMap<string, { readonly remote?: string; readonly pushRemote?: string }>
}

/** Which remotes the configuration names for pushing and for each branch. One git process. */
export async function readRemoteSettings(git: Git): Promise<RemoteSettings> {
  const pattern = '^(remote\\.pushdefault|remote\\..*\\.gh-resolved|branch\\..*\\.(remote|pushremote))$'
  const { stdout } = await git.run(['config', '-z', '--get-regexp', pattern], { accept: [0, 1] })
  return parseRemoteSettings(stdout)
}

/** Reads `git config -z --get-regexp`: `key LF value NUL`; section and last part of a key are lower case. */
export function parseRemoteSettings(output: string): RemoteSettings {
  let pushDefault: string | null = null
  let requestsGoTo: string | null = null
  const branches = new Map<string, { remote?: string; pushRemote?: string }>()
  for (const entry of output.split('\0')) {
    const end = entry.indexOf('\n')
    if (end === -1) continue
    const key = entry.slice(0, end)
    const value = entry.slice(end + 1)
    if (key === 'remote.pushdefault') pushDefault = value
    if (value === 'base') requestsGoTo = /^remote\.(.*)\.gh-resolved$/s.exec(key)?.[1] ?? requestsGoTo
    const [, branch, setting] = /^branch\.(.*)\.(remote|pushremote)$/s.exec(key) ?? []
    if (branch === undefined) continue
    const known = branches.get(branch) ?? {}
    branches.set(branch, setting === 'remote' ? { ...known, remote: value } : { ...known, pushRemote: value })
  }
  return { pushDefault, requestsGoTo, branches }
}

/** The branch a remote calls its own default, as far as is known here. */
export async function readDefaultBranchOf(git: Git, remote: string): Promise<string | null> {
  const prefix = `refs/remotes/${remote}/`
  const { status, stdout } = await git.run(['symbolic-ref', '--quiet', `${prefix}HEAD`], { accept: [0, 1, 128] })
  const target = stdout.trim()
  return status === 0 && target.startsWith(prefix) ? target.slice(prefix.length) : null
}
