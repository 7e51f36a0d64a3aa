import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { Git } from '../../../src/git/git.ts'
import { pushBranch } from '../../../src/integrate/push.ts'
import { chooseRemote } from '../../../src/integrate/remotes.ts'
import { makeSessionRepository, type SessionRepository } from './session-repository.ts'

let repository: SessionRepository
let remote: string

beforeEach(async () => {
  repository = await makeSessionRepository({ remote: true })
  remote = repository.remotePath ?? ''
})

async function hook(text: string): Promise<void> {
  const file = join(repository.path, '.git/hooks/pre-push')
  await repository.write(file, `#!/bin/sh\n${text}\n`)
  await chmod(file, 0o755)
}

const session = { remote: 'origin', branch: 'session', setUpstream: true }

describe('pushing', () => {
  it('arrives, is proven, and sets the upstream', async () => {
    const oid = await repository.on('session', 'work', { 'a.txt': 'a\n' })
    expect(await pushBranch(repository.runner, session)).toEqual({ remote: 'origin', branch: 'session', oid })
    expect(await repository.git(['rev-parse', 'session'], remote)).toBe(oid)
    expect(await repository.git(['rev-parse', '--abbrev-ref', 'session@{upstream}'])).toBe('origin/session')
    expect(await pushBranch(repository.runner, session)).toMatchObject({ oid })
  })

  it('works from a linked worktree with an odd name', async () => {
    const linked = `${repository.parent}/odd – name\nof two lines`
    await repository.git(['worktree', 'add', '--quiet', linked, 'session'])
    expect(await pushBranch(new Git(linked, repository.env), session)).toMatchObject({ branch: 'session' })
  })

  it('runs the project’s pre-push hook with its standard input, and passes on what it says', async () => {
    await hook('read line; echo "hook saw $line" >&2; echo out')
    let said = ''
    await pushBranch(repository.runner, { ...session, onStderr: (text) => (said += text) })
    expect(said).toContain('hook saw refs/heads/session')
  })

  it('gives the hook the environment of the person, without what belongs to another repository', async () => {
    await hook('env > "$PWD/../seen"; git status --shor >&2')
    const env = {
      ...repository.env,
      GIT_INDEX_FILE: '/nowhere',
      GIT_SSH_COMMAND: 'ssh -v',
      EDITOR: 'ed',
      PAGER: 'less',
      SSH_ASKPASS: '/bin/ask',
    }
    await pushBranch(new Git(repository.path, env), session)
    const seen = await readFile(join(repository.parent, 'seen'), 'utf8')
    for (const line of ['GIT_SSH_COMMAND=ssh -v', 'EDITOR=ed', 'SSH_ASKPASS=/bin/ask']) expect(seen).toContain(line)
    expect(seen).not.toContain('GIT_INDEX_FILE=/nowhere')
  })

  it('that a hook refuses says so in the hook’s words', async () => {
    await hook('echo "tests are red" >&2; exit 1')
    await expect(pushBranch(repository.runner, session)).rejects.toMatchObject({
      kind: 'failed',
      code: 'PUSH_FAILED',
      message: expect.stringContaining('tests are red') as string,
    })
  })

  it('does not repeat a token the hook let slip', async () => {
    await hook('echo "cannot reach https://me:s3cret@host.example/" >&2; exit 1')
    const failure: unknown = await pushBranch(repository.runner, session).catch((error: unknown) => error)
    expect(String(failure)).toContain('cannot reach https://host.example/')
  })

  it('that a silent hook refuses fails all the same', async () => {
    await hook('exit 1')
    await expect(pushBranch(repository.runner, session)).rejects.toMatchObject({ code: 'PUSH_FAILED' })
  })

  it('to a branch with other commits is rejected with the way on', async () => {
    const other = await repository.on('session', 'theirs', { 'a.txt': 'theirs\n' })
    await repository.git(['push', '--quiet', 'origin', 'session'])
    await repository.git(['update-ref', 'refs/heads/session', `${other}~1`])
    await repository.on('session', 'ours', { 'a.txt': 'ours\n' })
    await expect(pushBranch(repository.runner, session)).rejects.toMatchObject({
      code: 'PUSH_FAILED',
      hint: expect.stringContaining('git fetch origin') as string,
      details: { rejected: true },
    })
    expect(await repository.git(['rev-parse', 'session'], remote)).toBe(other)
  })

  it('to a remote that is gone does not show its token', async () => {
    await repository.git(['remote', 'set-url', 'origin', 'https://me:s3cret@127.0.0.1:1/o/r.git'])
    const failure: unknown = await pushBranch(repository.runner, session).catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'PUSH_FAILED', hint: expect.stringContaining('git ls-remote origin') as string })
    expect(String(failure)).not.toContain('s3cret')
  })

  it('that goes to another place than it is fetched from is proven there', async () => {
    await repository.git(['init', '--quiet', '--bare', join(repository.parent, 'fork.git')])
    await repository.git(['remote', 'set-url', '--push', 'origin', join(repository.parent, 'fork.git')])
    expect(await pushBranch(repository.runner, session)).toMatchObject({ branch: 'session' })
    await expect(repository.git(['rev-parse', '--verify', 'session'], remote)).rejects.toThrow()
  })

  it('of a branch that is not there, or to a remote that is an option, is refused', async () => {
    await expect(pushBranch(repository.runner, { ...session, branch: 'nosuch' })).rejects.toMatchObject({ code: 'PUSH_FAILED' })
    await expect(pushBranch(repository.runner, { ...session, remote: '--receive-pack=x' })).rejects.toMatchObject({
      code: 'BAD_REMOTE',
    })
  })
})

describe('choosing the remote', () => {
  const choose = (): Promise<string | null> => chooseRemote(repository.runner, { base: 'main', branch: 'session' })
  const add = (name: string): Promise<string> => repository.git(['remote', 'add', name, remote])

  it('takes what the configuration says, the nearest word first', async () => {
    for (const name of ['one', 'two', 'three', 'four']) await add(name)
    expect(await choose()).toBe('origin')
    await repository.git(['config', 'branch.main.remote', 'four'])
    expect(await choose()).toBe('four')
    await repository.git(['config', 'branch.session.remote', 'three'])
    expect(await choose()).toBe('three')
    await repository.git(['config', 'remote.pushDefault', 'two'])
    expect(await choose()).toBe('two')
    await repository.git(['config', 'branch.session.pushRemote', 'one'])
    expect(await choose()).toBe('one')
  })

  it('takes the only one, whatever its name, and no branch of this repository', async () => {
    await repository.git(['remote', 'rename', 'origin', 'only'])
    await repository.git(['config', 'branch.session.remote', '.'])
    await repository.git(['config', '--unset', 'branch.main.remote'])
    expect(await choose()).toBe('only')
  })

  it('chooses none among strangers, and none where there is none', async () => {
    await repository.git(['remote', 'remove', 'origin'])
    expect(await choose()).toBeNull()
    await add('a')
    await add('b')
    expect(await choose()).toBeNull()
  })
})
