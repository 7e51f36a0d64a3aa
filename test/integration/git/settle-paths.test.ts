import { chmod, lstat, mkdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it, test } from 'vitest'
import { Git } from '../../../src/git/git.ts'
import { settlePaths } from '../../../src/git/settle-paths.ts'
import { makeRepository, type TestRepository } from '../../support/repository.ts'

let repository: TestRepository
let git: Git
let from: string
let to: string

/** `from` is checked out: everything of a checkout to `to` is yet to come. */
beforeEach(async () => {
  repository = await makeRepository({
    files: {
      'same.txt': 'same\n',
      'changed.txt': 'old words\n',
      'deleted.txt': 'deleted\n',
      'turned/inner.txt': 'inner\n',
      plain: 'p\n',
    },
  })
  git = new Git(repository.path, repository.env)
  await symlink('same.txt', at('link'))
  from = await repository.commit('from')
  await rm(at('link'))
  await symlink('changed.txt', at('link'))
  await rm(at('turned'), { recursive: true })
  await rm(at('deleted.txt'))
  await rm(at('plain'))
  to = await repository.commit('to', {
    'changed.txt': 'new words, and more of them\n',
    'added/deep/file.txt': 'added\n',
    turned: 'a file now\n',
    'plain/inside.txt': 'inside\n',
  })
  await repository.git(['reset', '--quiet', '--hard', from])
})

function at(path: string): string {
  return join(repository.path, path)
}

async function status(): Promise<string> {
  return repository.git(['status', '--porcelain', '--untracked-files=all'])
}

const settled = { own: [], mixed: [] }

test('a whole checkout is made, and made back', async () => {
  expect(await settlePaths(git, repository.path, { from, to })).toEqual(settled)
  expect(await repository.git(['diff', '--cached', to])).toBe('')
  expect(await repository.git(['diff-files', '--name-only'])).toBe('')
  expect(await readlink(at('link'))).toBe('changed.txt')
  expect(await settlePaths(git, repository.path, { from: to, to: from })).toEqual(settled)
  expect(await status()).toBe('')
  await expect(lstat(at('added'))).rejects.toThrow('ENOENT')
})

describe('what a stopped checkout leaves is brought back', () => {
  it.each<[string, () => Promise<unknown>]>([
    ['a file that was cut off', () => writeFile(at('changed.txt'), 'new wor')],
    ['a file with nothing in it yet', () => writeFile(at('changed.txt'), '')],
    ['a file that is not there yet', () => rm(at('changed.txt'))],
    ['a file that is there already', () => writeFile(at('changed.txt'), 'new words, and more of them\n')],
    ['a deleted file', () => rm(at('deleted.txt'))],
    ['a new file in new folders', () => repository.write('added/deep/file.txt', 'added\n')],
    ['a cut off new file', () => repository.write('added/deep/file.txt', 'ad')],
    ['empty new folders', () => mkdir(at('added/deep'), { recursive: true }).then(() => rm(at('added'), { recursive: true }))],
    [
      'a folder that became a file',
      () => rm(at('turned'), { recursive: true }).then(() => writeFile(at('turned'), 'a file now\n')),
    ],
    ['a file that became a folder', () => rm(at('plain')).then(() => repository.write('plain/inside.txt', 'ins'))],
    ['a changed link', () => rm(at('link')).then(() => symlink('changed.txt', at('link')))],
  ])('%s', async (_, stop) => {
    await stop()
    expect(await settlePaths(git, repository.path, { from: to, to: from })).toEqual(settled)
    expect(await status()).toBe('')
    expect(await repository.git(['diff', '--cached', from])).toBe('')
  })

  it('all of it, index and all', async () => {
    await repository.git(['read-tree', '-m', '-u', from, to])
    expect(await settlePaths(git, repository.path, { from: to, to: from })).toEqual(settled)
    expect(await status()).toBe('')
  })
})

