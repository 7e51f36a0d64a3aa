import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { appendFile, mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { makeProject, type TestProject } from '../../support/flightrules-project.ts'
import { callAgent, silence } from './call-agent.ts'

/** The last line that is not empty is the path, as the agent reads it. */
async function create(project: TestProject, fields: Record<string, unknown>, cwd = project.path) {
  const result = await callAgent(project, 'worktree-create', cwd, fields)
  return { ...result, path: result.stdout.trim().split('\n').at(-1) ?? '' }
}

test('a worktree an agent asks for is a session as start makes one; only its path is on standard output', async () => {
  const project = await makeProject({
    hooks: 'none',
    config: { ports: { PORT: 3000 }, postCreateHook: 'echo said by setup; echo made >made.txt' },
  })
  await writeFile(join(project.path, '.env'), 'SECRET=1\n')
  // the agent leaves these to whoever makes its worktrees
  await appendFile(join(project.path, '.git/info/exclude'), '/keys/\n')
  await project.write('keys/dev.pem', 'pem\n')
  await project.write('.worktreeinclude', 'keys/*.pem\n')
  await project.write('README.md', 'not committed\n')
  const { status, stdout, stderr, path } = await create(project, { name: 'Feature/Auth é' })
  expect([status, stdout]).toEqual([0, `${project.session('feature-auth-e')}\n`])
  expect(stderr).toContain('said by setup')
  expect(await readFile(join(path, 'made.txt'), 'utf8')).toBe('made\n')
  expect(await readFile(join(path, '.env'), 'utf8')).toContain('SECRET=1')
  expect(await readFile(join(path, 'keys/dev.pem'), 'utf8')).toBe('pem\n')
  expect(await readFile(join(project.path, 'README.md'), 'utf8')).toBe('not committed\n')
  const { sessions } = await project.status()
  expect(sessions).toMatchObject([
    { id: 'feature-auth-e', createdBy: 'agent', branch: 'session/feature-auth-e', ports: { PORT: 3001 } },
  ])

  // the same wish again, by the other name of the field, and a folder in the way of the next
  expect((await create(project, { worktree_name: 'feature-auth-e' })).path).toBe(project.session('feature-auth-e-2'))
  await mkdir(join(project.session('x'), 'somebody'), { recursive: true })
  const third = await create(project, { name: 'x' })
  expect([third.status, existsSync(join(third.path, 'README.md'))]).toEqual([0, true])
  expect((await create(project, {})).path).toBe(project.session('agent'))
})

test('what nobody approved does not run, what fails is said, and the worktree is there all the same', async () => {
  const project = await makeProject({ hooks: 'none', config: { postCreateHook: 'exit 7' } })
  const failed = await create(project, { name: 'a' })
  expect([failed.status, failed.path, failed.stderr]).toEqual([0, project.session('a'), expect.stringContaining('setup failed')])
  await project.write('flightrules.config.json', JSON.stringify({ postCreateHook: 'touch made-by-stranger' }))
  const unapproved = await create(project, { name: 'b' })
  expect([unapproved.status, unapproved.path]).toEqual([0, project.session('b')])
  expect(unapproved.stderr).toContain('flightrules trust')
  expect(existsSync(join(unapproved.path, 'made-by-stranger'))).toBe(false)
})

test('one that is asked for from inside a session stands on the work done there', async () => {
  const project = await makeProject({ hooks: 'none' })
  const { path } = await project.start('login')
  const head = await project.commit('work', { [join(path, 'a.txt')]: 'a\n' }, path)
  const inner = await create(project, { name: 'part' }, path)
  expect(await project.git(['rev-parse', 'HEAD'], inner.path)).toBe(head)
  expect((await project.status()).sessions.find(({ id }) => id === 'part')?.base).toBe('session/login')
})

test('where none can be made that is said, with nothing on standard output', async () => {
  const whole = await makeProject({ hooks: 'none' })
  for (const fields of [{ cwd: whole.parent }, { cwd: 7 }, { cwd: '/no/such/place' }]) {
    const { status, stdout, stderr } = await create(whole, { name: 'x', ...fields })
    expect([status, stdout, stderr]).toEqual([1, '', expect.stringMatching(/^flightrules: no worktree was made: /)])
  }
  const off = await callAgent(whole, 'worktree-create', whole.path, { name: 'x' }, { FLIGHTRULES: '0' })
  expect(off).toMatchObject({ status: 1, stdout: '', stderr: expect.stringContaining('FLIGHTRULES=0') })
})

test('a worktree an agent is done with is put away with everything in it, and comes back as it was', async () => {
  const project = await makeProject({ hooks: 'none' })
  const { path } = await create(project, { name: 'login' })
  await writeFile(join(path, 'new.txt'), 'not committed\n')
  await writeFile(join(path, 'README.md'), 'changed\n')
  await callAgent(project, 'session-start', path)
  const removed = await callAgent(project, 'worktree-remove', path, { worktree_path: path })
  expect([removed.status, removed.stdout, existsSync(path)]).toEqual([0, '', false])
  expect((await project.status()).sessions).toEqual([])
  expect((await project.cli(['restore', 'login'])).status).toBe(0)
  expect(await readFile(join(path, 'new.txt'), 'utf8')).toBe('not committed\n')
  expect(await readFile(join(path, 'README.md'), 'utf8')).toBe('changed\n')
})

test('its branch goes with it where it has nothing of its own, and stays with its commits', async () => {
  const project = await makeProject({ hooks: 'none' })
  const branches = () => project.git(['branch', '--format=%(refname:short)', '--list', 'session/*'])
  const [empty, full] = [await create(project, { name: 'empty' }), await create(project, { name: 'full' })]
  await project.commit('work', { [join(full.path, 'a.txt')]: 'a\n' }, full.path)
  for (const { path } of [empty, full]) await callAgent(project, 'worktree-remove', project.path, { worktree_path: path })
  expect([existsSync(empty.path), existsSync(full.path), await branches()]).toEqual([false, false, 'session/full'])
})

test('one that somebody else is in, the main directory, and what is no worktree are left', async () => {
  const project = await makeProject({ hooks: 'none' })
  const { path } = await create(project, { name: 'login' })
  const remove = (worktree_path: string, session_id = 'abc123') =>
    callAgent(project, 'worktree-remove', project.path, { worktree_path, session_id })
  expect(await remove(project.path)).toMatchObject(silence)
  expect(await remove(join(path, '.git'))).toMatchObject({ status: 0, stdout: '' })
  expect(await remove('../relative')).toMatchObject(silence)
  await callAgent(project, 'session-start', path, { session_id: 'another' })
  expect((await remove(path)).stderr).toContain('another agent is at work in it')
  await callAgent(project, 'session-end', path, { session_id: 'another' })
  if (process.platform === 'linux') {
    const child = spawn('sh', ['-c', 'echo here; cat'], { cwd: path, stdio: ['pipe', 'pipe', 'ignore'], detached: true })
    onTestFinished(() => void child.kill())
    await once(child.stdout, 'data')
    expect((await remove(path)).stderr).toMatch(/\(process \d+\) is in it/)
    child.stdin.end()
    await once(child, 'exit')
  }
  expect(existsSync(path)).toBe(true)
  expect((await remove(path)).status).toBe(0)
  expect(existsSync(path)).toBe(false)
})

test('a worktree that git made is put away like the others', async () => {
  const project = await makeProject({ hooks: 'none' })
  const path = join(project.path, '.claude', 'worktrees', 'x')
  await project.git(['worktree', 'add', '--quiet', '-b', 'worktree-x', path])
  await writeFile(join(path, 'new.txt'), 'not committed\n')
  await callAgent(project, 'worktree-remove', project.path, { worktree_path: path })
  expect(existsSync(path)).toBe(false)
  expect((await project.cli(['restore', '--list'])).stdout).toContain('x')
})
