import { expect, it } from 'vitest'
import { buildIntegration } from '../../../src/integrate/build-commit.ts'
import { lines, makeSessionRepository, type SessionRepository } from './session-repository.ts'

const sides = { id: 'work', worktree: '/sessions/work', base: 'main' }

/** A commit on `session` with these very bytes for author and message, and its tree as the last one's with one more file. */
async function oddCommit(
  repository: SessionRepository,
  odd: { author: string; message: string; encoding?: string },
): Promise<void> {
  const { runner } = repository
  const parent = await repository.oid('session')
  const tree =
    (await repository.on('session', 'placeholder', { [`odd-${parent.slice(0, 8)}.txt`]: 'odd\n' })) &&
    (await repository.oid('session^{tree}'))
  const lines = [
    `tree ${tree}`,
    `parent ${parent}`,
    `author ${odd.author}`,
    'committer Test Person <test@example.invalid> 1700000000 +0000',
    ...(odd.encoding === undefined ? [] : [`encoding ${odd.encoding}`]),
  ]
  const input = Buffer.from(`${lines.join('\n')}\n\n${odd.message}`, 'latin1')
  const commit = await runner.readLine(['hash-object', '-t', 'commit', '-w', '--stdin'], { input })
  await repository.git(['update-ref', 'refs/heads/session', commit])
}

/** Trees, authors, dates and messages of the commits onto main, to the last byte. */
async function contents(repository: SessionRepository, tip: string): Promise<string[]> {
  const list = (await repository.git(['rev-list', '--reverse', `main..${tip}`])).split('\n')
  const commits = await Promise.all(list.map((oid) => repository.runner.readBytes(['cat-file', 'commit', oid])))
  return commits.map((bytes) => bytes.toString('latin1').replace(/^(?:parent|committer) .*\n/gm, ''))
}

it('rebase puts commits onto the base as git rebase does, to the last byte', async () => {
  const repository = await makeSessionRepository({
    files: { 'file.txt': lines(), 'old/one.txt': lines(), 'old/two.txt': lines({ 1: 'two' }), 'tool.sh': '#!/bin/sh\n' },
  })
  await repository.on('session', 'one', { 'file.txt': lines({ 2: 'one' }) })
  await repository.on('session', 'picked already', { 'file.txt': lines({ 2: 'one', 8: 'picked' }) })
  await repository.on('session', 'empty')
  await repository.on('session', 'in a folder the base has moved', {
    'old/one.txt': lines({ 5: 'moved' }),
  })
  await repository.on(
    'session',
    'subject\n\nbody\n\nCo-authored-by: Ann <ann@example.invalid>\nSigned-off-by: Bob <b@example.invalid>\n',
  )
  await oddCommit(repository, {
    author: 'Zo\xe9 <zoe@example.invalid> 1600000000 -0730',
    message: 'caf\xe9, and then caf\xc3\xa9\n',
  })
  await oddCommit(repository, {
    author: 'Zo\xe9 <zoe@example.invalid> 1600000000 +0000',
    message: 'lat\xe9\n',
    encoding: 'ISO-8859-1',
  })
  await oddCommit(repository, { author: ' <> 100 +0000', message: '' })
  await oddCommit(repository, {
    author: 'Crud., < spaced@example.invalid> 100 -7530',
    message: '  indented\n\n\n# not a comment  \n\n\n',
  })
  await oddCommit(repository, { author: 'A <a@example.invalid> 1600000000 +0000', message: 'no line end' })
  await repository.on('main', 'the same change', { 'file.txt': lines({ 8: 'picked' }) })
  await repository.on('main', 'move the folder', {
    'old/one.txt': null,
    'old/two.txt': null,
    'new/one.txt': lines(),
    'new/two.txt': lines({ 1: 'two' }),
  })
  const [base, tip] = [await repository.oid('main'), await repository.oid('session')]

  const { commit, commits } = await buildIntegration(repository.runner, { method: 'rebase', base, tip, sides, message: '' })

  const linked = `${repository.parent}/linked`
  await repository.git(['worktree', 'add', '--quiet', '-b', 'check', linked, 'session'])
  await repository.git(['rebase', '--quiet', 'main'], linked)
  expect(await contents(repository, commit)).toEqual(await contents(repository, 'check'))
  expect(commits).toBe(9)
})

