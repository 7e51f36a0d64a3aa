import { existsSync, lstatSync, readFileSync, rmSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { excludeFromStatus, findExcludePattern } from '../../../src/git/exclude.ts'
import { makeRepository, writeFiles } from './repository.ts'

test('adds a pattern once and keeps what others wrote', async () => {
  const { commonDir } = makeRepository()
  const file = join(commonDir, 'info/exclude')
  writeFileSync(file, '*.log')
  expect(await excludeFromStatus({ commonDir, patterns: ['/a'] })).toBe(true)
  expect(await excludeFromStatus({ commonDir, patterns: ['/a', '/b'] })).toBe(true)
  expect(await excludeFromStatus({ commonDir, patterns: ['/b', '/a'] })).toBe(false)
  expect(readFileSync(file, 'utf8')).toBe('*.log\n# >>> flightrules >>>\n/a\n/b\n# <<< flightrules <<<')
})

test('a pattern made from a path hides exactly that path', async () => {
  const repository = makeRepository()
  const { commonDir, worktree } = repository
  rmSync(join(commonDir, 'info'), { recursive: true })
  const hidden = ['a*b', '[x]', '!not', '#hash', 'back\\slash', 'end ', 'dir/q?']
  const shown = ['aXb', 'x', 'sub/a*b', 'dir/qq']
  writeFiles(worktree, Object.fromEntries([...hidden, ...shown].map((path) => [path, ''])))
  await excludeFromStatus({ commonDir, patterns: hidden.map((path) => findExcludePattern(path) ?? '') })
  const listed = repository.run(worktree, 'ls-files', '-z', '-o', '--exclude-standard').split('\0').filter(Boolean)
  expect(listed.sort()).toEqual([...shown].sort())
  expect(findExcludePattern('a\nb')).toBeUndefined()
})

test('a person who links the file elsewhere keeps the link', async () => {
  const { commonDir, root } = makeRepository()
  const file = join(commonDir, 'info/exclude')
  writeFileSync(join(root, 'mine'), '*.log\n')
  rmSync(file, { force: true })
  symlinkSync(join(root, 'mine'), file)
  await excludeFromStatus({ commonDir, patterns: ['/a'] })
  expect(lstatSync(file).isSymbolicLink()).toBe(true)
  expect(readFileSync(join(root, 'mine'), 'utf8')).toContain('/a\n')
})

test('a lock a killed process left behind is taken over', async () => {
  const { commonDir } = makeRepository()
  const lock = join(commonDir, 'info/exclude.flightrules-lock')
  writeFileSync(lock, '')
  utimesSync(lock, 1, 1)
  expect(await excludeFromStatus({ commonDir, patterns: ['/a'] })).toBe(true)
  expect(existsSync(lock)).toBe(false)
})

test('writers at the same time lose nothing', async () => {
  const { commonDir } = makeRepository()
  await Promise.all([...'abcdefghijkl'].map((name) => excludeFromStatus({ commonDir, patterns: [`/${name}`] })))
  const lines = readFileSync(join(commonDir, 'info/exclude'), 'utf8').split('\n')
  expect([...'abcdefghijkl'].filter((name) => !lines.includes(`/${name}`))).toEqual([])
})
