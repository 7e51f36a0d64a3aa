import { chmod } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { commandTable } from '../../src/cli/command-table.ts'
import { approve, makeProject, withCommands, type TestProject } from '../support/flightrules-project.ts'
import { hostileCode, hostileData, makeCanaries } from '../support/hostile-config.ts'
import { makeRepository } from '../support/repository.ts'

const env = '.env\n.env.*\nnode_modules/\n'

/** What there is to type, whatever it answers; commands that come later are tried bare and with --help. */
const lines: readonly (readonly string[])[] = [
  [],
  ['--help'],
  ['--version'],
  ['help'],
  ['no-such-command'],
  ['list'],
  ['init', '--dry-run'],
  ['init', '--hooks', 'native', '--yes'],
  ['status', '--json'],
  ['config', 'show'],
  ['config', 'path'],
  ['config', 'schema'],
  ['trust', '--show'],
  ['trust', '--yes'],
  ['trust', '--digest', 'f'.repeat(64)],
  ['start', 'refused'],
  ['start', 'refused', '--yes'],
  ['start', 'refused', '--dry-run'],
  ['start', 'made', '--no-setup', '--goal', 'x'],
  ['setup', 'made'],
  ['setup', 'made', '--no-setup'],
  ['env', 'made'],
  ['run', 'made', '--', 'true'],
  ['path', 'made'],
  ['log', 'made'],
  ['end', 'made', '--strategy', 'abandon'],
  ['start', '--standard', '--goal', 'y'],
  ['doctor', '--fix'],
  ['completion', 'bash'],
  ['shell-init', 'zsh'],
  ['hook', 'install'],
  ['hook', 'post-checkout', '0'.repeat(40), 'HEAD', '1'],
  ['hook', 'post-merge', '0'],
  ['hook', 'pre-push', 'origin', 'url'],
]

test.concurrent.each([
  ['data', hostileData],
  ['code', hostileCode],
])('81: in a fresh clone no command runs anything of a config that is %s', async (_, hostile) => {
  const canaries = await makeCanaries()
  const clone = await makeClone(hostile(canaries))
  const named = new Set(lines.map(([name]) => name))
  const others = commandTable.filter(({ name }) => !named.has(name)).flatMap(({ name }) => [[name, '--help'], [name]])
  for (const line of [...lines, ...others]) {
    await clone.cli(line)
    expect([line, await canaries.sung()]).toEqual([line, []])
  }
  await useGit(clone)
  expect(await canaries.sung()).toEqual([])
})

test.concurrent('81: the same canaries sing once the config is approved', async () => {
  const canaries = await makeCanaries()
  const clone = await makeClone(hostileData(canaries))
  await approve(clone)
  await clone.start('made')
  await clone.cli(['end', 'made', '--strategy', 'abandon'])
  expect(await canaries.sung()).toEqual(['post-create', 'pre-remove'])
  const other = await makeClone(hostileCode(canaries))
  await approve(other)
  await other.start('made')
  expect(await canaries.sung()).toEqual(
    expect.arrayContaining(['config', 'function-hook', 'getter', 'imported', 'overrides', 'post-create']),
  )
})

test.concurrent.each([
  ['data', hostileData],
  ['code', hostileCode],
])('81: where hooks are on, a config that is %s and came with a pull runs by no hook and no command', async (_, hostile) => {
  const canaries = await makeCanaries()
  const project = await makeProject({ remote: true, config: { ports: { PORT: 51_000 } } })
  await project.start('before')
  await project.git(['switch', '--quiet', '--create', 'theirs'])
  await project.git(['rm', '--quiet', '--cached', 'flightrules.config.json'])
  await project.commit('theirs', hostile(canaries))
  await project.git(['switch', '--quiet', 'main'])
  await project.git(['merge', '--quiet', 'theirs'])
  await useGit(project)
  for (const line of lines.filter(([name]) => name !== 'init')) await project.cli(line)
  await project.cli(['end', 'before', '--strategy', 'abandon'])
  expect(await canaries.sung()).toEqual([])
})

