import { existsSync } from 'node:fs'
import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { Git } from '../../../src/git/git.ts'
import { listUpstreams } from '../../../src/git/upstreams.ts'
import { fetchBase } from '../../../src/integrate/fetch-base.ts'
import { makeSessionRepository, type SessionRepository } from './session-repository.ts'

let repository: SessionRepository
let remote: string

beforeEach(async () => {
  repository = await makeSessionRepository({ remote: true })
  remote = repository.remotePath ?? ''
})

/** Somebody else's commit on a branch of the remote; gives it. */
async function moveRemote(branch = 'main'): Promise<string> {
  const tree = await repository.git(['rev-parse', 'main^{tree}'], remote)
  const commit = await repository.git(['commit-tree', tree, '-p', 'main', '-m', 'of somebody else'], remote)
  await repository.git(['update-ref', `refs/heads/${branch}`, commit], remote)
  return commit
}

const refs = (): Promise<string> => repository.git(['for-each-ref', '--format=%(refname) %(objectname)'])

describe('fetching the base', () => {
  it('brings its remote-tracking branch up to date and nothing else', async () => {
    const before = await refs()
    const moved = await moveRemote()
    await moveRemote('another')
    await repository.git(['tag', 'v1', moved], remote)
    await repository.git(['config', 'fetch.prune', 'true'])
    expect(await fetchBase(repository.runner, { base: 'main' })).toEqual({ outcome: 'fetched', ref: 'refs/remotes/origin/main' })
    const old = await repository.oid('main')
    expect(await refs()).toBe(
      before
        .replace(`refs/remotes/origin/main ${old}`, `refs/remotes/origin/main ${moved}`)
        .replace(`HEAD ${old}`, `HEAD ${moved}`),
    )
    expect(existsSync(join(repository.path, '.git/FETCH_HEAD'))).toBe(false)
  })

  it('follows it when it was rewritten there', async () => {
    await repository.on('main', 'second', {})
    await repository.git(['push', '--quiet', 'origin', 'main'])
    await repository.git(['update-ref', 'refs/heads/main', 'main^'], remote)
    const moved = await moveRemote()
    expect((await fetchBase(repository.runner, { base: 'main' })).outcome).toBe('fetched')
    expect(await repository.oid('origin/main')).toBe(moved)
  })

  it('takes the branch it follows, also under another name or from another remote', async () => {
    const moved = await moveRemote('trunk/next')
    await repository.git(['remote', 'add', 'upstream', remote])
    await repository.git(['config', 'branch.main.remote', 'upstream'])
    await repository.git(['config', 'branch.main.merge', 'refs/heads/trunk/next'])
    expect((await listUpstreams(repository.runner, ['main'])).get('main')).toMatchObject({ oid: null })
    const ref = 'refs/remotes/upstream/trunk/next'
    expect(await fetchBase(repository.runner, { base: 'main' })).toEqual({ outcome: 'fetched', ref })
    expect(await listUpstreams(repository.runner, ['main', 'session', 'nosuch'])).toEqual(
      new Map([['main', { remote: 'upstream', remoteRef: 'refs/heads/trunk/next', tracking: ref, oid: moved }]]),
    )
  })

  it('takes the branch of the same name on the remote when it follows none, or is not here', async () => {
    await repository.git(['config', '--unset', 'branch.main.merge'])
    await repository.git(['config', '--unset', 'branch.main.remote'])
    const moved = await moveRemote()
    expect(await fetchBase(repository.runner, { base: 'main' })).toEqual({ outcome: 'fetched', ref: 'refs/remotes/origin/main' })
    expect(await repository.oid('origin/main')).toBe(moved)
    await repository.git(['switch', '--quiet', '--detach'])
    await repository.git(['branch', '--quiet', '-d', 'main'])
    expect((await fetchBase(repository.runner, { base: 'main' })).outcome).toBe('fetched')
  })

  it('has nothing to fetch for a branch of this repository alone, one that follows a local one, and in a mirror', async () => {
    const nothing = { outcome: 'no-upstream', ref: null }
    expect(await fetchBase(repository.runner, { base: 'session' })).toEqual(nothing)
    expect(await fetchBase(repository.runner, { base: 'nosuch' })).toEqual(nothing)
    await repository.git(['branch', '--quiet', '--set-upstream-to', 'main', 'session'])
    expect(await fetchBase(repository.runner, { base: 'session' })).toEqual(nothing)
    await repository.git(['config', 'remote.origin.fetch', '+refs/*:refs/*'])
    expect(await fetchBase(repository.runner, { base: 'main' })).toEqual(nothing)
    const old = await repository.oid('main')
    await moveRemote()
    expect(await repository.oid('main')).toBe(old)
  })

  it('that fails is told with what git said, without passwords, and changes nothing', async () => {
    const before = await refs()
    await repository.git(['remote', 'set-url', 'origin', `https://someone:s3cret@localhost:1/project.git`])
    const { outcome, ref, finding } = await fetchBase(repository.runner, { base: 'main' })
    expect([outcome, ref, finding?.code]).toEqual(['failed', 'refs/remotes/origin/main', 'FETCH_FAILED'])
    expect(finding?.message).toMatch(
      /^main could not be fetched from origin: [^]*unable to access[^]*last seen \([0-9a-f]{12}\)$/,
    )
    expect(JSON.stringify(finding)).not.toContain('s3cret')
    expect(await refs()).toBe(before)
  })

  it('of a branch that is gone there says so', async () => {
    await repository.git(['update-ref', '-d', 'refs/heads/main'], remote)
    expect((await fetchBase(repository.runner, { base: 'main' })).finding?.message).toContain("couldn't find remote ref")
  })

  it.skipIf(process.platform === 'win32')('is stopped when nobody answers', async () => {
    await repository.git(['remote', 'set-url', 'origin', 'ssh://nobody@example.invalid/project.git'])
    const ssh = join(repository.parent, 'silent-ssh')
    await repository.write(ssh, '#!/bin/sh\nexec cat 2>/dev/null\n')
    await chmod(ssh, 0o755)
    const git = new Git(repository.path, { ...repository.env, GIT_SSH_COMMAND: ssh, GIT_SSH_VARIANT: 'simple' })
    const { outcome, finding } = await fetchBase(git, { base: 'main', limitMs: 300 })
    expect(outcome).toBe('failed')
    expect(finding?.message).toMatch(/stopped after .* without an end/)
  })

  it.skipIf(process.platform === 'win32')(
    'asks nobody on the terminal: ssh is told so, but a command of the user’s own stays as it is',
    async () => {
      await repository.git(['remote', 'set-url', 'origin', 'ssh://nobody@example.invalid/project.git'])
      const bin = join(repository.parent, 'bin')
      const log = join(repository.parent, 'ssh-arguments')
      await repository.write(join(bin, 'ssh'), `#!/bin/sh\necho "$@" >>'${log}'\nexit 255\n`)
      await chmod(join(bin, 'ssh'), 0o755)
      const git = new Git(repository.path, { ...repository.env, PATH: `${bin}:${repository.env['PATH']}` })
      await fetchBase(git, { base: 'main' })
      expect(await repository.read(log)).toContain('BatchMode=yes')
      await repository.git(['config', 'core.sshCommand', `${join(bin, 'ssh')} -v`])
      await fetchBase(git, { base: 'main' })
      expect((await repository.read(log)).split('\n').at(-2)).toMatch(/^-v (?!.*BatchMode)/)
    },
  )

  it('ends with an interruption as one', async () => {
    const git = new Git(repository.path, repository.env, AbortSignal.abort())
    await expect(fetchBase(git, { base: 'main' })).rejects.toMatchObject({ kind: 'interrupted' })
  })
})
