import { chmod, mkdir, mkdtemp, readFile, readdir, rm, stat } from 'node:fs/promises'
import { constants } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { runCli, runJson, runProgram } from '../support/run-cli.ts'

async function expectNothingMade(project: TestProject): Promise<void> {
  expect(await project.git(['branch', '--list', 'session/*'])).toBe('')
  expect(await project.git(['worktree', 'list'])).not.toContain('\n')
}

test.concurrent('a git that is too old is refused with the version needed', async () => {
  const project = await makeProject()
  const { stdout } = await runProgram('sh', ['-c', 'command -v git'], { cwd: project.path, env: project.env })
  const bin = join(project.parent, 'old')
  await project.write(
    join(bin, 'git'),
    `#!/bin/sh\ncase "$*" in *version) echo "git version 2.37.0" ;; *) exec ${stdout.trim()} "$@" ;; esac\n`,
  )
  await chmod(join(bin, 'git'), 0o755)
  const env = { ...project.env, PATH: `${bin}${delimiter}${project.env['PATH']}` }
  const tip = await project.git(['rev-parse', 'HEAD'])
  for (const args of [
    ['start', 'a'],
    ['init'],
    ['start', '--standard'],
    ['status'],
    ['path', 'a'],
    ['setup', 'a'],
    ['env', 'a'],
  ]) {
    const { status, json } = await runJson(args, { cwd: project.path, env })
    expect({ args, status, code: json.error.code }).toEqual({ args, status: 1, code: 'GIT_TOO_OLD' })
    expect(json.error.message).toContain('2.38')
  }
  const hooks = [
    { args: ['post-merge', '0'], input: '' },
    { args: ['pre-push', 'origin', 'url'], input: `refs/heads/main ${tip} refs/heads/main ${'0'.repeat(40)}\n` },
  ]
  for (const { args, input } of hooks) {
    const { status, stderr } = await runCli(['hook', ...args], { cwd: project.path, env, input })
    expect({ args, status, said: stderr.includes('git 2.38') }).toEqual({ args, status: 0, said: true })
  }
  await expectNothingMade(project)
})

test.concurrent('without git on PATH it is said, not thrown', async () => {
  const project = await makeProject()
  const { status, json } = await runJson(['status'], { cwd: project.path, env: { ...project.env, PATH: '/nonexistent' } })
  expect({ status, code: json.error.code }).toEqual({ status: 1, code: 'GIT_MISSING' })
})

test.concurrent('a sessions directory that is a file, or below one, is refused', async () => {
  const project = await makeProject({ config: { sessionsDir: '../taken' } })
  await project.write(join(project.parent, 'taken'), 'a file\n')
  const { status, json } = await project.json(['start', 'a'])
  expect({ status, code: json.error.code }).toEqual({ status: 2, code: 'SESSIONS_DIR_UNUSABLE' })
  expect(json.error.message).toContain(join(project.parent, 'taken'))
  await expectNothingMade(project)
  expect((await project.json(['status'])).status).toBe(0)
  const below = await makeProject({ config: { sessionsDir: '../taken/below' } })
  await below.write(join(below.parent, 'taken'), 'a file\n')
  expect((await below.json(['start', 'a'])).json.error.code).toBe('SESSIONS_DIR_UNUSABLE')
  await expectNothingMade(below)
})

test.concurrent('a sessions directory that cannot be written to is refused', async ({ skip }) => {
  if (process.getuid?.() === 0) skip('root may write anywhere')
  const project = await makeProject({ config: { sessionsDir: '../closed/sessions' } })
  await mkdir(join(project.parent, 'closed'), { mode: 0o555 })
  const { status, json } = await project.json(['start', 'a'])
  expect({ status, code: json.error.code }).toEqual({ status: 2, code: 'SESSIONS_DIR_UNUSABLE' })
  await expectNothingMade(project)
})

test.concurrent('a sessions directory inside the repository never shows in its status', async () => {
  const project = await makeProject({ config: { sessionsDir: '.sessions', envFiles: ['**/.env'] } })
  await project.write('.env', 'A=1\n')
  const { session, path } = await project.start('a')
  expect({ path, worktree: session.worktree }).toEqual({ path: join(project.path, '.sessions/a'), worktree: '.sessions/a' })
  await project.start('b')
  expect(await project.git(['status', '--porcelain', '--untracked-files=all'])).toBe('')
  expect((await project.status(path)).sessions.map((entry) => entry.envFiles)).toEqual([['.env'], ['.env']])
  expect((await project.cli(['end', 'a', '--strategy', 'abandon'])).status).toBe(0)
})

test.concurrent('a sessions directory that is the repository, what holds it, or in the git directory, is refused', async () => {
  for (const sessionsDir of ['.', '..', '.git/sessions'])
    await expect(makeProject({ config: { sessionsDir } })).rejects.toThrow('sessionsDir')
  for (const sessionsDir of ['../project', '../project/../..']) {
    const project = await makeProject({ config: { sessionsDir } })
    const { status, json } = await project.json(['start', 'a'])
    expect({ sessionsDir, status, code: json.error?.code }).toEqual({ sessionsDir, status: 2, code: 'SESSIONS_DIR_UNUSABLE' })
    await expectNothingMade(project)
  }
})

test.concurrent('a sessions directory on another file system works: dependencies and env files are copied', async ({ skip }) => {
  const here = await stat(process.env['TEST_ROOT'] ?? '/tmp')
  const other = await stat('/dev/shm').catch(() => undefined)
  if (other === undefined || other.dev === here.dev) skip('no other file system at /dev/shm')
  const sessionsDir = await mkdtemp('/dev/shm/flightrules-test-')
  onTestFinished(() => rm(sessionsDir, { recursive: true, force: true }))
  const project = await makeProject({
    config: { sessionsDir, dependencies: { paths: ['node_modules'] }, ports: { PORT: 55000 } },
  })
  await project.write('.env', 'A=1\n')
  await project.write('node_modules/dep/x.js', 'x\n')
  const { path } = await project.start('a')
  expect(await readFile(join(path, 'node_modules/dep/x.js'), 'utf8')).toBe('x\n')
  expect((await stat(join(path, '.env'))).mode & 0o777).toBe(0o600)
  expect((await readdir(path)).filter((name) => name.includes('staging'))).toEqual([])
  expect((await project.status()).sessions).toMatchObject([{ id: 'a', path, states: ['active'] }])
  expect((await project.cli(['end', 'a', '--strategy', 'abandon'])).status).toBe(0)
})

test.concurrent('no port left in the range is said with the range, and nothing is made', async () => {
  const project = await makeProject({ config: { ports: { PORT: { from: 55900, to: 55900 } } } })
  await project.start('a')
  const { status, json } = await project.json(['start', 'b'])
  expect({ status, code: json.error.code }).toEqual({ status: 1, code: 'NO_FREE_PORT' })
  expect(json.error.message).toContain('55900')
  expect(await project.git(['branch', '--list', 'session/b'])).toBe('')
})

test.concurrent('interrupted during setup: exit 130, a session that can be set up again', async () => {
  const project = await makeProject({ config: { postCreateHook: 'kill -INT $PPID; sleep 30' } })
  const { status } = await project.cli(['start', 'a'])
  expect(status).toBe(128 + constants.signals.SIGINT)
  expect((await project.status()).sessions).toMatchObject([{ id: 'a', status: 'active' }])
})