test.concurrent('88: a session that changes config, imports and overrides changes nothing of what runs', async () => {
  const canaries = await makeCanaries()
  const project = await makeProject()
  await project.commit('code', {
    'flightrules.config.json': '',
    'flightrules.config.mjs': `import { hook } from './tools/hook.mjs'\nexport default { postCreateHook: hook, preRemoveHook: 'true' }\n`,
    'tools/hook.mjs': `export const hook = async () => console.log('approved')\n`,
  })
  await project.git(['rm', '--quiet', 'flightrules.config.json'])
  await project.commit('no data')
  await approve(project)
  const { path } = await project.start('agent')
  await project.commit(
    'evil',
    {
      'flightrules.config.mjs': `${canaries.module('config')}export default { postCreateHook: ${JSON.stringify(canaries.command('hook'))} }\n`,
      'tools/hook.mjs': `${canaries.module('imported')}export const hook = () => {}\n`,
      'flightrules.config.local.json': JSON.stringify({ postCreateHook: canaries.command('overrides') }),
      '.flightrulesrc.json': JSON.stringify({ preRemoveHook: canaries.command('pre-remove') }),
    },
    path,
  )
  for (const cwd of [path, project.path]) {
    expect(await project.cli(['setup', 'agent'], cwd)).toMatchObject({
      status: 0,
      stderr: expect.stringContaining('approved') as string,
    })
    await project.cli(['status'], cwd)
    await project.cli(['config', 'show'], cwd)
  }
  await project.git(['worktree', 'add', '--quiet', '-b', 'next', join(project.parent, 'next'), 'session/agent'])
  expect(await canaries.sung()).toEqual([])
  // once it is in main it is in main's config, and somebody has to look
  expect((await project.json(['end', 'agent', '--strategy', 'merge'])).status).toBe(0)
  expect((await project.json(['start', 'after'])).json.error).toMatchObject({ code: 'CONFIG_NOT_TRUSTED' })
  await project.start('without', '--no-setup')
  expect(await canaries.sung()).toEqual([])
})

test.concurrent('90: git starts no fsmonitor for us, and does for the person', async () => {
  const canaries = await makeCanaries()
  const project = await makeProject({ remote: true })
  const monitor = join(project.path, 'monitor.sh')
  await project.write('monitor.sh', `#!/bin/sh\n${canaries.command('fsmonitor')}\nexit 1\n`)
  await chmod(monitor, 0o755)
  await project.write('.git/info/exclude', 'monitor.sh\n')
  await project.git(['config', 'core.fsmonitor', monitor])
  for (const line of [
    ['status'],
    ['doctor'],
    ['start', 'one', '--goal', 'x'],
    ['setup', 'one'],
    ['start', 'two', '--proceed'],
    ['end', 'two', '--strategy', 'abandon'],
    ['init', '--hooks', 'native'],
    ['hook', 'post-merge', '0'],
  ])
    expect([line, (await project.cli(line)).status, await canaries.sung()]).toEqual([line, 0, []])
  await project.write(join(project.session('one'), 'work.txt'), 'x')
  expect((await project.cli(['end', 'one', '--commit', 'work', '--strategy', 'merge'])).status).toBe(0)
  expect(await canaries.sung()).toEqual([])
  await project.git(['status'])
  expect(await canaries.sung()).toEqual(['fsmonitor'])
})

async function makeClone(files: Readonly<Record<string, string>>): Promise<TestProject> {
  const repository = await makeRepository({ remote: true, files: { '.gitignore': env, 'README.md': 'x\n' } })
  for (const [file, text] of Object.entries(files)) await repository.write(file, text)
  await repository.git(['add', '--all', '--force'])
  await repository.git(['commit', '--quiet', '--message', 'config'])
  await repository.git(['push', '--quiet'])
  const path = join(repository.parent, 'clone')
  await repository.git(['clone', '--quiet', repository.remotePath ?? '', path])
  return withCommands({
    ...repository,
    path,
    git: (args, cwd = path) => repository.git(args, cwd),
    write: (file, content) => repository.write(file.startsWith('/') ? file : join(path, file), content),
  })
}

/** What people do all day, with whatever hooks are on. */
async function useGit(project: TestProject): Promise<void> {
  const other = join(project.parent, 'by-git')
  await project.git(['switch', '--quiet', '--create', 'topic'])
  await project.git(['commit', '--quiet', '--allow-empty', '--message', 'topic'])
  await project.git(['switch', '--quiet', 'main'])
  await project.git(['merge', '--quiet', '--no-ff', 'topic'])
  await project.git(['worktree', 'add', '--quiet', '-b', 'by-git', other])
  await project.git(['commit', '--quiet', '--allow-empty', '--message', 'work'], other)
  await project.git(['push', '--quiet', 'origin', 'main', 'by-git']).catch(() => {})
  await project.git(['merge', '--quiet', 'by-git'])
  await project.git(['pull', '--quiet']).catch(() => {})
}
