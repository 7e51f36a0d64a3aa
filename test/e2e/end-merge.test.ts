import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { branchesOf, commitWork, filesOf, historyOf, startWithWork } from '../support/session-work.ts'

const oid = expect.stringMatching(/^[0-9a-f]{40}$/) as string

const subjects = {
  merge: ['Merge session auth (session/auth) into main', 'docs: session log of auth', 'work on auth'],
  squash: ['Add the login'],
  rebase: ['docs: session log of auth', 'work on auth'],
  'ff-only': ['docs: session log of auth', 'work on auth'],
}

describe.concurrent('a merged session', () => {
  test.for(['merge', 'squash', 'rebase', 'ff-only'] as const)('is in its base and gone, by %s', async (method) => {
    const project = await makeProject()
    const session = await startWithWork(project, 'auth', { 'auth.txt': 'auth\n' }, '--goal', 'Add the login')
    const work = await project.git(['rev-parse', 'HEAD'], session)
    if (method !== 'ff-only') await commitWork(project, project.path, 'meanwhile', { 'other.txt': 'other\n' })
    const before = await project.git(['rev-parse', 'main'])

    const { status, json } = await project.json(['end', 'auth', '--strategy', 'merge', '--merge', method])

    const after = await project.git(['rev-parse', 'main'])
    expect(json.data).toEqual({
      id: 'auth',
      strategy: 'merge',
      integrated: { into: 'main', oid: after },
      pr: null,
      pushed: false,
      worktreeRemoved: true,
      branchDeleted: true,
      trash: expect.stringMatching(/^auth-/) as string,
      purged: true,
    })
    expect(status).toBe(0)
    const parents = await project.git(['log', '-1', '--format=%P', 'main'])
    const reached = (await project.git(['rev-list', 'main'])).split('\n')
    expect(reached).toContain(before)
    expect(parents.split(' ')).toHaveLength(method === 'merge' ? 2 : 1)
    expect(reached.includes(work)).toBe(method === 'merge' || method === 'ff-only')
    expect((await project.git(['log', '--format=%s', `${before}..main`])).split('\n')).toEqual(subjects[method])
    expect(await project.read('auth.txt')).toBe('auth\n')
    expect(await project.git(['status', '--porcelain', '--untracked-files=all'])).toBe('')
    expect(await branchesOf(project)).toEqual(['main'])
    expect(existsSync(`${project.path}-sessions`)).toBe(false)
    expect(await project.git(['worktree', 'list'])).not.toContain('\n')
    expect((await project.status()).sessions).toEqual([])
  })

  test('has its log completed and committed, in the base', async () => {
    const project = await makeProject()
    const { session, path } = await project.start('auth', '--goal', 'Add the login')
    await commitWork(project, path, 'Ask for a password', { 'auth.txt': 'auth\n' })
    await project.cli(['end', 'auth', '--strategy', 'merge'])
    const log = await project.read(session.sessionLog ?? '')
    expect(log).toContain('- Add the login')
    expect(log).toMatch(
      /## Outcome\n\n- Ended: \S+\n- How: merge\n- Integration: merge into main\n- Changes: 1 file, 1 insertion, 0 deletions\n- Commits:\n {2}- [0-9a-f]{12} Ask for a password\n/,
    )
    expect(await project.git(['log', '-1', '--format=%s', 'main^2'])).toBe('docs: session log of auth')
  })

  test('is in the history with what there was to know', async () => {
    const project = await makeProject({ config: { ports: { PORT: { from: 42100, to: 42199 } } } })
    const { session, path } = await project.start('auth', '--goal', 'Add the login')
    await commitWork(project, path, 'work', { 'auth.txt': 'auth\n' })
    await project.cli(['end', 'auth', '--strategy', 'merge'])
    const [, ended] = await historyOf(project, 'auth')
    expect(ended).toMatchObject({
      event: 'ended',
      id: 'auth',
      branch: 'session/auth',
      base: 'main',
      reason: 'merged into main',
      goals: ['Add the login'],
      ports: session.ports,
      integrated: { into: 'main', oid },
      ref: expect.stringMatching(/^refs\/flightrules\/trash\/auth\//) as string,
    })
  })

  test('frees its ports for the next one', async () => {
    const project = await makeProject({ config: { ports: { PORT: { from: 42200, to: 42299 } } } })
    const first = await project.start('one')
    const second = await project.start('two')
    expect(second.session.ports).not.toEqual(first.session.ports)
    await commitWork(project, first.path, 'work', { 'one.txt': 'one\n' })
    await project.cli(['end', 'one', '--strategy', 'merge'])
    expect((await project.start('three')).session.ports).toEqual(first.session.ports)
    expect((await project.status()).sessions.map(({ id }) => id).toSorted()).toEqual(['three', 'two'])
  })

  test('keeps the authors of its commits', async () => {
    const project = await makeProject()
    const ann = ['-c', 'user.name=Ann', '-c', 'user.email=ann@example.invalid']
    for (const [id, method] of [
      ['one', 'merge'],
      ['two', 'squash'],
      ['three', 'rebase'],
    ] as const) {
      const session = await startWithWork(project, id)
      await project.git([...ann, 'commit', '--quiet', '--amend', '--no-edit', '--author=Ann <ann@example.invalid>'], session)
      await commitWork(project, project.path, `before ${id}`, { [`before-${id}.txt`]: 'x' })
      expect((await project.cli(['end', id, '--strategy', 'merge', '--merge', method])).status).toBe(0)
    }
    const log = await project.git(['log', '--format=%an: %s', 'main'])
    for (const line of ['Ann: work on one', 'Ann: work on two', 'Ann: work on three']) expect(log.split('\n')).toContain(line)
  })

  test('is said in words, with where it went', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    const { stdout, stderr } = await project.cli(['end', 'auth', '--strategy', 'merge'])
    const short = (await project.git(['rev-parse', 'main'])).slice(0, 12)
    expect(stdout).toBe(`Merged session auth into main (${short})\n  removed the worktree and branch session/auth\n`)
    expect(stderr).toBe(`merge: session/auth into main\nremoving ${project.session('auth')}\n`)
  })

  test('has files and folders of any name', async () => {
    const project = await makeProject({ name: 'my project é' })
    await startWithWork(project, 'auth', { '-dash.txt': 'a', 'with space/ü "q".txt': 'b' })
    expect((await project.cli(['end', 'auth', '--strategy', 'merge'])).status).toBe(0)
    expect(await project.read(join('with space', 'ü "q".txt'))).toBe('b')
    expect(await filesOf(project, 'main')).toContain('-dash.txt')
  })
})
