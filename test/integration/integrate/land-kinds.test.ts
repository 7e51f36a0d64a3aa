import { chmod, link, mkdir, readdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { listWorktrees } from '../../../src/git/worktrees.ts'
import { findObstacles } from '../../../src/integrate/find-obstacles.ts'
import { land } from '../../../src/integrate/land.ts'
import { makeSessionRepository, type SessionRepository } from './session-repository.ts'

let repository: SessionRepository
let session: string

beforeEach(async () => {
  repository = await makeSessionRepository({
    files: {
      'Readme.md': 'readme\n',
      file: 'file\n',
      'folder/one.txt': 'one\n',
      'folder/two.txt': 'two\n',
      'tool.sh': '#!/bin/sh\n',
      'target/inside.txt': 'inside\n',
      '.gitignore': '*.log\nignored\n',
    },
  })
  await symlink('target', join(repository.path, 'link'))
  await repository.commit('link')
  session = join(repository.parent, 'session')
  await repository.git(['worktree', 'add', '--quiet', '-B', 'session', session, 'main'])
})

const inSession = (name: string): string => join(session, name)
const remove = (name: string): Promise<void> => rm(inSession(name), { recursive: true })

async function writeIn(name: string, content: string): Promise<void> {
  await mkdir(join(inSession(name), '..'), { recursive: true })
  await writeFile(inSession(name), content)
}

async function landSession(): Promise<string> {
  const commit = await repository.commit('work', {}, session)
  const expected = await repository.oid('main')
  const worktrees = await listWorktrees(repository.runner)
  await land(repository.runner, { baseBranch: 'main', expected, commit, worktrees, reason: 'test' })
  return commit
}

/** What is there, by name; a link with what it points to. */
async function list(directory: string): Promise<string[]> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true })
  const names = entries.map(
    (entry) =>
      `${join(entry.parentPath, entry.name).slice(directory.length)}${entry.isSymbolicLink() ? '@' : entry.isDirectory() ? '/' : ''}`,
  )
  return names.filter((name) => !name.startsWith('/.git/') && !/^\/\.git\/?$/.test(name)).toSorted()
}

const changes: Record<string, () => Promise<unknown>> = {
  'a name in other letters': () => repository.git(['mv', 'Readme.md', 'README.md'], session),
  'a folder in other letters': () => repository.git(['mv', 'folder', 'Folder'], session),
  'a file for a folder': () => remove('folder').then(() => writeIn('folder', 'now a file\n')),
  'a folder for a file': () => remove('file').then(() => writeIn('file/inner.txt', 'inner\n')),
  'a link for a file': () => remove('file').then(() => symlink('Readme.md', inSession('file'))),
  'a link for a folder': () => remove('folder').then(() => symlink('target', inSession('folder'))),
  'a file for a link': () => remove('link').then(() => writeIn('link', 'now a file\n')),
  'a folder for a link, with a name that is where the link leads': () =>
    remove('link').then(() => writeIn('link/inside.txt', 'another\n')),
  'an executable bit': () => chmod(inSession('tool.sh'), 0o755),
  'nothing left of a folder': () => remove('folder'),
  'a file that is ignored, and tracked all the same': () =>
    writeIn('kept.log', 'kept\n').then(() => repository.git(['add', '--force', 'kept.log'], session)),
}

it.each(Object.keys(changes))('%s arrives where the base is checked out', async (name) => {
  await changes[name]?.()
  await landSession()
  expect(await repository.git(['status', '--porcelain', '--ignored'])).toBe('')
  expect(await list(repository.path)).toEqual(await list(session))
})

describe('what is not tracked and in the way is left where it is, and named', () => {
  const cases: Record<string, { change: string; mine: () => Promise<unknown>; named?: string }> = {
    'a file that is ignored, in a folder that becomes a file': {
      change: 'a file for a folder',
      mine: () => repository.write('folder/mine.log', 'mine\n'),
    },
    'a file that is untracked, in a folder that becomes a file': {
      change: 'a file for a folder',
      mine: () => repository.write('folder/mine.txt', 'mine\n'),
    },
    'a folder that is ignored, in one that becomes a link': {
      change: 'a link for a folder',
      mine: () => repository.write('folder/ignored/mine.txt', 'mine\n'),
    },
    'a file that is ignored': {
      change: 'a file that is ignored, and tracked all the same',
      mine: () => repository.write('kept.log', 'mine\n'),
      named: 'kept.log',
    },
  }
  it.each(Object.keys(cases))('%s', async (name) => {
    const { change = '', mine, named } = cases[name] ?? {}
    await changes[change]?.()
    await mine?.()
    const [before, files, main] = [
      await repository.git(['status', '--porcelain', '--ignored']),
      await list(repository.path),
      await repository.oid('main'),
    ]
    await expect(landSession()).rejects.toMatchObject({
      code: 'BASE_DIRTY',
      details: { paths: [named ?? expect.stringMatching(/^folder/)] },
    })
    expect([
      await repository.git(['status', '--porcelain', '--ignored']),
      await list(repository.path),
      await repository.oid('main'),
    ]).toEqual([before, files, main])
  })

  it('a link that is ignored, where a folder must be', async () => {
    await writeIn('ignored/inner.txt', 'inner\n')
    await repository.git(['add', '--force', 'ignored/inner.txt'], session)
    await symlink('target', join(repository.path, 'ignored'))
    await expect(landSession()).rejects.toMatchObject({ code: 'BASE_DIRTY', details: { paths: ['ignored'] } })
    expect(await list(repository.path)).toContain('/ignored@')
  })
})