it.each([
  ['merge.renames', 'false'],
  ['merge.directoryRenames', 'true'],
  ['merge.directoryRenames', 'false'],
  ['diff.renameLimit', '1'],
  ['merge.conflictStyle', 'zdiff3'],
  ['merge.renormalize', 'true'],
])('merge gives what git merge gives with %s=%s', async (name, value) => {
  const repository = await makeSessionRepository({
    files: {
      'a/one.txt': lines({ 1: 'one' }),
      'a/two.txt': lines({ 1: 'two' }),
      'crlf.txt': 'x\r\ny\r\n',
      '.gitattributes': '*.txt text=auto\n',
    },
  })
  await repository.git(['config', name, value])
  await repository.git(['config', 'rerere.enabled', 'true'])
  await repository.on('main', 'move', {
    'a/one.txt': null,
    'a/two.txt': null,
    'b/one.txt': lines({ 1: 'one', 9: 'moved' }),
    'b/two.txt': lines({ 1: 'two', 9: 'moved' }),
  })
  await repository.on('session', 'work', {
    'a/one.txt': lines({ 1: 'one', 4: 'work' }),
    'a/new.txt': 'new\n',
    'crlf.txt': 'x\ny\n',
  })
  const linked = `${repository.parent}/linked`
  await repository.git(['worktree', 'add', '--quiet', '-b', 'check', linked, 'main'])
  const merged = await repository.git(['merge', '--quiet', '--no-edit', 'session'], linked).then(
    () => repository.git(['rev-parse', 'check^{tree}']),
    () => 'conflicts',
  )
  const [base, tip] = [await repository.oid('main'), await repository.oid('session')]
  const ours = await buildIntegration(repository.runner, { method: 'merge', base, tip, sides, message: 'm' }).then(
    ({ tree }) => tree,
    (error: { code: string }) => (error.code === 'MERGE_CONFLICTS' ? 'conflicts' : error.code),
  )
  expect(ours).toBe(merged)
})

it('an octopus merge inside a session is merged and squashed, and not replayed', async () => {
  const repository = await makeSessionRepository()
  for (const side of ['one', 'two']) {
    await repository.git(['branch', side, 'session'])
    await repository.on(side, side, { [`${side}.txt`]: `${side}\n` })
  }
  await repository.on('session', 'three', { 'three.txt': 'three\n' })
  const linked = `${repository.parent}/linked`
  await repository.git(['worktree', 'add', '--quiet', linked, 'session'])
  await repository.git(['merge', '--quiet', '--no-edit', 'one', 'two'], linked)
  const [base, tip] = [await repository.on('main', 'base', { 'base.txt': 'base\n' }), await repository.oid('session')]
  const input = { base, tip, sides, message: 'message' }
  for (const method of ['merge', 'squash'] as const) {
    const { commit } = await buildIntegration(repository.runner, { ...input, method })
    const files = (await repository.git(['ls-tree', '--name-only', commit])).split('\n')
    expect(files).toEqual(['base.txt', 'file.txt', 'one.txt', 'other.txt', 'three.txt', 'two.txt'])
  }
  await expect(buildIntegration(repository.runner, { ...input, method: 'rebase' })).rejects.toMatchObject({
    code: 'REBASE_HAS_MERGES',
  })
})

it('a squash names whom its commits name, once, and none of whom it is by', async () => {
  const repository = await makeSessionRepository()
  const trailers = 'Co-authored-by: Cleo <cleo@example.invalid>\nCo-Authored-By: Test <TEST@example.invalid>'
  await repository.on('session', `one\n\n${trailers}`, { 'one.txt': 'one\n' })
  await repository.on(
    'session',
    `two\n\nbody\n\nCo-authored-by: Cleo <cleo@example.invalid>\nCo-authored-by: Dan <dan@example.invalid>`,
    { 'two.txt': 'two\n' },
  )
  const [base, tip] = [await repository.oid('main'), await repository.oid('session')]
  const message = 'Both\n\nReviewed-by: Dan <dan@example.invalid>\n'
  const { commit } = await buildIntegration(repository.runner, { method: 'squash', base, tip, sides, message })
  expect(await repository.git(['show', '-s', '--format=%an%n%B', commit])).toBe(
    'Test Person\nBoth\n\nReviewed-by: Dan <dan@example.invalid>\nCo-authored-by: Cleo <cleo@example.invalid>\n',
  )
})
