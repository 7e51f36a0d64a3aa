import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { commitAll } from '../../../src/git/commit-all.ts'
import { Git } from '../../../src/git/git.ts'
import { pushStash } from '../../../src/git/stash.ts'
import { oldestGit, requireGitVersion } from '../../../src/git/version.ts'
import { makeRepository } from '../../support/repository.ts'

describe.concurrent('committing', () => {
  it('takes everything that is not ignored, with the message as it is', async () => {
    const repository = await makeRepository({ files: { a: '1\n', '.gitignore': 'ignored\n' } })
    await repository.write('a', '2\n')
    await repository.write('-new', 'x\n')
    await repository.write('ignored', 'x\n')
    const message = '--amend "quoted" $(not run)\n\nbody'
    const oid = await commitAll(new Git(repository.path, repository.env), repository.path, message)
    expect(oid).toBe(await repository.git(['rev-parse', 'HEAD']))
    expect(await repository.git(['log', '-1', '--format=%B'])).toBe(`${message}\n`)
    expect(await repository.git(['show', '--name-only', '--format='])).toBe('-new\na')
    expect(await repository.git(['status', '--porcelain'])).toBe('')
  })

  it('of some paths leaves the others, and what is staged, alone', async () => {
    const repository = await makeRepository({ files: { a: '1\n', b: '1\n' } })
    await repository.write('a', '2\n')
    await repository.write('b', '2\n')
    await repository.write('log [1].md', 'x\n')
    await repository.git(['add', 'b'])
    await commitAll(new Git(repository.path, repository.env), repository.path, 'log', ['log [1].md'])
    expect(await repository.git(['show', '--name-only', '--format='])).toBe('log [1].md')
    expect(await repository.git(['status', '--porcelain'])).toBe(' M a\nM  b')
  })

  it('that a hook refuses says what the hook said; the changes are still there', async () => {
    const repository = await makeRepository()
    await repository.write('.git/hooks/pre-commit', '#!/bin/sh\necho no tests, no commit >&2\nexit 1\n')
    await chmod(join(repository.path, '.git/hooks/pre-commit'), 0o755)
    await repository.write('a', 'a\n')
    const committed = commitAll(new Git(repository.path, repository.env), repository.path, 'm')
    await expect(committed).rejects.toMatchObject({
      kind: 'failed',
      code: 'COMMIT_FAILED',
      message: expect.stringContaining('no tests, no commit'),
    })
    expect(await repository.git(['status', '--porcelain'])).toBe('A  a')
  })
})

it('a stash takes untracked files too, and keeps the ones before it', async () => {
  const repository = await makeRepository({ files: { a: '1\n' } })
  const git = new Git(repository.path, repository.env)
  await repository.write('a', '2\n')
  const first = await pushStash(git, repository.path, 'one')
  await repository.write('new', 'x\n')
  const second = await pushStash(git, repository.path, 'two')
  expect(await repository.git(['stash', 'list', '--format=%H'])).toBe(`${second}\n${first}`)
  expect(await repository.git(['show', `${second}^3:new`])).toBe('x')
  expect(await repository.git(['status', '--porcelain'])).toBe('')
})

describe.concurrent('the version of git', () => {
  const withFake = async (said: string): Promise<Git> => {
    const { parent, path, env, write } = await makeRepository()
    await write(join(parent, 'bin/git'), `#!/bin/sh\necho '${said}'\n`)
    await chmod(join(parent, 'bin/git'), 0o755)
    return new Git(path, { ...env, PATH: `${join(parent, 'bin')}:${env['PATH'] ?? ''}` })
  }

  it('that is too old is refused with the one needed', async () => {
    await expect(requireGitVersion(await withFake('git version 2.37.9'))).rejects.toMatchObject({
      code: 'GIT_TOO_OLD',
      message: `this is git version 2.37.9; Flight Rules needs git ${oldestGit} or newer`,
    })
    await expect(requireGitVersion(await withFake('hello'))).rejects.toMatchObject({ code: 'GIT_TOO_OLD' })
  })

  it('that will do is given back', async () => {
    expect(await requireGitVersion(await withFake('git version 2.38.0.rc1'))).toBe('2.38.0')
  })

  it('is asked of a git that is not there', async () => {
    const { path, env } = await makeRepository()
    await expect(requireGitVersion(new Git(path, { ...env, PATH: '/nowhere' }))).rejects.toMatchObject({ code: 'GIT_MISSING' })
  })
})
