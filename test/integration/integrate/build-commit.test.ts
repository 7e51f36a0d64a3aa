import { chmod } from 'node:fs/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import { Git } from '../../../src/git/git.ts'
import { buildIntegration } from '../../../src/integrate/build-commit.ts'
import type { MergeMethod } from '../../../src/config/types.ts'
import { lines, makeSessionRepository, type SessionRepository } from './session-repository.ts'

let repository: SessionRepository

const sides = { id: 'work', worktree: '/sessions/a b', base: 'main' }

beforeEach(async () => {
  repository = await makeSessionRepository()
})

async function build(method: MergeMethod, message = 'message', git = repository.runner): ReturnType<typeof buildIntegration> {
  return buildIntegration(git, {
    method,
    base: await repository.oid('main'),
    tip: await repository.oid('session'),
    sides,
    message,
  })
}

async function format(commit: string, placeholders: string): Promise<string> {
  return repository.git(['show', '-s', `--format=${placeholders}`, commit])
}

/** Refs, HEAD, index and files of the main worktree: what must be the same when nothing happened. */
async function everything(): Promise<string> {
  return [await repository.git(['for-each-ref']), await repository.git(['status', '--porcelain=v2', '--branch'])].join('\n')
}

describe('a session and a base that both moved', () => {
  beforeEach(async () => {
    await repository.on('session', 'one', { 'file.txt': lines({ 2: 'one' }) })
    await repository.on('session', 'two', { 'file.txt': lines({ 2: 'one', 8: 'two' }) })
    await repository.on('main', 'base', { 'file.txt': lines({ 5: 'base' }) })
  })

  it.each(['merge', 'squash', 'rebase'] as const)('get the lines of both by %s, with no ref moved', async (method) => {
    const before = await everything()
    const { commit, tree } = await build(method)
    expect(await repository.show(commit, 'file.txt')).toBe(lines({ 2: 'one', 5: 'base', 8: 'two' }))
    expect(await repository.oid(`${commit}^{tree}`)).toBe(tree)
    expect(await everything()).toBe(before)
  })

  it('become a commit with both as parents by merge', async () => {
    const { commit, commits } = await build('merge', 'Merge it\n\nAs agreed.\n')
    expect(await format(commit, '%P')).toBe(`${await repository.oid('main')} ${await repository.oid('session')}`)
    expect(await format(commit, '%B')).toBe('Merge it\n\nAs agreed.\n')
    expect(commits).toBe(1)
  })

  it('become one commit on the base by squash', async () => {
    const { commit, commits } = await build('squash', 'All of it')
    expect(await format(commit, '%P %s')).toBe(`${await repository.oid('main')} All of it`)
    expect(commits).toBe(1)
  })

  it('become the same commits on the base by rebase, author, date and message kept', async () => {
    const author = { GIT_AUTHOR_NAME: 'Zoë', GIT_AUTHOR_EMAIL: 'zoe@example.invalid' }
    await repository.on('session', 'three\n\nwith a text – ünïcode', { 'other.txt': 'three\n' }, author)
    const { commit, commits } = await build('rebase')
    expect(commits).toBe(3)
    expect(await format(commit, '%an <%ae> %ad%n%B')).toBe(await format('session', '%an <%ae> %ad%n%B'))
    expect(await repository.git(['log', '--reverse', '--format=%s', `main..${commit}`])).toBe('one\ntwo\nthree')
    expect(await repository.oid(`${commit}~3`)).toBe(await repository.oid('main'))
    const linked = `${repository.parent}/linked`
    await repository.git(['worktree', 'add', '--quiet', '-b', 'check', linked, 'session'])
    await repository.git(['rebase', '--quiet', 'main'], linked)
    expect(await repository.oid('check^{tree}')).toBe(await repository.oid(`${commit}^{tree}`))
  })

  it('cannot be fast-forwarded, and the ways on are said', async () => {
    const before = await everything()
    await expect(build('ff-only')).rejects.toMatchObject({
      kind: 'decision',
      code: 'NOT_FAST_FORWARD',
      message: expect.stringContaining('main has a commit that session work does not have'),
      hint: 'flightrules end work --strategy merge --merge merge',
      choices: [{ flag: '--merge merge' }, { flag: '--merge rebase' }, { flag: '--sync rebase' }],
    })
    expect(await everything()).toBe(before)
  })

  it('are merged from a linked worktree with an odd name', async () => {
    const linked = `${repository.parent}/odd – name\nof two lines`
    await repository.git(['worktree', 'add', '--quiet', linked, 'session'])
    const { commit } = await build('merge', 'message', new Git(linked, repository.env))
    expect(await format(commit, '%s')).toBe('message')
  })
})

