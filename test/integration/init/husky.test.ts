import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { hookCommand } from '../../../src/commands/hook.ts'
import { Git } from '../../../src/git/git.ts'
import { installHooksHere } from '../../../src/githooks/install/install-hooks-here.ts'
import { invoke } from '../../support/invoke.ts'
import { runProgram } from '../../support/run-cli.ts'
import { type TestRepository, makeRepository } from '../../support/repository.ts'
import { packageRoot } from '../shims/shim-repository.ts'
import { fingerprint, init, noteScript, order, remove, setUpHusky, standIn } from './set-up.ts'

const refs = (name: string): string => `refs/heads/${name} <oid> refs/heads/${name} <oid>`

async function makeProject(files: Readonly<Record<string, string>>): Promise<TestRepository> {
  const repo = await makeRepository({ remote: true, files: { '.gitignore': 'node_modules\n', ...files } })
  await repo.write('node_modules/.bin/flightrules', standIn(repo))
  await chmod(join(repo.path, 'node_modules/.bin/flightrules'), 0o755)
  return repo
}

test('a pnpm project with husky and a pre-push of its own', async () => {
  const manifest = '{ "scripts": { "prepare": "husky" }, "devDependencies": { "husky": "^9", "typescript": "^5" } }\n'
  const repo = await makeProject({ 'package.json': manifest, 'pnpm-lock.yaml': '', 'tsconfig.json': '{}' })
  await setUpHusky(repo)
  await repo.commit('husky', { '.husky/pre-push': `${noteScript(repo, 'theirs $1', true)}[ -z "$FAIL" ] || exit 5\n` })
  const before = await fingerprint(repo)
  const result = await init(repo)
  expect(result).toMatchObject({
    hooks: 'husky',
    presets: ['pnpm'],
    changed: expect.arrayContaining(['.husky/pre-push']),
    kept: [],
  })
  expect(result.created).toEqual(expect.arrayContaining(['flightrules.config.ts', '.husky/post-checkout', '.husky/post-merge']))
  expect(await repo.read('package.json')).toBe(manifest)
  const clean = await fingerprint(repo)
  expect(await init(repo)).toMatchObject({ created: [], changed: [] })
  expect(await fingerprint(repo)).toEqual(clean)

  await repo.commit('set up')
  await repo.git(['worktree', 'add', '-q', '-b', 'one', '../one'])
  await repo.git(['push', '-q', 'origin', 'one'], join(repo.parent, 'one'))
  expect(await order(repo)).toEqual(['ours post-checkout', 'ours pre-push', refs('one'), 'theirs origin', refs('one')])
  expect(await repo.git(['status', '--porcelain'], join(repo.parent, 'one'))).toBe('')
  const refused = await runProgram('git', ['push', '-q', 'origin', 'one:two'], {
    cwd: repo.path,
    env: { ...repo.env, FAIL: '1' },
  })
  expect(refused).toMatchObject({ status: 1, stdout: expect.stringContaining('code 5') })
  await repo.git(['worktree', 'remove', '--force', '../one'])
  await remove(repo)
  expect(await fingerprint(repo)).toEqual(before)
})

test('a worktree made from another one whose husky folder was healed has hooks as well', async () => {
  const repo = await makeProject({ 'package.json': '{}\n' })
  await init(repo)
  await repo.commit('set up')
  await repo.git(['worktree', 'add', '-q', '-b', 'one', '../one'])
  await repo.git(['worktree', 'add', '-q', '-b', 'two', '../two'], join(repo.parent, 'one'))
  await repo.git(['push', '-q', 'origin', 'two'], join(repo.parent, 'two'))
  expect(await order(repo)).toEqual(['ours post-checkout', 'ours post-checkout', 'ours pre-push', refs('two')])
})

test('a JavaScript project without husky gets it, keeps the form of its package.json, and loses it again', async () => {
  const manifest = '{\r\n\t"name": "x",\r\n\t"scripts": {\r\n\t\t"dev": "next dev"\r\n\t}\r\n}'
  const repo = await makeProject({ 'package.json': manifest })
  const before = await fingerprint(repo)
  const result = await init(repo)
  expect(result).toMatchObject({ hooks: 'husky', presets: ['npm'] })
  expect(await repo.read('package.json')).toBe(
    manifest.replace('{\r\n\t\t', '{\r\n\t\t"prepare": "flightrules hook install || exit 0",\r\n\t\t'),
  )
  expect(await repo.read('flightrules.config.mjs')).toContain('ports: { PORT: 3000 }')
  expect(await repo.git(['config', 'core.hooksPath'])).toBe('.husky/_')
  await remove(repo)
  expect(await fingerprint(repo)).toEqual(before)
})

test('another prepare script is left and the line to add is named', async () => {
  const repo = await makeProject({ 'package.json': '{ "scripts": { "prepare": "tsc" } }\n' })
  const result = await init(repo)
  expect(result.kept).toEqual([{ path: 'package.json', why: expect.stringContaining('flightrules hook install || exit 0') }])
  expect(await repo.read('package.json')).toBe('{ "scripts": { "prepare": "tsc" } }\n')
})

