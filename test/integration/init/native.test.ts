import { chmod, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findSources } from '../../../src/config/load-config.ts'
import { type TestRepository, makeRepository } from '../../support/repository.ts'
import { fingerprint, init, noteScript, order, plan, remove, standIn } from './set-up.ts'

async function makeProject(options: Parameters<typeof makeRepository>[0] = {}): Promise<TestRepository> {
  const repo = await makeRepository({ remote: true, files: { '.gitignore': 'node_modules\n' }, ...options })
  await repo.write('node_modules/.bin/flightrules', standIn(repo))
  await chmod(join(repo.path, 'node_modules/.bin/flightrules'), 0o755)
  return repo
}

async function writeHook(repo: TestRepository, name: string, text: string, mode = 0o755): Promise<void> {
  await repo.write(`.git/hooks/${name}`, text)
  await chmod(join(repo.path, '.git/hooks', name), mode)
}

test('an empty repository without a commit: hooks, config, and all gone again', async () => {
  const repo = await makeRepository({ empty: true })
  const before = await fingerprint(repo)
  const result = await init(repo)
  expect(result).toMatchObject({ hooks: 'native', presets: [], kept: [] })
  expect(result.created).toContain('flightrules.config.json')
  expect(result.created).toContain('.git/hooks/post-checkout')
  expect(await repo.git(['status', '--porcelain'])).toBe('?? flightrules.config.json')
  await remove(repo)
  expect(await fingerprint(repo)).toEqual(before)
})

test('the second run changes nothing', async () => {
  const repo = await makeProject()
  await init(repo)
  const once = await fingerprint(repo)
  const again = await init(repo)
  expect([again.created, again.changed, again.approved]).toEqual([[], [], null])
  expect(again.kept).toEqual([{ path: 'flightrules.config.json', why: expect.stringContaining('there already') }])
  expect(await fingerprint(repo)).toEqual(once)
})

test('a plan changes nothing', async () => {
  const repo = await makeProject()
  const before = await fingerprint(repo)
  expect((await plan(repo)).steps.length).toBeGreaterThan(3)
  expect(await fingerprint(repo)).toEqual(before)
})

test('a shell hook of the project runs after ours with its arguments, input and status', async () => {
  const repo = await makeProject()
  await writeHook(repo, 'post-checkout', `#!/bin/sh\n# theirs\n${noteScript(repo, 'theirs $# $3', false)}exit 0\n`)
  await writeHook(repo, 'pre-push', `#!/usr/bin/env bash\nset -e\n${noteScript(repo, 'theirs $1', true)}[ ! -f "$FAIL" ]\n`)
  const before = await fingerprint(repo)
  const result = await init(repo)
  expect(result.hooks).toBe('native')
  expect(result.changed).toEqual(expect.arrayContaining(['.git/hooks/post-checkout', '.git/hooks/pre-push']))
  await repo.git(['worktree', 'add', '-q', '-b', 'one', '../one'])
  await repo.git(['push', '-q', 'origin', 'one'])
  const refs = 'refs/heads/one <oid> refs/heads/one <oid>'
  expect(await order(repo)).toEqual(['ours post-checkout', 'theirs 3 1', 'ours pre-push', refs, 'theirs origin', refs])
  repo.env['FAIL'] = join(repo.path, '.gitignore')
  await expect(repo.git(['push', '-q', 'origin', 'one:two'])).rejects.toThrow()
  await repo.git(['worktree', 'remove', '../one'])
  await remove(repo)
  expect(await fingerprint(repo)).toEqual(before)
})

test.each([
  [
    'written in another language',
    async (repo: TestRepository) =>
      writeHook(
        repo,
        'pre-push',
        `#!${process.execPath}\nrequire('fs').appendFileSync('${repo.parent}/order', 'theirs ' + process.argv[2] + '\\n' + require('fs').readFileSync(0))\nprocess.exit(process.env.FAIL ? 6 : 0)\n`,
      ),
  ],
  [
    'a link to a script',
    async (repo: TestRepository) => {
      await repo.write(join(repo.parent, 'linked'), `#!/bin/sh\n${noteScript(repo, 'theirs $1', true)}[ -z "$FAIL" ]\n`)
      await chmod(join(repo.parent, 'linked'), 0o755)
      await symlink('../../../linked', join(repo.path, '.git/hooks/pre-push'))
    },
  ],
])('a hook %s is moved aside, still run, and moved back', async (_, make) => {
  const repo = await makeProject()
  await make(repo)
  const before = await fingerprint(repo)
  const result = await init(repo)
  expect(result.created).toContain('.git/hooks/pre-push.flightrules-original')
  await repo.git(['worktree', 'add', '-q', '-b', 'one', '../one'])
  await repo.git(['push', '-q', 'origin', 'one'])
  const refs = 'refs/heads/one <oid> refs/heads/one <oid>'
  expect(await order(repo)).toEqual(['ours post-checkout', 'ours pre-push', refs, 'theirs origin', refs])
  expect((await init(repo)).changed).toEqual([])
  repo.env['FAIL'] = '1'
  await expect(repo.git(['push', '-q', 'origin', 'one:two'])).rejects.toThrow()
  await repo.git(['worktree', 'remove', '../one'])
  await remove(repo)
  expect(await fingerprint(repo)).toEqual(before)
})

test('a hook switched off by its mode stays off', async () => {
  const repo = await makeProject()
  await writeHook(repo, 'post-checkout', `#!/bin/sh\n${noteScript(repo, 'theirs', false)}`, 0o644)
  const before = await fingerprint(repo)
  await init(repo)
  await repo.git(['worktree', 'add', '-q', '-b', 'one', '../one'])
  expect(await order(repo)).toEqual(['ours post-checkout'])
  await repo.git(['worktree', 'remove', '../one'])
  await remove(repo)
  expect(await fingerprint(repo)).toEqual(before)
})

