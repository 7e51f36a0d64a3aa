import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { chmod, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { packedPackage } from '../support/packed-package.ts'
import { makeForgeProject } from '../support/recording-forge.ts'
import { runCli } from '../support/run-cli.ts'
import { commitWork, startWithWork } from '../support/session-work.ts'

function kill(project: TestProject, point: string, ...args: string[]): Promise<unknown> {
  return runCli(args, { cwd: project.path, env: { ...project.env, FLIGHTRULES_FAILPOINT: `${point}=kill` } })
}

async function journalOf(project: TestProject): Promise<string[]> {
  return (await readdir(join(project.path, '.git/flightrules/journal')).catch(() => [])).filter((name) => name.endsWith('.json'))
}

const merges = async (project: TestProject): Promise<number> =>
  Number(await project.git(['rev-list', '--merges', '--count', 'main']))

describe.concurrent('a merge that is killed', () => {
  test.for([
    ['after-git:commit-tree#1', 'taken back'],
    ['before:integrate', 'taken back'],
    ['before-git:merge#1', 'taken back'],
    ['after-git:merge#1', 'finished'],
    ['after:integrate', 'finished'],
    ['before:remove-worktree', 'finished'],
    ['rename:to-trash', 'finished'],
    ['after:remove-worktree', 'finished'],
  ] as const)('at %s is %s by the next command, and done once', async ([point, outcome]) => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    await project.write('README.md', '# mine\n')
    const base = await project.git(['rev-parse', 'main'])
    await kill(project, point, 'end', 'auth', '--strategy', 'merge')
    const { sessions } = await project.status()
    expect(await project.git(['status', '--porcelain'])).toBe(' M README.md')
    expect(sessions.map(({ id }) => id)).toEqual(outcome === 'finished' ? [] : ['auth'])
    expect((await project.git(['rev-parse', 'main'])) === base).toBe(outcome === 'taken back')
    expect(await journalOf(project)).toEqual([])
    if (outcome === 'taken back') expect((await project.cli(['end', 'auth', '--strategy', 'merge'])).status).toBe(0)
    expect(await merges(project)).toBe(1)
    expect(await project.read('auth.txt')).toBe('auth\n')
  })

  test('while a hook looks at it leaves nothing of what the hook was shown', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    const hook = join(project.path, '.git/hooks/pre-merge-commit')
    await project.write(hook, '#!/bin/sh\ntest -e auth.txt\n')
    await chmod(hook, 0o755)
    const before = await project.git(['rev-parse', 'main'])
    const shown = async (): Promise<string[]> =>
      (await readdir(join(project.path, '.git/flightrules'))).filter((name) => name.startsWith('merge-'))
    await kill(project, 'before-git:run-hook#1', 'end', 'auth', '--strategy', 'merge')
    expect(await shown()).toHaveLength(1)
    await project.status()
    expect(await shown()).toEqual([])
    expect(await project.git(['rev-parse', 'main'])).toBe(before)
    expect((await project.cli(['end', 'auth', '--strategy', 'merge'])).status).toBe(0)
    expect(await shown()).toEqual([])
  })

  test('half-way through writing files leaves nothing of itself, and what was changed since stays', async () => {
    const project = await makeProject({
      files: { 'one.txt': 'one\n', 'two.txt': 'two\n', 'three.txt': 'three\n', 'gone.txt': 'gone\n' },
    })
    const { path } = await project.start('auth')
    await project.git(['rm', '--quiet', 'gone.txt'], path)
    await commitWork(project, path, 'work', {
      'one.txt': 'one and more\n',
      'two.txt': 'two and more\n',
      'three.txt': 'three and more\n',
    })
    await kill(project, 'before-git:merge#1', 'end', 'auth', '--strategy', 'merge')
    // what git had done when it was killed: one file whole, one cut off, one deleted; and a person who went on with another
    await project.write('one.txt', 'one and more\n')
    await project.write('two.txt', 'two an')
    await project.git(['rm', '--quiet', '--cached', 'gone.txt']).then(() => project.git(['reset', '--quiet', 'gone.txt']))
    await project.write('three.txt', 'my own\n')
    await writeFile(join(project.path, '.git/index.lock'), '')
    await project.status()
    expect(await project.git(['status', '--porcelain'])).toBe(' M three.txt')
    expect(await project.read('three.txt')).toBe('my own\n')
    expect(existsSync(join(project.path, '.git/index.lock'))).toBe(false)
  })

  test('with files and index done and the branch not leaves no reversed change staged', async () => {
    const project = await makeProject()
    const path = await startWithWork(project, 'auth')
    await kill(project, 'before-git:merge#1', 'end', 'auth', '--strategy', 'merge')
    await project.git(['read-tree', '-m', '-u', 'main', 'session/auth'])
    expect(await project.git(['status', '--porcelain'])).not.toBe('')
    await project.status()
    expect(await project.git(['status', '--porcelain'])).toBe('')
    expect(existsSync(path)).toBe(true)
  })

  test('after it, with work begun since in the session, leaves that and says so', async () => {
    const project = await makeProject()
    const path = await startWithWork(project, 'auth')
    await kill(project, 'before:remove-worktree', 'end', 'auth', '--strategy', 'merge')
    await commitWork(project, path, 'more', { 'more.txt': 'more\n' })
    const { json } = await project.json(['status'])
    expect(json.findings.map(({ code }) => code)).toEqual(['RECOVERED', 'SESSION_LEFT'])
    expect((await project.status()).sessions.map(({ id }) => id)).toEqual(['auth'])
    expect(await journalOf(project)).toEqual([])
  })
})

