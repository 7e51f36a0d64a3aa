import { execFileSync } from 'node:child_process'
import { linkSync, lstatSync, mkdirSync, readdirSync, readFileSync, readlinkSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import type { DependencyStrategy } from '../../../src/config/types.ts'
import { cloneDependencies } from '../../../src/setup/clone-dependencies.ts'
import { copyTree, copyTreeOurselves } from '../../../src/setup/copy-tree.ts'
import { makeRepository, type Repository, writeFiles } from './repository.ts'

function cloneInto(repository: Repository, paths: string[], strategy: DependencyStrategy) {
  const { git, commonDir, main, worktree } = repository
  return cloneDependencies({ git, commonDir, main, worktree, paths, strategy })
}

test('clones folders that match, the inner ones with the outer, and leaves status clean', async () => {
  const repository = makeRepository({ '.gitignore': 'node_modules/\n', 'packages/a/x': '' })
  const { main, worktree } = repository
  writeFiles(main, {
    'node_modules/p/index.js': '1',
    'node_modules/p/node_modules/q/i.js': '2',
    'packages/a/node_modules/r/i.js': '3',
  })
  const result = await cloneInto(repository, ['**/node_modules', 'vendor'], 'clone')
  expect(result).toEqual({ cloned: ['node_modules', 'packages/a/node_modules'], findings: [] })
  expect(readFileSync(join(worktree, 'node_modules/p/node_modules/q/i.js'), 'utf8')).toBe('2')
  expect(repository.status()).toBe('')
  expect((await cloneInto(repository, ['**/node_modules'], 'clone')).cloned).toEqual([])
})

test('a folder the project forgot to ignore does not make the worktree dirty', async () => {
  const repository = makeRepository()
  writeFiles(repository.main, { 'node_modules/p/index.js': '1' })
  expect((await cloneInto(repository, ['node_modules'], 'clone')).cloned).toEqual(['node_modules'])
  expect(repository.status()).toBe('')
})

test('tracked folders, files and folders behind a symlink are left alone', async () => {
  const repository = makeRepository({ 'vendor/a': '' })
  const { main, root, worktree } = repository
  writeFiles(root, { 'outside/deps/x': '' })
  writeFiles(main, { file: '', 'real/deps/x': '' })
  symlinkSync('../outside', join(main, 'linked'))
  symlinkSync(root, join(worktree, 'real'))
  const result = await cloneInto(repository, ['vendor', 'file', 'linked/deps', 'real/deps', '../outside'], 'clone')
  expect(result.cloned).toEqual([])
  expect(result.findings.map((finding) => finding.details?.path)).toEqual(['linked/deps', 'real/deps'])
  expect(readdirSync(root)).not.toContain('deps')
})

test('symlink: relative, and hidden from status although the rule is for a folder', async () => {
  const repository = makeRepository({ '.gitignore': 'node_modules/\n', 'apps/web/x': '' })
  writeFiles(repository.main, { 'apps/web/node_modules/p/index.js': '1' })
  expect((await cloneInto(repository, ['apps/*/node_modules'], 'symlink')).cloned).toEqual(['apps/web/node_modules'])
  const link = join(repository.worktree, 'apps/web/node_modules')
  expect(readlinkSync(link)).toBe('../../../../project/apps/web/node_modules')
  expect(readFileSync(join(link, 'p/index.js'), 'utf8')).toBe('1')
  expect(repository.status()).toBe('')
})

test('none: nothing', async () => {
  const repository = makeRepository()
  writeFiles(repository.main, { 'node_modules/p': '1' })
  expect(await cloneInto(repository, ['node_modules'], 'none')).toEqual({ cloned: [], findings: [] })
})

describe.each([
  ['with cp', copyTree],
  ['by ourselves', copyTreeOurselves],
])('a tree copied %s', (_name, copy) => {
  test('keeps symlinks, modes and times, shares no inode, leaves pipes out', async () => {
    const { root } = makeRepository()
    const source = join(root, '-source')
    writeFiles(source, { 'a/run': 'x' }, 0o755)
    writeFiles(source, { 'a/b/c': 'y' }, 0o600)
    mkdirSync(join(source, 'empty'))
    symlinkSync('../nowhere', join(source, 'a/link'))
    symlinkSync('a', join(source, 'directory'))
    linkSync(join(source, 'a/run'), join(source, 'hard'))
    execFileSync('mkfifo', [join(source, 'pipe')])
    utimesSync(join(source, 'a/b/c'), 1_000_000, 1_000_000)
    utimesSync(join(source, 'a'), 1_000_000, 1_000_000)
    const to = join(root, '-copy')
    await copy(source, to)
    expect(readdirSync(to).sort()).toEqual(['a', 'directory', 'empty', 'hard'])
    expect(readlinkSync(join(to, 'a/link'))).toBe('../nowhere')
    expect(readlinkSync(join(to, 'directory'))).toBe('a')
    expect(lstatSync(join(to, 'a/run')).mode & 0o777).toBe(0o755)
    expect(lstatSync(join(to, 'a/b/c'))).toMatchObject({ mode: 0o100600, mtimeMs: 1_000_000_000 })
    expect(lstatSync(join(to, 'a')).mtimeMs).toBe(1_000_000_000)
    expect(lstatSync(join(to, 'hard')).ino).not.toBe(lstatSync(join(source, 'hard')).ino)
  })
})