it('line ends are those of the worktree', async () => {
  await repository.git(['config', 'core.autocrlf', 'true'])
  await rm(join(repository.path, 'file'))
  await repository.git(['checkout', '--', 'file'])
  await writeIn('file', 'file\r\nmore\r\n')
  await landSession()
  expect(await repository.read('file')).toBe('file\r\nmore\r\n')
  expect(await repository.git(['cat-file', '-p', 'main:file'])).toBe('file\nmore')
  expect(await repository.git(['status', '--porcelain'])).toBe('')
})

it('a worktree of a part of the files stays one', async () => {
  await repository.git(['sparse-checkout', 'set', 'target'])
  await repository.git(['sparse-checkout', 'disable'], session)
  await writeIn('folder/three.txt', 'three\n')
  await writeIn('target/three.txt', 'three\n')
  await landSession()
  expect(await repository.git(['status', '--porcelain'])).toBe('')
  expect(await list(repository.path)).not.toContain('/folder/three.txt')
  expect(await repository.read('target/three.txt')).toBe('three\n')
})

it('a submodule is pointed elsewhere and its own files stay, as with git; one with changes is in the way', async () => {
  const module = join(repository.parent, 'module')
  await repository.git(['clone', '--quiet', repository.path, module], repository.parent)
  await repository.git(['submodule', '--quiet', 'add', module, 'sub'])
  await repository.commit('with a submodule')
  await repository.git(['merge', '--quiet', 'main'], session)
  const moved = await repository.commit('more', { 'more.txt': 'more\n' }, module)
  await repository.git(['update-index', '--cacheinfo', `160000,${moved},sub`], session)
  await repository.git(['commit', '--quiet', '-m', 'move it'], session)
  await repository.write('sub/file', 'mine\n')
  await expect(landSession()).rejects.toMatchObject({ code: 'BASE_DIRTY', details: { paths: ['sub'] } })
  await repository.git(['checkout', '--', 'file'], join(repository.path, 'sub'))
  await repository.git(['reset', '--quiet', '--soft', 'HEAD^'], session)
  await landSession()
  expect(await repository.git(['ls-tree', 'main', 'sub'])).toContain(moved)
  expect(await repository.git(['status', '--porcelain'])).toBe(' M sub')
})

describe('a base is not moved under what is in progress where it is checked out', () => {
  const beginnings: Record<string, () => Promise<unknown>> = {
    'cherry-pick': () => repository.git(['cherry-pick', 'clash']),
    revert: () => repository.git(['revert', '--no-edit', 'HEAD~1']),
    merge: () => repository.git(['merge', 'clash']),
    rebase: () => repository.git(['rebase', 'clash']),
    am: async () => {
      const patch = join(repository.parent, 'patch')
      await writeFile(patch, `${await repository.git(['format-patch', '--stdout', '-1', 'clash'])}\n`)
      await repository.git(['am', '--quiet', patch])
    },
    bisect: () => repository.git(['bisect', 'start']),
  }
  it.each(Object.keys(beginnings))('%s', async (operation) => {
    await repository.git(['branch', 'clash', 'main'])
    await repository.on('clash', 'clash', { file: 'clash\n' })
    await repository.on('main', 'first', { file: 'first\n' })
    await repository.on('main', 'second', { file: 'second\n' })
    await repository.git(['merge', '--quiet', 'main'], session)
    await beginnings[operation]?.().catch(() => {})
    await writeIn('new.txt', 'new\n')
    const main = await repository.oid('main')
    await expect(landSession()).rejects.toMatchObject({ kind: 'decision', code: 'BASE_BUSY', details: { operation } })
    expect(await repository.oid('main')).toBe(main)
  })
})

it('a new spelling of a name is not in its own way where the file system takes the two for one', async () => {
  await repository.git(['mv', 'Readme.md', 'README.md'], session)
  const to = await repository.commit('work', {}, session)
  const from = await repository.oid('main')
  const input = { from, to, changed: ['README.md', 'Readme.md'] }
  await link(join(repository.path, 'Readme.md'), join(repository.path, 'README.md')).catch(() => {})
  expect(await findObstacles(repository.runner, repository.path, input)).toEqual([])
  await rm(join(repository.path, 'README.md'))
  await repository.write('README.md', 'another file\n')
  await repository.write('Readme.md', 'readme\n')
  const isOne = (await repository.read('README.md')) === 'readme\n'
  expect(await findObstacles(repository.runner, repository.path, input)).toEqual(isOne ? [] : ['README.md'])
})
