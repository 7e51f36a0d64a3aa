import { execFileSync } from 'node:child_process'
import { symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findEnvFiles } from '../../../src/setup/find-env-files.ts'
import { makeRepository, type Repository, writeFiles } from './repository.ts'

const ignore = { '.gitignore': '.env*\n!.env.example\n*.key\nnode_modules/\nbuild/\n' }

function find(repository: Repository, globs: string[], sessionsDir = join(repository.root, 'sessions')) {
  const { git, main } = repository
  return findEnvFiles({ git, main, globs, sessionsDir })
}

const paths = (found: { files: readonly { path: string }[] }): string[] => found.files.map((file) => file.path)
const codes = (found: { findings: readonly { code: string }[] }): string[] => found.findings.map((finding) => finding.code)

test('takes ignored files that match, also in packages, with odd names', async () => {
  const repository = makeRepository(ignore)
  writeFiles(repository.main, {
    '.env': 'A=1',
    'apps/web/.env.local': 'B=1',
    'apps/ü\n -x/.env.local': 'C=1',
    'build/.env': 'D=1',
  })
  const found = await find(repository, ['.env', 'apps/*/.env.local'])
  expect(found).toEqual({
    files: [
      { path: '.env', secret: true },
      { path: 'apps/web/.env.local', secret: true },
      { path: 'apps/ü\n -x/.env.local', secret: true },
    ],
    findings: [],
  })
})

test('passes over tracked files in silence and names those a commit would take', async () => {
  const repository = makeRepository({ ...ignore, '.env.example': 'A=' })
  writeFiles(repository.main, { '.env': 'A=1', 'secrets.txt': 'x' })
  const found = await find(repository, ['.env*', 'secrets.txt'])
  expect(paths(found)).toEqual(['.env'])
  expect(found.findings).toMatchObject([{ code: 'ENV_FILE_NOT_IGNORED', details: { paths: ['secrets.txt'] } }])
})

test('reads .worktreeinclude as git reads ignore files, and only takes what is ignored and untracked', async () => {
  const repository = makeRepository({ ...ignore, 'tracked.cfg': '' })
  writeFiles(repository.main, {
    '.worktreeinclude': '# keys\n*.key\n!public.key\n/build/cache\nplain.txt\n.env\ntracked.cfg\n',
    'a.key': '',
    'public.key': '',
    'deep/b.key': '',
    'build/cache/x': '',
    'build/out': '',
    'plain.txt': '',
    '.env': '',
  })
  const found = await find(repository, [])
  expect(found.files).toEqual([
    { path: '.env', secret: true },
    { path: 'a.key', secret: false },
    { path: 'build/cache/x', secret: false },
    { path: 'deep/b.key', secret: false },
  ])
})

test('says which patterns of .worktreeinclude git passes over, and takes what the others match', async () => {
  const repository = makeRepository(ignore)
  writeFiles(repository.main, {
    '.worktreeinclude': '\uFEFF*.key\r\nbuild/[\r\nx\\\n!\nbuild/[ab].txt\n',
    'a.key': '',
    'build/[': '',
    'build/a.txt': '',
    'build/c.txt': '',
  })
  const found = await find(repository, [])
  expect(paths(found)).toEqual(['a.key', 'build/a.txt'])
  expect(found.findings).toMatchObject(
    [
      [2, 'build/['],
      [3, 'x\\'],
      [4, '!'],
    ].map(([line, pattern]) => ({ code: 'WORKTREEINCLUDE_PATTERN_INVALID', details: { line, pattern } })),
  )
})

test('a .worktreeinclude that is no file is named, and nothing is taken by it', async () => {
  const repository = makeRepository(ignore)
  writeFiles(repository.main, { '.worktreeinclude/x': '', 'a.key': '' })
  const found = await find(repository, [])
  expect([paths(found), codes(found)]).toEqual([[], ['WORKTREEINCLUDE_REFUSED']])
})

test('refuses globs that leave the main worktree or enter .git', async () => {
  const repository = makeRepository(ignore)
  writeFiles(repository.root, { '.env': 'outside' })
  const found = await find(repository, ['../.env', '/etc/passwd', '~/.env', '.git/config', 'a/../../.env', '!../x', '**/config'])
  expect(paths(found)).toEqual([])
  expect(found.findings).toMatchObject([
    {
      code: 'ENV_GLOB_REFUSED',
      details: { paths: ['../.env', '/etc/passwd', '~/.env', '.git/config', 'a/../../.env', '!../x'] },
    },
  ])
})

test('refuses symlinks, what lies behind one, and pipes', async () => {
  const repository = makeRepository(ignore)
  writeFiles(repository.root, { 'elsewhere/.env': 'outside' })
  symlinkSync(join(repository.root, 'elsewhere'), join(repository.main, 'build'))
  symlinkSync('/etc/passwd', join(repository.main, '.env'))
  execFileSync('mkfifo', [join(repository.main, '.env.pipe')])
  const found = await find(repository, ['.env*', 'build/.env', '**/.env'])
  expect(paths(found)).toEqual([])
  expect(codes(found)).toEqual(['ENV_FILE_NOT_REGULAR'])
})

test('never looks into node_modules, the sessions directory or another worktree', async () => {
  const repository = makeRepository({ '.gitignore': '.env\nnode_modules/\n.sessions/\nelsewhere/\n' })
  const { main } = repository
  repository.run(main, 'worktree', 'add', '-q', '--detach', join(main, 'elsewhere/two'))
  writeFiles(main, {
    '.env': '',
    'node_modules/a/.env': '',
    '.sessions/x/.env': '',
    'elsewhere/two/.env': '',
    '.sessions/.env': '',
  })
  writeFiles(main, { '.worktreeinclude': '.sessions/x/.env\n' })
  const found = await find(repository, ['**/.env', '.sessions/*/.env', 'elsewhere/*/.env'], join(main, '.sessions'))
  expect(paths(found)).toEqual(['.env'])
})