describe('what is somebody’s own stays', () => {
  it('a file changed since, on top of what is wanted', async () => {
    await writeFile(at('changed.txt'), 'my own words\n')
    expect(await settlePaths(git, repository.path, { from: to, to: from })).toEqual({ own: ['changed.txt'], mixed: [] })
    expect(await readFile(at('changed.txt'), 'utf8')).toBe('my own words\n')
    expect(await status()).toBe(' M changed.txt')
  })

  it('a file changed since, on top of what is to go', async () => {
    await repository.git(['read-tree', '-m', '-u', from, to])
    await writeFile(at('changed.txt'), 'my own words\n')
    expect(await settlePaths(git, repository.path, { from: to, to: from })).toEqual({ own: [], mixed: ['changed.txt'] })
    expect(await readFile(at('changed.txt'), 'utf8')).toBe('my own words\n')
    expect(await status()).toBe('MM changed.txt')
  })

  it('a file staged since', async () => {
    await writeFile(at('changed.txt'), 'my own words\n')
    await repository.git(['add', 'changed.txt'])
    expect(await settlePaths(git, repository.path, { from: to, to: from })).toEqual({ own: [], mixed: ['changed.txt'] })
    expect(await repository.git(['show', ':changed.txt'])).toBe('my own words')
  })

  it('other files, staged, changed and untracked', async () => {
    await repository.write('same.txt', 'mine\n')
    await repository.write('new.txt', 'new\n')
    await repository.git(['add', 'new.txt'])
    await repository.write('note.txt', 'note\n')
    const before = await status()
    await settlePaths(git, repository.path, { from, to })
    await settlePaths(git, repository.path, { from: to, to: from })
    expect(await status()).toBe(before)
  })

  it('what lies behind a symbolic link that took a folder’s place', async () => {
    const elsewhere = join(repository.parent, 'elsewhere')
    await repository.write(join(elsewhere, 'inner.txt'), 'inner\n')
    await rm(at('turned'), { recursive: true })
    await symlink(elsewhere, at('turned'))
    const left = await settlePaths(git, repository.path, { from, to })
    expect([...left.own, ...left.mixed]).toContain('turned/inner.txt')
    expect(await readFile(join(elsewhere, 'inner.txt'), 'utf8')).toBe('inner\n')
  })
})

describe('as git would write it', () => {
  it('a cut off file with other line ends', async () => {
    await repository.git(['config', 'core.autocrlf', 'true'])
    await writeFile(at('changed.txt'), 'new words, and more of them\r')
    expect(await settlePaths(git, repository.path, { from: to, to: from })).toEqual(settled)
    expect(await readFile(at('changed.txt'), 'utf8')).toBe('old words\r\n')
    expect(await status()).toBe('')
  })

  it('a file with a name of two lines, one that starts with a dash, one in quotes', async () => {
    const names = ['two\nlines.txt', '-dash.txt', '"quoted".txt', 'ü é.txt']
    for (const name of names) await repository.write(`./${name}`, 'from\n')
    const first = await repository.commit('odd')
    for (const name of names) await repository.write(`./${name}`, 'to and more\n')
    const second = await repository.commit('odd again')
    await repository.git(['reset', '--quiet', '--hard', first])
    for (const name of names) await repository.write(`./${name}`, 'to and')
    expect(await settlePaths(git, repository.path, { from: second, to: first })).toEqual(settled)
    expect(await status()).toBe('')
  })

  it('an executable', async () => {
    await repository.git(['reset', '--quiet', '--hard', to])
    await chmod(at('same.txt'), 0o755)
    const second = await repository.commit('mode')
    await settlePaths(git, repository.path, { from: second, to: from })
    expect((await lstat(at('same.txt'))).mode & 0o111).toBe(0)
    await settlePaths(git, repository.path, { from, to: second })
    expect((await lstat(at('same.txt'))).mode & 0o100).toBe(0o100)
  })

  it('nothing outside of a sparse checkout', async () => {
    await repository.git(['sparse-checkout', 'set', '--no-cone', '/same.txt', '/changed.txt'])
    await settlePaths(git, repository.path, { from, to })
    await expect(lstat(at('deleted.txt'))).rejects.toThrow('ENOENT')
    await expect(lstat(at('link'))).rejects.toThrow('ENOENT')
    expect(await repository.git(['diff-files', '--name-only'])).toBe('')
    await settlePaths(git, repository.path, { from: to, to: from })
    expect(await status()).toBe('')
  })
})

