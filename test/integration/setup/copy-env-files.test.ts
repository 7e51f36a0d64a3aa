import { createHash } from 'node:crypto'
import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, lstatSync, readdirSync, readFileSync, symlinkSync, utimesSync } from 'node:fs'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { copyEnvFiles } from '../../../src/setup/copy-env-files.ts'
import { makeRepository, type Repository, writeFiles } from './repository.ts'

const ignore = { '.gitignore': '.env*\nkeys/\ncache/\n' }

function copy(repository: Repository, ...files: [path: string, secret: boolean][]) {
  const { git, main, worktree } = repository
  return copyEnvFiles({ git, main, worktree, files: files.map(([path, secret]) => ({ path, secret })) })
}

test.each([0o400, 0o440, 0o644, 0o666, 0o777])('an env file of mode %o is copied with 0600, whatever the umask', async (mode) => {
  const repository = makeRepository(ignore)
  writeFiles(repository.main, { '.env': 'A=1', 'cache/conf': 'x' })
  chmodSync(join(repository.main, '.env'), mode)
  chmodSync(join(repository.main, 'cache/conf'), mode)
  const umask = process.umask(mode === 0o400 ? 0o077 : 0)
  onTestFinished(() => void process.umask(umask))
  await copy(repository, ['.env', true], ['cache/conf', false])
  expect(modeOf(join(repository.worktree, '.env'))).toBe(0o600)
  expect(modeOf(join(repository.worktree, 'cache/conf'))).toBe(mode)
})

const modeOf = (path: string): number => lstatSync(path).mode & 0o777

test('copies of env files are for their owner alone; bytes, times and hash are those of the source', async () => {
  const repository = makeRepository(ignore)
  const bytes = 'A=1\nB=ü\n'.repeat(400_000)
  writeFiles(repository.main, { '.env': bytes, 'cache/run.sh': 'x' }, 0o755)
  utimesSync(join(repository.main, '.env'), 1_000_000, 1_000_000)
  const result = await copy(repository, ['.env', true], ['cache/run.sh', false])
  expect(result.findings).toEqual([])
  const sha256 = createHash('sha256').update(bytes).digest('hex')
  expect(result.copied[0]).toEqual({ path: '.env', sha256 })
  expect(readFileSync(join(repository.worktree, '.env'), 'utf8')).toBe(bytes)
  expect(modeOf(join(repository.worktree, '.env'))).toBe(0o600)
  expect(lstatSync(join(repository.worktree, '.env')).mtimeMs).toBe(1_000_000_000)
  expect(modeOf(join(repository.worktree, 'cache/run.sh'))).toBe(0o755)
  expect(lstatSync(join(repository.worktree, '.env')).nlink).toBe(1)
  expect(readdirSync(repository.run(repository.worktree, 'rev-parse', '--git-dir').trim()).join()).not.toContain('staging')
})

test('a file that is there stays as it is', async () => {
  const repository = makeRepository(ignore)
  writeFiles(repository.main, { '.env': 'new' })
  writeFiles(repository.worktree, { '.env': 'mine' })
  expect(await copy(repository, ['.env', true])).toEqual({ copied: [], findings: [] })
  expect(readFileSync(join(repository.worktree, '.env'), 'utf8')).toBe('mine')
})

test('a branch that has a directory of the destination as a symlink gets nothing written through it', async () => {
  const repository = makeRepository(ignore)
  const outside = join(repository.root, 'outside')
  writeFiles(repository.root, { 'outside/kept': '' })
  writeFiles(repository.main, { 'keys/deep/a': 'secret' })
  symlinkSync(outside, join(repository.worktree, 'keys'))
  const result = await copy(repository, ['keys/deep/a', true])
  expect(result.copied).toEqual([])
  expect(result.findings).toMatchObject([{ code: 'ENV_FILE_BEHIND_SYMLINK' }])
  expect(readdirSync(outside)).toEqual(['kept'])
})

test('a dangling symlink in place of the file is not written through', async () => {
  const repository = makeRepository(ignore)
  writeFiles(repository.main, { '.env': 'secret' })
  symlinkSync(join(repository.root, 'target'), join(repository.worktree, '.env'))
  expect((await copy(repository, ['.env', true])).findings).toMatchObject([{ code: 'ENV_FILE_BEHIND_SYMLINK' }])
  expect(existsSync(join(repository.root, 'target'))).toBe(false)
})

test('a source that became a symlink or a pipe is not read; the others are still copied', async () => {
  const repository = makeRepository(ignore)
  symlinkSync('/etc/passwd', join(repository.main, '.env'))
  execFileSync('mkfifo', [join(repository.main, '.env.pipe')])
  writeFiles(repository.main, { '.env.local': 'ok' })
  const result = await copy(
    repository,
    ['.env', true],
    ['.env.pipe', true],
    ['.env.gone', true],
    ['../x', true],
    ['.env.local', true],
  )
  expect(result.copied.map((file) => file.path)).toEqual(['.env.local'])
  expect(result.findings.map((finding) => finding.code)).toEqual([
    'ENV_FILE_BEHIND_SYMLINK',
    'ENV_FILE_NOT_COPIED',
    'ENV_FILE_NOT_COPIED',
    'ENV_FILE_NOT_COPIED',
  ])
})

test('a branch that does not ignore the file does not get it', async () => {
  const repository = makeRepository(ignore)
  writeFiles(repository.main, { '.env': 'secret' })
  writeFiles(repository.worktree, { '.gitignore': '' })
  expect((await copy(repository, ['.env', true])).findings).toMatchObject([{ code: 'ENV_FILE_NOT_IGNORED' }])
  expect(existsSync(join(repository.worktree, '.env'))).toBe(false)
})

test('a branch that tracks the file and has it deleted does not get it either', async () => {
  const repository = makeRepository(ignore)
  const { worktree } = repository
  writeFiles(repository.main, { '.env': 'secret' })
  writeFiles(worktree, { '.env': 'tracked' })
  repository.run(worktree, 'add', '-f', '.env')
  repository.run(worktree, 'commit', '-q', '-m', 'x')
  repository.run(worktree, 'update-index', '--skip-worktree', '.env')
  execFileSync('rm', [join(worktree, '.env')])
  expect((await copy(repository, ['.env', true])).findings).toMatchObject([{ code: 'ENV_FILE_NOT_IGNORED' }])
})
