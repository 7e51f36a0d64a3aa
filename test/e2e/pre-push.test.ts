import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeProject, type ProjectOptions, type TestProject } from '../support/flightrules-project.ts'
import type { CliResult } from '../support/run-cli.ts'
import { runGit } from '../support/run-git.ts'
import { commitWork, startWithWork } from '../support/session-work.ts'

interface PushProject extends TestProject {
  readonly remotePath: string
  push(args: readonly string[], cwd?: string, env?: Readonly<Record<string, string>>): Promise<CliResult>
  /** Names of the remote's branches and tags. */
  remoteRefs(): Promise<string[]>
}

async function makePushProject(options: ProjectOptions = {}): Promise<PushProject> {
  const project = await makeProject({ ...options, remote: true })
  const remotePath = project.remotePath ?? ''
  return {
    ...project,
    remotePath,
    push: (args, cwd = project.path, env = {}) => runGit(project, ['push', ...args], cwd, env),
    remoteRefs: async () => (await project.git(['for-each-ref', '--format=%(refname:short)'], remotePath)).split('\n'),
  }
}

async function startDirty(project: TestProject): Promise<string> {
  const session = await startWithWork(project, 'auth')
  await project.write(join(session, 'README.md'), 'changed\n')
  await project.write(join(session, 'staged.txt'), 'staged\n')
  await project.git(['add', 'staged.txt'], session)
  await project.write(join(session, 'new folder/ü.txt'), 'untracked\n')
  return session
}

describe.concurrent('a session with uncommitted work', () => {
  test('is not pushed; what would be left out is listed, with the ways on', async () => {
    const project = await makePushProject()
    const session = await startDirty(project)
    const { status, stdout, stderr } = await project.push(['origin', 'session/auth'], session)
    expect(status).toBe(1)
    expect(stdout).toBe('')
    expect(stderr.split('\n').slice(0, -2)).toEqual([
      'flightrules: push refused: session auth has 3 uncommitted files that would be left out:',
      '  README.md',
      '  new folder/ü.txt',
      '  staged.txt',
      'commit them, then push again:',
      `  git -C ${session} add --all && git -C ${session} commit`,
      'or commit them and end the session:',
      '  flightrules end auth --commit "<message>"',
      'or push without them all the same:',
      '  git push --no-verify',
    ])
    expect(await project.remoteRefs()).toEqual(['main'])
  })

  test('is not pushed from anywhere or under any name', async () => {
    const project = await makePushProject()
    const session = await startDirty(project)
    await startWithWork(project, 'other')
    for (const [args, cwd] of [
      [['origin', 'session/auth'], project.path],
      [['origin', 'session/auth'], project.session('other')],
      [['origin', 'HEAD'], session],
      [['origin', 'HEAD:refs/heads/elsewhere'], join(session, 'new folder')],
      [['-u', 'origin', '+session/auth:main'], project.path],
      [['--all', 'origin'], project.path],
      [['origin', 'main', 'session/auth', 'session/other'], project.path],
      [['--dry-run', 'origin', 'session/auth'], project.path],
    ] as const) {
      const { status, stderr } = await project.push(args, cwd)
      expect([args, status]).toEqual([args, 1])
      expect(stderr).toContain('push refused: session auth has 3 uncommitted files')
    }
    expect(await project.remoteRefs()).toEqual(['main'])
  })

  test('is pushed when somebody insists', async () => {
    const project = await makePushProject()
    const session = await startDirty(project)
    for (const [index, [flags, env]] of (
      [
        [['--no-verify'], {}],
        [[], { FLIGHTRULES: '0' }],
        [[], { FLIGHTRULES_SKIP: 'post-merge,pre-push' }],
      ] as const
    ).entries()) {
      const { status, stderr } = await project.push([...flags, 'origin', `session/auth:try-${index}`], session, env)
      expect([status, stderr.includes('flightrules:')]).toEqual([0, false])
    }
    expect(await project.remoteRefs()).toEqual(['main', 'try-0', 'try-1', 'try-2'])
    expect((await project.push(['origin', 'session/auth'], session, { FLIGHTRULES_SKIP: 'post-merge' })).status).toBe(1)
  })

  test('keeps nobody from pushing anything else', async () => {
    const project = await makePushProject()
    const session = await startDirty(project)
    await startWithWork(project, 'other')
    await project.git(['branch', 'loose', 'session/auth'])
    await project.git(['tag', '-a', '-m', 'one', 'v1', 'session/auth'])
    await commitWork(project, project.path, 'on main', { 'main.txt': 'x' })
    await project.git(['push', '--quiet', '--no-verify', 'origin', 'session/auth:old', 'session/auth:done'])
    await project.git(['push', '--quiet', '--no-verify', 'origin', 'session/auth'])
    for (const [args, cwd] of [
      [['origin', 'main'], session],
      [['origin', 'session/other'], session],
      [['origin', 'loose'], session],
      [['origin', 'v1'], session],
      [['origin', '--delete', 'old'], session],
      [['origin', ':done'], session],
      [['origin', 'session/auth'], session],
      [['origin', 'HEAD'], project.path],
    ] as const) {
      const { status, stderr } = await project.push(args, cwd)
      expect([args, status, stderr.includes('refused')]).toEqual([args, 0, false])
    }
    expect(await project.remoteRefs()).toEqual(['loose', 'main', 'session/auth', 'session/other', 'v1'])
  })
})