test('a link to a folder becomes a folder, and a link again', async () => {
  await symlink('turned', at('folder'))
  const link = await repository.commit('link to a folder')
  await rm(at('folder'))
  const folder = await repository.commit('folder', { 'folder/inner.txt': 'other\n' })
  await repository.git(['reset', '--quiet', '--hard', link])
  expect(await settlePaths(git, repository.path, { from: link, to: folder, before: 'whole' })).toEqual(settled)
  expect(await repository.git(['diff', folder])).toBe('')
  expect(await settlePaths(git, repository.path, { from: folder, to: link, before: 'whole' })).toEqual(settled)
  expect(await status()).toBe('')
  expect(await readFile(at('turned/inner.txt'), 'utf8')).toBe('inner\n')
})

describe('submodules, of which git keeps the commit and somebody else the content', () => {
  const commitLinks = async (...paths: string[]): Promise<string> => {
    await rm(at('sub'), { recursive: true, force: true })
    for (const path of paths) {
      await repository.git(['rm', '--quiet', '-r', '--cached', '--ignore-unmatch', path])
      await rm(at(path), { recursive: true, force: true })
      await repository.git(['update-index', '--add', '--cacheinfo', `160000,${from},${path}`])
      await mkdir(at(path), { recursive: true })
    }
    const tree = await repository.git(['write-tree'])
    const commit = await repository.git(['commit-tree', '-p', from, '-m', 'links', tree])
    await repository.git(['reset', '--quiet', '--hard', from])
    return commit
  }

  it.each([['where nothing was', 'deep/sub'] as const, ['in the place of a file', 'plain'] as const])('%s', async (_, path) => {
    const links = await commitLinks(path)
    expect(await settlePaths(git, repository.path, { from, to: links, before: 'whole' })).toEqual(settled)
    expect((await lstat(at(path))).isDirectory()).toBe(true)
    expect(await repository.git(['diff-files', '--name-only'])).toBe('')
    expect(await settlePaths(git, repository.path, { from: links, to: from, before: 'whole' })).toEqual(settled)
    expect(await status()).toBe('')
    await expect(lstat(at('deep'))).rejects.toThrow('ENOENT')
  })

  it('a filled one stays where it was taken out', async () => {
    const links = await commitLinks('sub')
    await settlePaths(git, repository.path, { from, to: links })
    await repository.write('sub/note.txt', 'note\n')
    expect(await settlePaths(git, repository.path, { from: links, to: from, before: 'whole' })).toEqual(settled)
    expect(await readFile(at('sub/note.txt'), 'utf8')).toBe('note\n')
  })

  it('a filled one stays where a file takes its place', async () => {
    const links = await commitLinks('plain')
    await settlePaths(git, repository.path, { from, to: links })
    await repository.write('plain/note.txt', 'note\n')
    const { own, mixed } = await settlePaths(git, repository.path, { from: links, to: from, before: 'whole' })
    expect([...own, ...mixed]).toEqual(['plain'])
    expect(await readFile(at('plain/note.txt'), 'utf8')).toBe('note\n')
  })
})

test('where all of it was there, the beginning of a file is somebody’s own, and nothing else is touched', async () => {
  await writeFile(at('changed.txt'), 'old')
  await repository.write('added/deep/file.txt', '')
  await rm(at('deleted.txt'))
  const { own } = await settlePaths(git, repository.path, { from, to, before: 'whole' })
  expect(own.toSorted()).toEqual(['added/deep/file.txt', 'changed.txt'])
  expect(await readFile(at('changed.txt'), 'utf8')).toBe('old')
  expect(await readlink(at('link'))).toBe('same.txt')
})
