import { chmod, readFile, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { approve, type TestProject, withCommands } from '../support/flightrules-project.ts'
import { hasTerminal, keys, runInTerminal } from '../support/in-terminal.ts'
import { makeRepository, type RepositoryOptions } from '../support/repository.ts'
import { snapshotRun } from '../support/snapshot-run.ts'

const configFile = 'flightrules.config.json'
const ignored = { '.gitignore': 'names.txt\n.env\n.env.*\n' }
const initArgs = ['init', '--hooks', 'none', '--agents', 'none']

async function makeProject(files: RepositoryOptions['files']): Promise<TestProject> {
  return withCommands(await makeRepository({ files: { ...ignored, ...files } }))
}

/** A script that notes what these variables hold for it. */
const note = (...names: readonly string[]): string =>
  `printf '%s\\n' ${names.map((name) => `"${name}=$${name}"`).join(' ')} > names.txt`

interface Case {
  readonly tool: string
  readonly file: string
  readonly content: string
  readonly names: (project: TestProject) => readonly string[]
}

const conductorNames = ['NAME', 'PATH'].map((name) => `CONDUCTOR_WORKSPACE_${name}`)
const emdashNames = ['TASK_ID', 'TASK_NAME', 'TASK_PATH', 'ROOT_PATH', 'DEFAULT_BRANCH'].map((name) => `EMDASH_${name}`)
const supersetNames = ['WORKSPACE_NAME', 'WORKSPACE_PATH', 'ROOT_PATH'].map((name) => `SUPERSET_${name}`)

const cases: readonly Case[] = [
  {
    tool: 'cursor',
    file: '.cursor/worktrees.json',
    content: JSON.stringify({ 'setup-worktree': ['true', note('ROOT_WORKTREE_PATH')] }),
    names: ({ path }) => [`ROOT_WORKTREE_PATH=${path}`],
  },
  {
    tool: 'conductor',
    file: 'conductor.json',
    content: JSON.stringify({
      scripts: { setup: note(...conductorNames, 'CONDUCTOR_ROOT_PATH', 'CONDUCTOR_DEFAULT_BRANCH', 'CONDUCTOR_IS_LOCAL') },
    }),
    names: ({ path, session }) => [
      'CONDUCTOR_WORKSPACE_NAME=login',
      `CONDUCTOR_WORKSPACE_PATH=${session('login')}`,
      `CONDUCTOR_ROOT_PATH=${path}`,
      'CONDUCTOR_DEFAULT_BRANCH=main',
      'CONDUCTOR_IS_LOCAL=1',
    ],
  },
  {
    tool: 'codex',
    file: '.codex/environments/environment.toml',
    content: `version = 1\nname = "web"\n\n[setup]\nscript = '''\n${note('CODEX_SOURCE_TREE_PATH', 'CODEX_WORKTREE_PATH')}\n'''\n`,
    names: ({ path, session }) => [`CODEX_SOURCE_TREE_PATH=${path}`, `CODEX_WORKTREE_PATH=${session('login')}`],
  },
  {
    tool: 'emdash',
    file: '.emdash.json',
    content: JSON.stringify({ preservePatterns: ['.env.keys'], scripts: { setup: note(...emdashNames) } }),
    names: ({ path, session }) => [
      'EMDASH_TASK_ID=login',
      'EMDASH_TASK_NAME=login',
      `EMDASH_TASK_PATH=${session('login')}`,
      `EMDASH_ROOT_PATH=${path}`,
      'EMDASH_DEFAULT_BRANCH=main',
    ],
  },
  {
    tool: 'superset',
    file: '.superset/config.json',
    content: JSON.stringify({ setup: [note(...supersetNames)], teardown: [], run: ['bun dev'] }),
    names: ({ path, session }) => [
      'SUPERSET_WORKSPACE_NAME=login',
      `SUPERSET_WORKSPACE_PATH=${session('login')}`,
      `SUPERSET_ROOT_PATH=${path}`,
    ],
  },
]

test.concurrent.each(cases)(
  '$file: shown, approved once, and its script finds the names it expects',
  async ({ tool, file, content, names }) => {
    const project = await makeProject({ [file]: content })
    await checkImport(project, tool, file, names(project))
  },
)

async function checkImport(project: TestProject, tool: string, file: string, names: readonly string[]): Promise<void> {
  const { status, json } = await project.json([...initArgs, '--import'])
  expect([status, json.data['imported'], json.data['created']]).toMatchObject([
    0,
    [{ tool, file }],
    expect.arrayContaining([configFile]),
  ])
  // it came with the repository, so nothing of it runs before a person has seen it
  expect(json.findings.map(({ code }) => code)).toEqual(['CONFIG_NOT_TRUSTED'])
  expect((await project.json(['start', 'login', '--proceed'])).json.error.code).toBe('CONFIG_NOT_TRUSTED')
  await approve(project)
  await project.write('.env.keys', 'KEY=1\n')
  await project.start('login', '--proceed')
  expect((await readFile(join(project.session('login'), 'names.txt'), 'utf8')).trimEnd().split('\n')).toEqual(names)
  // the file itself is not read again
  await project.write(file, '{')
  await project.start('search', '--proceed')
}

const inTerminal = test.skipIf(!hasTerminal)
const conductor = JSON.stringify({
  scripts: { setup: 'echo up > .env.up', archive: 'echo down > .env.down', run: 'npm run dev' },
})

inTerminal.concurrent('in a terminal every command is shown and asked about once; what was approved runs', async ({ expect }) => {
  const project = await makeProject({ 'conductor.json': conductor })
  const { status, shown } = await runInTerminal([...initArgs, '--import'], {
    cwd: project.path,
    env: project.env,
    answers: [{ when: /let the commands run in this copy\?/, type: 'y' }],
  })
  expect(status).toBe(0)
  expect(shown).toMatch(/postCreateHook {2}echo up > \.env\.up\n {2}preRemoveHook {3}echo down > \.env\.down\n/)
  expect((await project.json(['trust', '--show'])).json.data).toMatchObject({ trusted: true })
  await project.start('login', '--proceed')
  expect(await readFile(join(project.session('login'), '.env.up'), 'utf8')).toBe('up\n')
})

inTerminal.concurrent('in a terminal a no leaves it out, and the rest is set up', async ({ expect }) => {
  const project = await makeProject({ 'conductor.json': conductor })
  const answers = [{ when: /let the commands run in this copy\?/, type: keys.enter }]
  expect((await runInTerminal([...initArgs, '--import'], { cwd: project.path, env: project.env, answers })).status).toBe(0)
  expect(JSON.parse(await project.read(configFile))).toEqual({})
})

test.concurrent('two that set up in different ways are a decision, and each answer is taken', async ({ expect }) => {
  const project = await makeProject({
    'conductor.json': conductor,
    '.cursor/worktrees.json': JSON.stringify({ 'setup-worktree': ['npm ci'] }),
    '.superset/config.json': JSON.stringify({ setup: [], teardown: ['echo down'] }),
  })
  const paths = { [project.parent]: '<parent>' }
  expect(await snapshotRun([...initArgs, '--import'], { cwd: project.path, env: project.env, paths })).toMatchInlineSnapshot(`
    "$ flightrules init --hooks none --agents none --import
    -- stderr
    stopped: .cursor/worktrees.json and conductor.json set worktrees up in different ways; each may do the work of the others again
      say which counts; what only the others have can be added to the config by hand

      --import cursor     .cursor/worktrees.json only: npm ci
      --import conductor  conductor.json only: echo up > .env.up
      --import all        All of them, one after the other
    -- exit 3"
  `)
  expect(await project.git(['status', '--porcelain'])).toBe('')
  const setupOf = async (tools: string): Promise<unknown> => {
    const { status, json } = await project.json([...initArgs, '--import', tools, '--dry-run'])
    const { plan } = json.data as unknown as { plan: { steps: readonly { path: string; added: readonly string[] }[] } }
    const config = plan.steps.find(({ path }) => path === configFile)?.added.join('\n') ?? ''
    return [status, (JSON.parse(config) as Record<string, unknown>)['postCreateHook']]
  }
  expect(await setupOf('conductor')).toEqual([0, 'echo up > .env.up'])
  expect(await setupOf('cursor,superset')).toEqual([0, 'npm ci'])
  expect(await setupOf('all')).toEqual([0, ['npm ci', 'echo up > .env.up']])
})

test.concurrent('files that cannot be read are named, and nothing is changed', async ({ expect }) => {
  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['conductor.json', '{"scripts":', /^conductor\.json cannot be taken over: /],
    ['conductor.json', '{"scripts":{"setup":["a"]}}', /scripts\.setup: .*string/],
    ['.codex/environments/environment.toml', '[setup\nscript = 1', /environment\.toml cannot be taken over/],
    ['.codex/environments/environment.toml', 'version = 2', /version: /],
    ['.emdash.json', '[]', /\.emdash\.json cannot be taken over: it: /],
    ['.superset/config.json', '{"setup":"x"}', /setup: /],
    ['.cursor/worktrees.json', `"${'x'.repeat((1 << 20) + 1)}"`, /bytes/],
  ]
  for (const [file, content, message] of wrong) {
    const project = await makeProject({ [file]: content })
    const { status, json } = await project.json([...initArgs, '--import'])
    expect([file, status, json.error.code]).toEqual([file, 2, 'IMPORT_UNREADABLE'])
    expect(json.error.message).toMatch(message)
    expect(await project.git(['status', '--porcelain', '--ignored'])).toBe('')
  }
})