test('HUSKY=0 is honoured and said', async () => {
  const repo = await makeProject({ 'package.json': '{}\n' })
  repo.env['HUSKY'] = '0'
  const result = await init(repo)
  expect(result.kept).toEqual([{ path: '.husky', why: expect.stringContaining('HUSKY=0') }])
  await expect(repo.git(['config', 'core.hooksPath'])).rejects.toThrow()
})

test('a clone: hook install switches husky on, in a linked worktree too, and does nothing twice', async () => {
  const repo = await makeProject({ 'package.json': '{}\n' })
  await init(repo)
  await repo.commit('set up')
  await repo.git(['clone', '-q', repo.path, join(repo.parent, 'clone')])
  const clone = join(repo.parent, 'clone')
  const install = (cwd: string) => installHooksHere({ git: new Git(cwd, repo.env), node: process.execPath, packageRoot })
  const preview = await invoke(hookCommand.subcommands?.[0], { cwd: clone, env: repo.env, dryRun: true })
  expect(preview.data).toMatchObject({
    plan: { version: 1, command: 'hook install', steps: [{ kind: 'run', command: 'husky', path: clone }], choices: [] },
  })
  await expect(repo.git(['config', '--local', 'core.hooksPath'], clone)).rejects.toThrow()
  expect(await install(clone)).toEqual({ outcome: 'installed', husky: '.husky' })
  expect(await repo.git(['config', '--local', 'core.hooksPath'], clone)).toBe('.husky/_')
  expect(await install(clone)).toEqual({ outcome: 'present', husky: '.husky' })
  await repo.git(['-c', 'core.hooksPath=/dev/null', 'worktree', 'add', '-q', '-b', 'w', join(repo.parent, 'w')], clone)
  expect(await install(join(repo.parent, 'w'))).toEqual({ outcome: 'installed', husky: '.husky' })
  expect(await install(repo.parent)).toMatchObject({ outcome: 'skipped' })
})

test('a clone of a set-up repository: remove takes our part out of the committed files', async () => {
  const repo = await makeProject({ 'package.json': '{ "name": "x" }\n', '.husky/pre-push': 'echo theirs\n' })
  await init(repo)
  await repo.commit('set up')
  const clone = join(repo.parent, 'clone')
  await repo.git(['clone', '-q', repo.path, clone])
  const result = await remove(repo, clone)
  expect([...result.removed].sort()).toEqual(['.husky/post-checkout', '.husky/post-merge'])
  expect(await readFile(join(clone, '.husky/pre-push'), 'utf8')).toBe('echo theirs\n')
  expect(await readFile(join(clone, 'package.json'), 'utf8')).not.toContain('flightrules')
})

test('a package in a subfolder, with its own husky folder', async () => {
  const repo = await makeProject({
    'pkg/package.json': '{ "scripts": { "prepare": "cd .. && husky pkg/.husky" } }\n',
    'pkg/yarn.lock': '',
  })
  await setUpHusky(repo, 'pkg/.husky')
  const before = await fingerprint(repo)
  const result = await init(repo, {}, join(repo.path, 'pkg'))
  expect(result.hooks).toBe('husky')
  expect(result.created).toEqual(expect.arrayContaining(['flightrules.config.json', 'pkg/.husky/post-checkout']))
  expect(await repo.read('pkg/.husky/post-checkout')).toContain('flightrules_husky=pkg/.husky\nflightrules_package=pkg\n')
  expect(JSON.parse(await repo.read('flightrules.config.json'))).toEqual({
    dependencies: { paths: ['pkg/node_modules'] },
    postCreateHook: 'cd pkg && yarn install',
  })
  await repo.commit('set up')
  await repo.git(['worktree', 'add', '-q', '-b', 'one', '../one'])
  await repo.git(['switch', '-q', '-c', 'other'], join(repo.parent, 'one'))
  expect(await order(repo)).toEqual(['ours post-checkout'])
  await repo.git(['worktree', 'remove', '--force', '../one'])
  await remove(repo, join(repo.path, 'pkg'))
  expect(await fingerprint(repo)).toEqual(before)
})

test('a package in a subfolder without husky: hooks where git looks, config at the root', async () => {
  const repo = await makeProject({ 'pkg/package.json': '{}\n' })
  await repo.write('pkg/node_modules/flightrules/dist/schema.json', '{}')
  const result = await init(repo, {}, join(repo.path, 'pkg'))
  expect(result.hooks).toBe('native')
  expect(JSON.parse(await repo.read('flightrules.config.json'))).toMatchObject({
    $schema: './pkg/node_modules/flightrules/dist/schema.json',
  })
  expect(await repo.read('.git/hooks/pre-push')).toContain('flightrules_package=pkg\n')
})
