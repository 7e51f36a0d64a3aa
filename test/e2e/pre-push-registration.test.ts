import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeProject, type ProjectOptions, type TestProject } from '../support/flightrules-project.ts'
import { runGit } from '../support/run-git.ts'
import { commitWork } from '../support/session-work.ts'

/** A worktree nobody told Flight Rules of, with a commit. */
async function makeStranger(options: ProjectOptions = {}): Promise<{ project: TestProject; worktree: string }> {
  const project = await makeProject({ ...options, remote: true })
  const worktree = join(project.parent, 'stranger')
  await runGit(project, ['worktree', 'add', '--quiet', '-b', 'strange', worktree], project.path, { FLIGHTRULES: '0' })
  await commitWork(project, worktree, 'work', { 'strange.txt': 'x' })
  return { project, worktree }
}

async function registered(project: TestProject): Promise<string[]> {
  const manifest = JSON.parse(await project.read(`${project.path}-sessions/.manifest.json`).catch(() => '{"sessions":[]}')) as {
    sessions: { id: string }[]
  }
  return manifest.sessions.map(({ id }) => id)
}

describe.concurrent('a worktree that is no session yet', () => {
  test('becomes one, and its branch is pushed', async () => {
    const { project, worktree } = await makeStranger({ config: { ports: { PORT: { from: 42400, to: 42499 } } } })
    expect(await registered(project)).toEqual([])
    const { status, stderr } = await runGit(project, ['push', '--quiet', 'origin', 'strange'])
    expect([status, stderr]).toEqual([0, `flightrules: registered ${worktree} as session stranger\n`])
    expect(await registered(project)).toEqual(['stranger'])
    expect((await project.status()).sessions).toMatchObject([
      { id: 'stranger', branch: 'strange', createdBy: 'hook', ports: { PORT: expect.any(Number) as number } },
    ])
    expect(await project.git(['branch', '--list', 'strange'], project.remotePath ?? '')).toContain('strange')
  })

  test('becomes one, and is held back when it is dirty', async () => {
    const { project, worktree } = await makeStranger()
    await project.write(join(worktree, 'draft.txt'), 'draft')
    const { status, stderr } = await runGit(project, ['push', 'origin', 'HEAD'], worktree)
    expect(status).toBe(1)
    expect(stderr).toContain('push refused: session stranger has 1 uncommitted file that would be left out:\n  draft.txt\n')
  })

  test('is refused where the project wants that, with the way on', async () => {
    const { project, worktree } = await makeStranger({ config: { hooks: { prePush: { registered: 'refuse' } } } })
    const { status, stderr } = await runGit(project, ['push', 'origin', 'strange'])
    expect(status).toBe(1)
    expect(stderr).toContain(`push refused: ${worktree} is no registered session`)
    expect(await registered(project)).toEqual([])
    await project.cli(['status'])
    expect((await runGit(project, ['push', 'origin', 'strange'])).status).toBe(0)
  })

  test('is left alone where the project wants that, also dirty', async () => {
    const { project, worktree } = await makeStranger({ config: { hooks: { prePush: { registered: 'ignore' } } } })
    await project.write(join(worktree, 'draft.txt'), 'draft')
    expect(await runGit(project, ['push', '--quiet', 'origin', 'strange'], worktree)).toEqual({
      status: 0,
      stdout: '',
      stderr: '',
    })
    expect(await registered(project)).toEqual([])
  })
})

test.concurrent('a record that cannot be read lets nothing through unseen, and is not overwritten', async () => {
  const project = await makeProject({ remote: true })
  const { path } = await project.start('auth')
  await commitWork(project, path, 'work', { 'a.txt': 'x' })
  const record = join(project.path, '.git/worktrees/auth/flightrules.json')
  await project.write(record, '{ torn')
  const { stderr } = await runGit(project, ['push', '--quiet', 'origin', 'session/auth'])
  expect(stderr).not.toContain('registered')
  expect(await project.read(record)).toBe('{ torn')
})

test.concurrent('a failure of ours stops the push and says how to go on', async () => {
  const project = await makeProject({ remote: true })
  const { path } = await project.start('auth')
  await commitWork(project, path, 'work', { 'a.txt': 'x' })
  const index = join(project.path, '.git/worktrees/auth/index')
  await rm(index)
  await project.write(join(index, 'not-a-file'), '')
  const { status, stderr } = await runGit(project, ['push', 'origin', 'session/auth'])
  expect(status).toBe(1)
  expect(stderr).toContain('flightrules: nothing was pushed; to push without this check: git push --no-verify')
  expect(stderr).not.toMatch(/^\s+at /m)
})

describe.concurrent("somebody else's pre-push", () => {
  const note = (parent: string, label: string): string => `{ echo ${label} "$@"; cat; } >>'${parent}/order'\n`

  test.for(['husky', 'native'] as const)('in the same file gets the refs too, and its exit status counts: %s', async (hooks) => {
    const project = await makeProject({
      remote: true,
      hooks,
      ...(hooks === 'husky' ? { files: { 'package.json': '{"name":"x","devDependencies":{"husky":"9"}}' } } : {}),
    })
    const { path } = await project.start('auth')
    const oid = await commitWork(project, path, 'work', { 'a.txt': 'x' })
    const file = hooks === 'husky' ? join(path, '.husky/pre-push') : join(project.path, '.git/hooks/pre-push')
    const ours = await project.read(file)
    await project.write(file, `${ours}\n${note(project.parent, 'theirs')}`)
    if (hooks === 'husky')
      await commitWork(project, path, 'hook', { '.husky/pre-push': `${ours}\n${note(project.parent, 'theirs')}` })
    const head = hooks === 'husky' ? await project.git(['rev-parse', 'HEAD'], path) : oid

    expect((await runGit(project, ['push', 'origin', 'session/auth'], path)).status).toBe(0)
    const remote = project.remotePath ?? ''
    expect(await project.read(join(project.parent, 'order'))).toBe(
      `theirs origin ${remote}\nrefs/heads/session/auth ${head} refs/heads/session/auth ${'0'.repeat(40)}\n`,
    )

    await commitWork(project, path, 'more', {
      'b.txt': 'x',
      ...(hooks === 'husky' ? { '.husky/pre-push': `${ours}\nexit 7\n` } : {}),
    })
    if (hooks === 'native') await project.write(file, `${ours}\nexit 7\n`)
    expect((await runGit(project, ['push', 'origin', 'session/auth'], path)).status).toBe(1)
    expect(await project.git(['rev-parse', 'session/auth'], remote)).toBe(head)
  })
})