test.concurrent('a link is not followed, a tool without a file and an unknown tool are named, nothing there is said', async ({
  expect,
}) => {
  const project = await makeProject({})
  await symlink(join(project.parent, 'elsewhere.json'), join(project.path, 'conductor.json'))
  const code = async (...args: readonly string[]): Promise<unknown> => {
    const { status, json } = await project.json([...initArgs, ...args])
    return [status, json.error.code]
  }
  expect(await code('--import')).toEqual([2, 'IMPORT_UNREADABLE'])
  expect(await code('--import', 'codex')).toEqual([2, 'IMPORT_MISSING'])
  expect(await code('--import', 'codexx')).toEqual([2, 'USAGE'])
  expect(await code('--remove', '--import')).toEqual([2, 'USAGE'])
  const empty = await makeProject({})
  const { status, json } = await empty.json([...initArgs, '--import'])
  expect([status, json.findings.map((finding) => finding.code)]).toEqual([0, ['NOTHING_TO_IMPORT']])
})

test.concurrent('after a first init it goes into the config as long as that is as init wrote it; else it is shown', async ({
  expect,
}) => {
  const project = await makeProject({ 'conductor.json': conductor })
  const first = await project.json(initArgs)
  expect(first.json.findings.map(({ code }) => code)).toEqual(['IMPORT_AVAILABLE'])
  expect((await project.json([...initArgs, '--import'])).json.data).toMatchObject({
    changed: [configFile],
    imported: [{ tool: 'conductor' }],
  })
  expect(JSON.parse(await project.read(configFile))).toMatchObject({
    aliases: ['conductor'],
    postCreateHook: 'echo up > .env.up',
  })
  await approve(project)
  const again = await project.json([...initArgs, '--import'])
  expect(again.json.data).toMatchObject({
    created: [],
    changed: [],
    imported: [],
    kept: [{ why: 'the config is there already' }],
  })
  await project.write(configFile, '{ "mode": "parallel" }\n')
  await approve(project)
  const { json } = await project.json([...initArgs, '--import'])
  expect(json.data).toMatchObject({ changed: [], imported: [] })
  const [kept] = json.data['kept'] as unknown as readonly { readonly why: string }[]
  expect(kept?.why).toMatch(/put into it by hand[^]*"aliases"[^]*"postCreateHook": "echo up > \.env\.up"/)
  expect(await project.read(configFile)).toBe('{ "mode": "parallel" }\n')
})

test.concurrent('init --remove takes the config out again, and leaves the other tool’s file', async ({ expect }) => {
  const project = await makeProject({ 'conductor.json': conductor })
  await project.json([...initArgs, '--import'])
  expect((await project.json(['init', '--remove'])).status).toBe(0)
  expect(await project.git(['status', '--porcelain', '--ignored'])).toBe('')
})

test.concurrent('a script in .cursor runs, also one that may not be executed', async ({ expect }) => {
  const project = await makeProject({
    '.cursor/worktrees.json': JSON.stringify({ 'setup-worktree-unix': 'set up.sh' }),
    '.cursor/set up.sh': `${note('ROOT_WORKTREE_PATH')}\n`,
  })
  await chmod(join(project.path, '.cursor/set up.sh'), 0o644)
  await project.json([...initArgs, '--import'])
  await approve(project)
  await project.start('login', '--proceed')
  expect(await readFile(join(project.session('login'), 'names.txt'), 'utf8')).toBe(`ROOT_WORKTREE_PATH=${project.path}\n`)
})