describe.concurrent('what does not hold a session back', () => {
  test('its log alone', async () => {
    const project = await makePushProject()
    const session = await startWithWork(project, 'auth')
    expect(await project.git(['status', '--porcelain'], session)).toBe('?? docs/')
    expect((await project.push(['origin', 'session/auth'])).status).toBe(0)
  })

  test.for([
    ['warn', 'flightrules: not in this push, because untracked: draft.txt\n'],
    ['ignore', ''],
  ] as const)('untracked files, when the project says %s', async ([untracked, said]) => {
    const project = await makePushProject({ config: { hooks: { prePush: { untracked } } } })
    const session = await startWithWork(project, 'auth')
    await project.write(join(session, 'draft.txt'), 'draft')
    const pushed = await project.push(['--quiet', 'origin', 'session/auth'], session)
    expect(pushed).toEqual({ status: 0, stdout: '', stderr: said })
    await project.write(join(session, 'README.md'), 'changed')
    const refused = await project.push(['origin', 'session/auth:again'], session)
    expect(refused.status).toBe(1)
    expect(refused.stderr).toContain('has 1 uncommitted file that would be left out:\n  README.md\n')
  })

  test('cleanTree false', async () => {
    const project = await makePushProject({ config: { hooks: { prePush: { cleanTree: false } } } })
    await startDirty(project)
    expect((await project.push(['--quiet', 'origin', 'session/auth'])).status).toBe(0)
  })

  test('dirt in the main worktree, unless the project wants all clean', async () => {
    const project = await makePushProject()
    await commitWork(project, project.path, 'on main', { 'main.txt': 'x' })
    await project.write('README.md', 'changed')
    expect((await project.push(['origin', 'main'])).status).toBe(0)
  })
})

test.concurrent('the standard output of git push stays what programs read', async () => {
  const project = await makePushProject()
  const session = await startWithWork(project, 'auth')
  await commitWork(project, project.path, 'meanwhile', { 'a.txt': 'x' })
  const { status, stdout } = await project.push(['--porcelain', 'origin', 'session/auth'], session)
  expect(status).toBe(0)
  expect(stdout).toBe(`To ${project.remotePath}\n*\trefs/heads/session/auth:refs/heads/session/auth\t[new branch]\nDone\n`)
})

test.concurrent('the distance to the base and the conflicts to come are said', async () => {
  const project = await makePushProject({ files: { 'a.txt': 'a\n' } })
  const session = await startWithWork(project, 'auth', { 'a.txt': 'session\n' })
  await commitWork(project, project.path, 'meanwhile', { 'b.txt': 'x' })
  expect((await project.push(['--quiet', 'origin', 'session/auth'], session)).stderr).toBe(
    'flightrules: auth is 1 commit behind main\n',
  )
  await commitWork(project, project.path, 'meanwhile', { 'a.txt': 'main\n' })
  await commitWork(project, session, 'more', { 'more.txt': 'x' })
  expect(await project.push(['--quiet', 'origin', 'session/auth'], session)).toEqual({
    status: 0,
    stdout: '',
    stderr: 'flightrules: auth is 2 commits behind main, and merging it would conflict in a.txt\n',
  })
})

test.concurrent('others who change the same are named: three, with the files, and documents as such', async () => {
  const project = await makePushProject({ files: { 'a.txt': 'a\n', 'docs/plan.md': 'plan\n' }, config: { stale: { behind: 2 } } })
  const session = await startWithWork(project, 'auth', { 'a.txt': 'auth\n', 'docs/plan.md': 'plan of auth\n' })
  for (const id of ['b', 'c', 'd', 'e']) {
    await project.start(id)
    await project.write(join(project.session(id), 'a.txt'), `${id}\n`)
  }
  const told = (ids: readonly string[]): string[] => ids.map((id) => `flightrules: auth and ${id} would conflict in a.txt`)
  expect((await project.push(['--quiet', 'origin', 'session/auth'], session)).stderr.trimEnd().split('\n')).toEqual([
    ...told(['b', 'c', 'd']),
    'flightrules: … and 1 more — flightrules radar auth',
  ])
  // work that has arrived is met in the base, and not a second time
  for (const id of ['b', 'c']) await project.git(['checkout', '-q', '--', '.'], project.session(id))
  await commitWork(project, project.session('d'), 'work', { 'a.txt': 'd\n' })
  await project.git(['-c', 'core.hooksPath=/dev/null', 'merge', '-q', '--no-ff', '-m', 'merge', 'session/d'])
  await project.write(join(project.session('e'), 'a.txt'), 'a\n')
  await project.write(join(project.session('e'), 'docs/plan.md'), 'plan of auth\n')
  await commitWork(project, session, 'more', { 'more.txt': 'x' })
  expect((await project.push(['--quiet', 'origin', 'session/auth'], session)).stderr.trimEnd().split('\n')).toEqual([
    'flightrules: auth is stale: 2 commits behind main, and merging it would conflict in a.txt — flightrules sync auth --leave-conflicts',
    'flightrules: auth and e both change the document docs/plan.md — flightrules radar auth',
  ])
})