describe('a base that did not move', () => {
  beforeEach(async () => {
    await repository.on('session', 'one', { 'file.txt': lines({ 2: 'one' }) })
  })

  it('gets a merge commit all the same', async () => {
    const { commit } = await build('merge')
    expect(await format(commit, '%P')).toBe(`${await repository.oid('main')} ${await repository.oid('session')}`)
  })

  it.each(['ff-only', 'rebase'] as const)('takes the very commits of the session by %s', async (method) => {
    expect(await build(method)).toMatchObject({ commit: await repository.oid('session'), commits: 1 })
  })
})

describe('the author of a squash', () => {
  const ann = { GIT_AUTHOR_NAME: 'Ann', GIT_AUTHOR_EMAIL: 'ann@example.invalid' }
  const bob = { GIT_AUTHOR_NAME: 'Bob', GIT_AUTHOR_EMAIL: 'bob@example.invalid' }

  it('is the one author of all its commits', async () => {
    await repository.on('session', 'one', { 'file.txt': lines({ 2: 'one' }) }, ann)
    await repository.on('session', 'two', { 'other.txt': 'two\n' }, ann)
    const { commit } = await build('squash', 'All of it')
    expect(await format(commit, '%an|%cn|%B')).toBe('Ann|Test Person|All of it\n')
  })

  it('is who squashes when there were several, and they are named', async () => {
    await repository.on('session', 'one', { 'file.txt': lines({ 2: 'one' }) }, bob)
    await repository.on('session', 'two', { 'other.txt': 'two\n' }, ann)
    const { commit } = await build('squash', 'All of it')
    expect(await format(commit, '%an|%B')).toBe(
      'Test Person|All of it\n\nCo-authored-by: Ann <ann@example.invalid>\nCo-authored-by: Bob <bob@example.invalid>\n',
    )
  })
})

describe('work that conflicts', () => {
  beforeEach(async () => {
    await repository.on('session', 'fine', { 'other.txt': 'fine\n' })
    await repository.on('session', 'clash', { 'file.txt': lines({ 2: 'session' }) })
    await repository.on('main', 'base', { 'file.txt': lines({ 2: 'base' }) })
  })

  it.each(['merge', 'squash', 'rebase'] as const)('is refused by %s with its files, and nothing changed', async (method) => {
    const before = await everything()
    await expect(build(method)).rejects.toMatchObject({
      kind: 'conflict',
      code: 'MERGE_CONFLICTS',
      message: expect.stringContaining('session work conflicts with main in one file: "file.txt"'),
      hint: expect.stringMatching(/^git -C '\/sessions\/a b' merge main {4}/),
      details: { paths: ['file.txt'] },
    })
    expect(await everything()).toBe(before)
  })
})

