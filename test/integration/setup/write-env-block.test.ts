import { execFileSync } from 'node:child_process'
import { chmodSync, existsSync, lstatSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { writeEnvBlock } from '../../../src/setup/write-env-block.ts'
import { makeRepository, type Repository, writeFiles } from './repository.ts'

function write(repository: Repository, values: Record<string, string>, file = '.env.local') {
  const { git, worktree, commonDir } = repository
  return writeEnvBlock({ git, worktree, commonDir, file, session: 'one', values })
}

const read = (repository: Repository, file = '.env.local'): string => readFileSync(join(repository.worktree, file), 'utf8')

test('makes the file for its owner only, keeps it out of status, and does nothing the second time', async () => {
  const repository = makeRepository()
  expect(await write(repository, { PORT: '3001', URL: 'a b' })).toEqual({ written: true, findings: [] })
  expect(read(repository)).toBe(
    "# >>> flightrules >>>\n# session one; these lines are replaced by flightrules\nPORT=3001\nURL='a b'\n# <<< flightrules <<<\n",
  )
  expect(lstatSync(join(repository.worktree, '.env.local')).mode & 0o777).toBe(0o600)
  expect(repository.status()).toBe('')
  expect((await write(repository, { PORT: '3001', URL: 'a b' })).written).toBe(false)
})

test('replaces its block in place and keeps the mode and every other byte', async () => {
  const repository = makeRepository({ '.gitignore': '.env*\n' })
  const file = join(repository.worktree, '.env.local')
  writeFileSync(file, Buffer.from([0x41, 0x3d, 0xff, 0xfe]))
  chmodSync(file, 0o664)
  await write(repository, { PORT: '3001' })
  writeFileSync(file, Buffer.concat([readFileSync(file), Buffer.from('\r\nB=2')]))
  await write(repository, { PORT: '3002', NAME: 'ü' })
  const bytes = readFileSync(file)
  expect(bytes.subarray(0, 5)).toEqual(Buffer.from([0x41, 0x3d, 0xff, 0xfe, 0x0a]))
  expect(bytes.subarray(5).toString()).toBe(
    "# >>> flightrules >>>\n# session one; these lines are replaced by flightrules\nPORT=3002\nNAME='ü'\n# <<< flightrules <<<\r\nB=2",
  )
  expect(lstatSync(file).mode & 0o777).toBe(0o664)
})

test('nothing to write: no file', async () => {
  const repository = makeRepository()
  expect(await write(repository, {})).toEqual({ written: false, findings: [] })
  expect(existsSync(join(repository.worktree, '.env.local'))).toBe(false)
})

test('a tracked file is not touched', async () => {
  const repository = makeRepository({ '.env.local': 'A=1\n' })
  expect(await write(repository, { PORT: '1' })).toMatchObject({ written: false, findings: [{ code: 'ENV_OUT_TRACKED' }] })
  expect(read(repository)).toBe('A=1\n')
})

test('a file the project refuses to have ignored is not made', async () => {
  const repository = makeRepository({ '.gitignore': '!.env.local\n' })
  expect((await write(repository, { PORT: '1' })).findings).toMatchObject([{ code: 'ENV_OUT_NOT_IGNORED' }])
  expect(repository.status()).toBe('')
})

test('a symlink in the way, a directory, and paths outside the worktree are refused', async () => {
  const repository = makeRepository({ '.gitignore': '.env*\ndir\nfolder\n' })
  const { worktree, root } = repository
  symlinkSync(join(root, 'target'), join(worktree, '.env.local'))
  symlinkSync(root, join(worktree, 'dir'))
  writeFiles(worktree, { 'folder/x': '' })
  const codes: (string | undefined)[] = []
  for (const file of ['.env.local', 'dir/.env', 'folder', '../.env', '/tmp/.env', '.git/config']) {
    codes.push((await write(repository, { PORT: '1' }, file)).findings[0]?.code)
  }
  expect(codes).toEqual([
    'ENV_OUT_SYMLINK',
    'ENV_OUT_SYMLINK',
    'ENV_OUT_NOT_A_FILE',
    'ENV_OUT_OUTSIDE',
    'ENV_OUT_OUTSIDE',
    'ENV_OUT_OUTSIDE',
  ])
  expect(existsSync(join(root, 'target'))).toBe(false)
})

test('a value no quoting can carry is named and left out', async () => {
  const repository = makeRepository()
  const result = await write(repository, { A: `it's $5`, B: 'fine' }, 'conf dir/[x].env')
  expect(result.findings).toMatchObject([{ code: 'ENV_VALUE_NOT_WRITABLE', details: { name: 'A' } }])
  expect(read(repository, 'conf dir/[x].env')).not.toContain('A=')
  expect(repository.status()).toBe('')
  const script = '. "./conf dir/[x].env"; printf %s "$B"'
  expect(execFileSync('sh', ['-c', script], { cwd: repository.worktree, encoding: 'utf8' })).toBe('fine')
})