describe.concurrent('a request that is killed', () => {
  test.for([
    'before:push',
    'after:push',
    'before:open-request',
    'after:open-request',
    'before:note-request',
    'append:history',
    'replace:*session.md#2',
  ])('at %s is opened once, and the session knows it, its log too', async (point) => {
    const project = await makeForgeProject('gh')
    const path = await startWithWork(project, 'auth')
    await kill(project, point, 'end', 'auth', '--strategy', 'pr')
    expect((await project.json(['status'])).json.findings).toMatchObject([{ code: 'RECOVERED' }])
    const { status, json } = await project.json(['end', 'auth', '--strategy', 'pr'])
    expect([status, json.data['pr']]).toEqual([0, { number: 7, url: 'https://github.com/o/r/pull/7' }])
    expect((await project.calls()).filter(({ argv }) => argv[1] === 'create')).toHaveLength(1)
    const { sessions } = await project.status()
    expect(sessions).toMatchObject([{ id: 'auth', pr: { number: 7 } }])
    expect(await project.read(join(path, sessions[0]?.sessionLog ?? ''))).toMatch(/\n- Request: https:\S+\/7\n<!--/)
    expect(await project.git(['log', '--format=%s', 'main..session/auth'])).toBe('docs: session log of auth\nwork on auth')
  })
})

test.for(['before:push', 'after:push', 'before:mark-kept'])(
  'a keep that is killed at %s goes on when it is run again',
  async (point) => {
    const project = await makeProject({ remote: true })
    await startWithWork(project, 'auth')
    await kill(project, point, 'end', 'auth', '--strategy', 'keep')
    expect((await project.json(['end', 'auth', '--strategy', 'keep'])).json.data).toMatchObject({ pushed: true })
    expect((await project.status()).sessions).toMatchObject([{ id: 'auth', status: 'kept' }])
    expect(await project.git(['log', '--format=%s', 'main..session/auth'])).toBe('docs: session log of auth\nwork on auth')
  },
)

test.skipIf(process.platform !== 'linux')(
  'what git had locked as it was killed with it is free again: the config, too',
  async () => {
    const project = await makeProject({ remote: true })
    await startWithWork(project, 'auth')
    await kill(project, 'before:push', 'end', 'auth', '--strategy', 'keep')
    const locks = ['config.lock', 'packed-refs.lock'].map((name) => join(project.path, '.git', name))
    for (const lock of locks) await writeFile(lock, '')
    const { findings } = (await project.json(['status'])).json
    expect(findings.map(({ code }) => code)).toContain('GIT_LOCK_REMOVED')
    expect(locks.map((lock) => existsSync(lock))).toEqual([false, false])
    expect((await project.json(['end', 'auth', '--strategy', 'keep'])).status).toBe(0)
  },
)