test('a file that changed since loses only our part', async () => {
  const repo = await makeProject()
  await writeHook(repo, 'pre-push', '#!/bin/sh\necho theirs\n')
  await init(repo)
  await repo.write('.git/hooks/pre-push', `${await repo.read('.git/hooks/pre-push')}echo more\n`)
  await repo.write('flightrules.config.json', '{ "base": "main" }\n')
  const result = await remove(repo)
  expect(await repo.read('.git/hooks/pre-push')).toBe('#!/bin/sh\necho theirs\necho more\n')
  expect(await repo.read('flightrules.config.json')).toBe('{ "base": "main" }\n')
  expect(result.kept.map((one) => one.path).sort()).toEqual(['.git/hooks/pre-push', 'flightrules.config.json'])
})

test('a second init after a change keeps the change for the removal', async () => {
  const repo = await makeProject()
  await writeHook(repo, 'pre-push', '#!/bin/sh\necho one\n')
  await init(repo)
  const changed = (await repo.read('.git/hooks/pre-push')).replace('flightrules_package=', 'flightrules_package=old')
  await repo.write('.git/hooks/pre-push', `${changed}echo two\n`)
  expect((await init(repo)).changed).toEqual(['.git/hooks/pre-push'])
  await remove(repo)
  expect(await repo.read('.git/hooks/pre-push')).toBe('#!/bin/sh\necho one\necho two\n')
})

test('a committed hooks folder of the project is used', async () => {
  const repo = await makeProject({
    files: { '.githooks/pre-push': '#!/bin/sh\nexit 0\n', 'package.json': '{}\n', '.gitignore': 'node_modules\n' },
  })
  await chmod(join(repo.path, '.githooks/pre-push'), 0o755)
  await repo.git(['config', 'core.hooksPath', '.githooks'])
  const before = await fingerprint(repo)
  const result = await init(repo)
  expect(result.hooks).toBe('native')
  expect([...result.created, ...result.changed]).toEqual(
    expect.arrayContaining(['.githooks/post-checkout', '.githooks/pre-push']),
  )
  await remove(repo)
  expect(await fingerprint(repo)).toEqual(before)
})

test('hooks a person has for all repositories are left alone', async () => {
  const repo = await makeProject()
  await repo.git(['config', '--global', 'core.hooksPath', join(repo.parent, 'everywhere')])
  const result = await init(repo)
  expect(result.hooks).toBe('none')
  expect(result.kept).toEqual([{ path: join(repo.parent, 'everywhere'), why: expect.stringContaining('--hooks husky') }])
})

test('a bare repository gets hooks and no config', async () => {
  const repo = await makeProject()
  const bare = repo.remotePath ?? ''
  const result = await init(repo, {}, bare)
  expect(result.created).toContain('hooks/post-checkout')
  expect(result.kept).toEqual([{ path: '', why: expect.stringContaining('bare') }])
  await repo.git(['worktree', 'add', '-q', '-b', 'one', join(repo.parent, 'one')], bare)
  await expect(init(repo, { hooks: 'husky' }, bare)).rejects.toMatchObject({ code: 'HOOKS_CONFLICT' })
  await remove(repo, bare)
  await expect(repo.read(join(bare, 'hooks/post-checkout'))).rejects.toThrow()
})

test('a linked worktree is refused and the main directory named', async () => {
  const repo = await makeProject()
  await repo.git(['worktree', 'add', '-q', '-b', 'one', '../one'])
  const refusal = {
    kind: 'usage',
    code: 'LINKED_WORKTREE',
    message: expect.stringContaining(repo.path),
    hint: `flightrules -C ${repo.path} init`,
  }
  await expect(plan(repo, {}, join(repo.parent, 'one'))).rejects.toMatchObject(refusal)
  await expect(remove(repo, join(repo.parent, 'one'))).rejects.toMatchObject({ code: 'LINKED_WORKTREE' })
})

test("outside a repository, and inside git's own directory", async () => {
  const repo = await makeProject()
  await expect(plan(repo, {}, repo.parent)).rejects.toMatchObject({ kind: 'usage', code: 'NOT_A_REPOSITORY' })
  await expect(plan(repo, {}, join(repo.path, '.git'))).rejects.toMatchObject({ code: 'INSIDE_GIT_DIRECTORY' })
})

test('a config that is there is kept, and approved where a person looked at it; one that does not load stops everything', async () => {
  const repo = await makeProject()
  await repo.write('flightrules.config.json', '{ "sesionsDir": "x" }')
  const before = await fingerprint(repo)
  await expect(init(repo, {}, repo.path, await digest(repo))).rejects.toMatchObject({ code: 'CONFIG_INVALID' })
  expect(await fingerprint(repo)).toEqual(before)
  await repo.write('flightrules.config.json', '{ "base": "main" }')
  const looked = await digest(repo)
  await expect(init(repo, {}, repo.path, 'f'.repeat(64))).rejects.toMatchObject({ code: 'CONFIG_CHANGED' })
  expect(await init(repo, {}, repo.path, looked)).toMatchObject({ approved: 'flightrules.config.json' })
  expect(await init(repo)).toMatchObject({ approved: null, created: [], changed: [] })
  await rm(join(repo.path, 'flightrules.config.json'))
  await writeFile(join(repo.path, '.flightrulesrc.json'), '{}')
  expect((await plan(repo)).config).toMatchObject({ isNew: false })
})

async function digest(repo: TestRepository): Promise<string> {
  return (await findSources(repo.path))?.digest ?? ''
}