describe('commits with nothing to add', () => {
  it('are nothing to integrate when the base has them', async () => {
    await repository.on('session', 'one', { 'file.txt': lines({ 2: 'one' }) })
    await repository.git(['merge', '--quiet', 'session'])
    expect(await build('merge')).toMatchObject({ commit: await repository.oid('main'), commits: 0 })
  })

  it('are dropped by rebase when the base has the same change, an empty one is kept', async () => {
    await repository.on('session', 'one', { 'file.txt': lines({ 2: 'one' }) })
    await repository.on('session', 'deliberately empty')
    await repository.on('session', 'two', { 'file.txt': lines({ 2: 'one', 8: 'two' }) })
    await repository.on('main', 'the same', { 'file.txt': lines({ 2: 'one' }) })
    const { commit, commits } = await build('rebase')
    expect(await repository.git(['log', '--reverse', '--format=%s', `main..${commit}`])).toBe('deliberately empty\ntwo')
    expect(commits).toBe(2)
  })

  it('make no empty commit by squash', async () => {
    await repository.on('session', 'one', { 'file.txt': lines({ 2: 'one' }) })
    await repository.on('main', 'the same', { 'file.txt': lines({ 2: 'one' }) })
    expect(await build('squash')).toMatchObject({ commit: await repository.oid('main'), commits: 0 })
  })
})

it('merge commits inside a session are not replayed by rebase', async () => {
  await repository.on('session', 'one', { 'file.txt': lines({ 2: 'one' }) })
  await repository.on('main', 'base', { 'other.txt': 'base\n' })
  const linked = `${repository.parent}/linked`
  await repository.git(['worktree', 'add', '--quiet', linked, 'session'])
  await repository.git(['merge', '--quiet', '--no-edit', 'main'], linked)
  await expect(build('rebase')).rejects.toMatchObject({ kind: 'decision', code: 'REBASE_HAS_MERGES' })
  expect((await build('squash')).commits).toBe(1)
})

it('a base with another history is refused', async () => {
  await repository.on('session', 'one', { 'file.txt': lines({ 2: 'one' }) })
  const orphan = await repository.git(['commit-tree', await repository.oid('session^{tree}'), '-m', 'other history'])
  const input = { method: 'merge' as const, base: orphan, tip: await repository.oid('session'), sides, message: 'm' }
  await expect(buildIntegration(repository.runner, input)).rejects.toMatchObject({ code: 'UNRELATED_HISTORIES' })
})

it('git not knowing who works is said before anything is made', async () => {
  await repository.on('session', 'one', { 'file.txt': lines({ 2: 'one' }) })
  const { GIT_AUTHOR_NAME: _, GIT_AUTHOR_EMAIL: __, GIT_COMMITTER_NAME: ___, GIT_COMMITTER_EMAIL: ____, ...env } = repository.env
  await repository.write(`${repository.parent}/home/.gitconfig`, '[user]\n\tuseConfigOnly = true\n')
  await expect(build('merge', 'm', new Git(repository.path, env))).rejects.toMatchObject({
    kind: 'failed',
    code: 'IDENTITY_MISSING',
  })
})

it('a person who signs commits gets signed ones', async () => {
  await repository.on('session', 'one', { 'file.txt': lines({ 2: 'one' }) })
  const signer = `${repository.parent}/sign`
  await repository.write(
    signer,
    '#!/bin/sh\ncat >/dev/null\nprintf -- "-----BEGIN PGP SIGNATURE-----\\nx\\n-----END PGP SIGNATURE-----\\n"\nprintf "\\n[GNUPG:] SIG_CREATED x\\n" >&2\n',
  )
  await chmod(signer, 0o755)
  await repository.git(['config', 'commit.gpgSign', 'true'])
  await repository.git(['config', 'gpg.program', signer])
  const { commit } = await build('merge')
  expect(await repository.git(['cat-file', 'commit', commit])).toContain('gpgsig -----BEGIN PGP SIGNATURE-----')
})

it('a sha256 repository works the same', async () => {
  const other = await makeSessionRepository({ env: { GIT_DEFAULT_HASH: 'sha256' } })
  await other.on('session', 'one', { 'file.txt': lines({ 2: 'one' }) })
  await other.on('main', 'base', { 'file.txt': lines({ 8: 'base' }) })
  const [base, tip] = [await other.oid('main'), await other.oid('session')]
  for (const method of ['merge', 'squash', 'rebase'] as const) {
    const { commit } = await buildIntegration(other.runner, { method, base, tip, sides, message: 'm' })
    expect(commit).toHaveLength(64)
    expect(await other.show(commit, 'file.txt')).toBe(lines({ 2: 'one', 8: 'base' }))
  }
})
