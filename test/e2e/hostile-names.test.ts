import { mkdir, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import type { JsonAnswer } from '../support/run-cli.ts'

const long = 'x'.repeat(61)
/** Each with a part of the reason that is given. */
const refused: readonly (readonly [name: string, reason: string])[] = [
  ['', 'empty'],
  ['.', 'only lower-case'],
  ['..', 'only lower-case'],
  ['a/../b', 'slash'],
  ['../../etc', 'slash'],
  ['/etc', 'slash'],
  ['a\\b', 'only lower-case'],
  ['-rf', 'flag'],
  ['--help', 'flag'],
  ['--upload-pack=x', 'flag'],
  ['@', 'only lower-case'],
  ['a@{1}', 'only lower-case'],
  ['HEAD', 'only lower-case'],
  ['a\nb', 'only lower-case'],
  ['a\n', 'only lower-case'],
  ['\u001b[31mred', 'only lower-case'],
  [long, '61 characters'],
  ['x'.repeat(4096), '4096 characters'],
  ['x.lock', '.lock'],
  ['x.', 'trailing dot'],
  ['x ', 'only lower-case'],
  [' x', 'only lower-case'],
  ['a..b', '".."'],
  ['CON', 'only lower-case'],
  ['con', 'Windows'],
  ['nul.txt', 'Windows'],
  ['com1', 'Windows'],
  ['🚀', 'only lower-case'],
  ['a\u202eb', 'only lower-case'],
  ['a\u200bb', 'only lower-case'],
  ['gr\u00fcn', 'only lower-case'],
  ['gru\u0308n', 'only lower-case'],
  ['\uff41bc', 'only lower-case'],
  ['$(touch canary)', 'only lower-case'],
  ['`touch canary`', 'only lower-case'],
  ["';touch canary;'", 'only lower-case'],
]

/** What there is: refs, worktrees, and the names of all files but those of the lock. */
async function contents(project: TestProject): Promise<string[]> {
  const files = await readdir(project.parent, { recursive: true })
  const kept = files.filter((file) => !/\.git\/flightrules(\/lock|\/cache|$)/.test(file) && !file.startsWith('home'))
  return [await project.git(['for-each-ref']), await project.git(['worktree', 'list', '--porcelain']), ...kept.toSorted()]
}

/** The answer to arguments after which no flag would be one. */
async function ask(project: TestProject, args: readonly string[]): Promise<{ status: number; json: JsonAnswer }> {
  const { status, stdout } = await project.cli(['--json', ...args])
  return { status, json: JSON.parse(stdout) as JsonAnswer }
}

async function inBatches<T>(items: readonly T[], run: (item: T) => Promise<void>): Promise<void> {
  for (let at = 0; at < items.length; at += 4) await Promise.all(items.slice(at, at + 4).map(run))
}

test.concurrent('every hostile name is refused with its reason before anything is made', async () => {
  const project = await makeProject()
  const before = await contents(project)
  await inBatches(refused, async ([name, reason]) => {
    const { status, json } = await ask(project, ['start', '--', name])
    expect({ name, status, code: json.error.code }).toEqual({ name, status: 2, code: 'INVALID_NAME' })
    expect(json.error.message).toContain(reason)
  })
  expect(await contents(project)).toEqual(before)
})

test.concurrent('what a name holds never acts on the terminal', async () => {
  const project = await makeProject()
  for (const name of ['a\u202eb', '\u001b]0;title\u0007', 'a\nerror: forged', '\u009b31m']) {
    for (const args of [
      ['start', '--', name],
      ['path', '--', name],
      ['end', '--', name],
      ['log', '--', name],
    ]) {
      const { status, stdout, stderr } = await project.cli(args)
      expect(status).toBeGreaterThan(0)
      // eslint-disable-next-line no-control-regex
      expect(stdout + stderr).not.toMatch(/[\u001b\u0007\u009b\u202e]|^error: forged/m)
    }
  }
})

test.concurrent('every command that takes a session refuses a hostile one and touches nothing', async () => {
  const project = await makeProject()
  await project.start('a')
  const before = await contents(project)
  const commands = [['path'], ['env'], ['log'], ['setup'], ['end'], ['end', '--strategy', 'abandon'], ['run']]
  const names = ['..', '/', '../a', '-rf', '.trash', '.manifest.json', 'A/..', '\u202ea', `${project.path}`]
  await inBatches(
    commands.flatMap((command) => names.map((name) => [...command, '--', name, ...(command[0] === 'run' ? ['true'] : [])])),
    async (args) => {
      const { status, json } = await ask(project, args)
      expect({ args, refused: status > 0 && status < 4 && !json.ok }).toEqual({ args, refused: true })
    },
  )
  expect(await contents(project)).toEqual(before)
})

describe.concurrent('names that are one on some file system', () => {
  test('are refused, whatever their letters and their form', async () => {
    const project = await makeProject()
    // worktrees of other tools may be called anything
    for (const name of ['App', 'caf\u00e9', 'nai\u0308ve'])
      await project.git(['worktree', 'add', '-q', '--detach', join(project.parent, name)])
    expect((await project.status()).sessions.map(({ id }) => id).toSorted()).toEqual(['app', 'cafe', 'naive'])
    for (const name of ['app', 'cafe', 'naive']) {
      const { status, json } = await project.json(['start', name])
      expect({ name, status, code: json.error.code }).toEqual({ name, status: 3, code: 'SESSION_EXISTS' })
    }
    await project.git(['worktree', 'add', '-q', '--detach', join(project.parent, 'more/cafe\u0301')])
    const ids = (await project.status()).sessions.map(({ id }) => id)
    expect(new Set(ids.map((id) => id.normalize('NFC').toLowerCase())).size).toBe(4)
  })

  test('a folder or branch that is there in other letters stands in the way', async () => {
    const project = await makeProject()
    await mkdir(project.session('API'), { recursive: true })
    const folder = await project.json(['start', 'api'])
    expect({ status: folder.status, code: folder.json.error?.code }).toEqual({ status: 3, code: 'PATH_EXISTS' })
    await project.git(['branch', 'session/Web'])
    const branch = await project.json(['start', 'web'])
    expect({ status: branch.status, code: branch.json.error?.code }).toEqual({ status: 3, code: 'BRANCH_EXISTS' })
    expect(await project.git(['worktree', 'list'])).not.toContain('\n')
  })
})

describe.concurrent('a branch that is a folder of another', () => {
  test.each([
    ['session', 'a'],
    ['session/a/b', 'a'],
    ['Session', 'a'],
  ])('%s keeps session/%s from being made, and it is said why', async (existing, name) => {
    const project = await makeProject()
    await project.git(['branch', existing])
    const before = await contents(project)
    for (const flags of [[], ['--reuse-branch']]) {
      const { status, json } = await project.json(['start', name, ...flags])
      expect({ status, code: json.error?.code }).toEqual({ status: 3, code: 'BRANCH_NAME_BLOCKED' })
      expect(json.error.message).toContain(existing)
      expect(json.error.hint).toContain('branchPrefix')
    }
    expect(await contents(project)).toEqual(before)
  })

  test('or of a packed one is refused as well', async () => {
    const project = await makeProject()
    await project.git(['branch', 'session/a/b'])
    await project.git(['pack-refs', '--all'])
    expect((await project.json(['start', 'a'])).json.error.code).toBe('BRANCH_NAME_BLOCKED')
  })
})

test.concurrent('files with the longest names and deep folders are carried through a session', async () => {
  const project = await makeProject()
  const name = `${'n'.repeat(246)}.txt`
  const deep = `${Array.from({ length: 12 }, () => 'd'.repeat(200)).join('/')}/${name}`
  const { path } = await project.start('a')
  await project.write(join(path, name), 'x')
  await project.write(join(path, deep), 'y')
  await project.git(['add', '--all'], path)
  expect((await project.json(['end', 'a', '--strategy', 'merge', '--commit', 'long'])).status).toBe(0)
  expect(await project.git(['show', `main:${deep}`])).toBe('y')
})

test.concurrent('a sessions directory whose paths are too long for the system is refused up front', async () => {
  for (const sessionsDir of [`../${'s'.repeat(256)}`, `../${Array.from({ length: 30 }, () => 's'.repeat(200)).join('/')}`]) {
    const project = await makeProject({ config: { sessionsDir } })
    const before = await contents(project)
    const { status, json } = await project.json(['start', 'a'])
    expect({ status, code: json.error.code }).toEqual({ status: 2, code: 'SESSIONS_DIR_UNUSABLE' })
    expect(await contents(project)).toEqual(before)
    expect((await project.json(['status'])).status).toBe(0)
  }
})

test.concurrent('a NUL, which no argument can hold, is refused where a config brings it', async () => {
  for (const config of [{ sessionsDir: '../a\0b' }, { branchPrefix: 'x\0/' }, { envFiles: ['.env\0'] }, { envOut: '.env\0' }])
    await expect(makeProject({ config })).rejects.toThrow(Object.keys(config)[0])
})