describe.concurrent('a sync before it that is killed', () => {
  const points = [
    ['before:move-session', 'taken back'],
    ['before-git:update-ref#2', 'taken back'],
    ['replace:index', 'finished'],
    ['before:note-sync', 'finished'],
  ] as const
  test.for(points)('at %s, is %s, with the session as a whole', async ([point, outcome]) => {
    const project = await makeProject()
    const path = await startWithWork(project, 'auth')
    const main = await project.commit('meanwhile', { 'other.txt': 'other\n' })
    const tip = await project.git(['rev-parse', 'HEAD'], path)
    await kill(project, point, 'end', 'auth', '--strategy', 'keep', '--sync', 'rebase')
    await project.status()
    const now = await project.git(['rev-parse', outcome === 'finished' ? 'HEAD^' : 'HEAD'], path)
    expect(now).toBe(outcome === 'finished' ? main : tip)
    expect(await project.git(['symbolic-ref', 'HEAD'], path)).toBe('refs/heads/session/auth')
    expect(await project.git(['status', '--porcelain', '--', ':!docs'], path)).toBe('')
    expect(await project.git(['for-each-ref', 'refs/flightrules'])).toBe('')
    expect(await journalOf(project)).toEqual([])
  })
})

test('two ends of one session at once: one does it, the other is told', async () => {
  const project = await makeProject()
  await startWithWork(project, 'auth')
  await project.write(join(project.session('auth'), 'rest.txt'), 'rest\n')
  const end = () => project.json(['end', 'auth', '--strategy', 'merge', '--commit', 'the rest'])
  const answers = await Promise.all([end(), end()])
  const [winner, ...others] = answers.toSorted((a, b) => a.status - b.status)
  expect(winner?.status).toBe(0)
  for (const { status, json } of others)
    expect([
      [5, 'SESSION_ENDING'],
      [5, 'SESSION_ENDED'],
      [2, 'SESSION_NOT_FOUND'],
    ]).toContainEqual([status, json.error.code])
  expect(await merges(project)).toBe(1)
  expect(await project.git(['log', '--format=%s', '--no-merges', 'main~1..main'])).toContain('the rest')
})

test('merges of three sessions at once lose no commit', async () => {
  const project = await makeProject()
  const names = ['one', 'two', 'three']
  for (const name of names) await startWithWork(project, name)
  const answers = await Promise.all(names.map((name) => project.json(['end', name, '--strategy', 'merge'])))
  for (const [index, { status }] of answers.entries())
    if (status !== 0) expect((await project.json(['end', names[index] ?? '', '--strategy', 'merge'])).status).toBe(0)
  expect(await merges(project)).toBe(3)
  for (const name of names) expect(await project.read(`${name}.txt`)).toBe(`${name}\n`)
  expect(await project.git(['status', '--porcelain'])).toBe('')
})

test('a commit between the merge and the removal keeps the session', async () => {
  const project = await makeProject()
  const path = await startWithWork(project, 'auth')
  const child = spawn(process.execPath, [join(packedPackage(), 'dist', 'cli.cjs'), 'end', 'auth', '--strategy', 'merge'], {
    cwd: project.path,
    env: { ...project.env, FLIGHTRULES_FAILPOINT: 'after:integrate=sleep3000' },
    stdio: 'ignore',
  })
  while ((await merges(project)) === 0) await sleep(20)
  const late = await commitWork(project, path, 'late', { 'late.txt': 'late\n' })
  const status = await new Promise((resolve) => child.on('exit', resolve))
  expect(status).toBe(1)
  expect(await project.git(['rev-parse', 'HEAD'], path)).toBe(late)
  expect((await project.status()).sessions.map(({ id }) => id)).toEqual(['auth'])
})
