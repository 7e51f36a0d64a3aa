import { readRemoteUrl, listRemotes } from '../../git/remotes.ts'
import { detectForge } from '../../integrate/forge/detect-forge.ts'
import { runClient } from '../../integrate/forge/run-client.ts'
import { parseRemoteUrl } from '../../integrate/remote-url.ts'
import { type Check, ok, warn } from '../check.ts'

/** Milliseconds a client may take to look up its own login. */
const patience = 5_000

const clients = {
  // neither asks the forge: a login that has expired is found out when it is used
  github: {
    name: 'gh',
    where: 'https://cli.github.com',
    ask: ['auth', 'token', '--hostname'],
    says: (out: string) => out !== '',
  },
  gitlab: {
    name: 'glab',
    where: 'https://gitlab.com/gitlab-org/cli',
    ask: ['config', 'get', 'token', '--host'],
    says: (out: string) => out !== '',
  },
} as const

export const forgeClient: Check = {
  id: 'forge-client',
  group: 'tools',
  async run(facts) {
    const { git, input } = facts
    const remotes = await listRemotes(git)
    const remote = remotes.includes('origin') ? 'origin' : remotes[0]
    if (remote === undefined) return ok('no remote, so no requests to open')
    const url = (await readRemoteUrl(git, remote, 'push')) ?? ''
    const repository = parseRemoteUrl(url)
    // where the repository cannot be opened other checks say so
    const { forges } = await facts.opened().then(
      ({ context }) => context.loaded.config,
      () => ({ forges: {} }),
    )
    const forge = detectForge(url, forges)
    if (repository === null || forge === 'unknown') return ok(`${remote} is on no forge that requests could be opened on`)
    const { name, where, ask, says } = clients[forge]
    const { host } = repository
    const signal = AbortSignal.any([input.signal, AbortSignal.timeout(patience)])
    const context = { cwd: git.cwd, env: git.environment, signal, repository }
    const installed = await runClient(name, ['--version'], context).then(
      ({ status }) => status === 0,
      () => false,
    )
    if (!installed) {
      const remedy = `install it from ${where}, or end sessions with: flightrules end <id> --strategy pr --push-only`
      return warn(`${remote} is on ${host}, and there is no ${name} to open requests with`, remedy)
    }
    const { status, stdout } = await runClient(name, [...ask, host], context)
    if (status === 0 && says(stdout.trim())) return ok(`${name} has a login for ${host}`)
    return warn(`${name} has no login for ${host}, so it cannot open requests`, `${name} auth login --hostname ${host}`)
  },
}
