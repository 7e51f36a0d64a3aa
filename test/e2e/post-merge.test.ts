import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { runGit } from '../support/run-git.ts'
import { branchesOf, commitWork, historyOf, startWithWork } from '../support/session-work.ts'

/** Somebody else's clone of the remote, with no hooks. */
async function makeClone(project: TestProject): Promise<string> {
  const clone = join(project.parent, 'clone')
  await project.git(['clone', '--quiet', project.remotePath ?? '', clone])
  return clone
}

async function expectGone(project: TestProject, id: string): Promise<void> {
  expect(existsSync(project.session(id))).toBe(false)
  expect(await branchesOf(project)).toEqual(['main'])
  expect((await project.status()).sessions).toEqual([])
  expect((await historyOf(project, id)).at(-1)).toMatchObject({ event: 'cleaned-up', reason: 'merged into main' })
}

describe.concurrent('a merged session is cleaned up', () => {
  test.for([
    ['a fast-forward', ['merge', '--ff-only', 'session/auth'], false],
    ['a merge commit', ['merge', '--no-ff', '--no-edit', 'session/auth'], false],
    ['a merge of what diverged', ['merge', '--no-edit', 'session/auth'], true],
  ] as const)('after %s', async ([, args, diverged]) => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    if (diverged) await commitWork(project, project.path, 'meanwhile', { 'other.txt': 'x' })
    const { status, stderr } = await runGit(project, args)
    expect(status).toBe(0)
    expect(stderr).toBe('flightrules: auth is in main now; cleaned up its worktree and branch\n')
    await expectGone(project, 'auth')
    expect(existsSync(`${project.path}-sessions`)).toBe(false)
    expect(await project.read('auth.txt')).toBe('auth\n')
  })

  test.for(['merge', 'squash', 'rebase'] as const)('after the pull that brings its %s on the remote', async (style) => {
    const project = await makeProject({ remote: true })
    const session = await startWithWork(project, 'auth', { 'auth.txt': '1\n' })
    await commitWork(project, session, 'second', { 'auth.txt': '1\n2\n' })
    await project.git(['push', '--quiet', '-u', 'origin', 'session/auth'], session)
    const clone = await makeClone(project)
    await commitWork(project, clone, 'meanwhile', { 'other.txt': 'x' })
    if (style === 'merge') await project.git(['merge', '--quiet', '--no-edit', 'origin/session/auth'], clone)
    if (style === 'squash') {
      await project.git(['merge', '--quiet', '--squash', 'origin/session/auth'], clone)
      await project.git(['commit', '--quiet', '-m', 'Add the login (#7)'], clone)
    }
    if (style === 'rebase') {
      await project.git(['switch', '--quiet', 'session/auth'], clone)
      await project.git(['rebase', '--quiet', 'main'], clone)
      await project.git(['switch', '--quiet', 'main'], clone)
      await project.git(['merge', '--quiet', '--ff-only', 'session/auth'], clone)
    }
    await commitWork(project, clone, 'afterwards', { 'auth.txt': 'edited since\n' })
    await project.git(['push', '--quiet', 'origin', 'main'], clone)
    const { stderr } = await runGit(project, ['pull', '--quiet'])
    expect(stderr).toBe('flightrules: auth is in main now; cleaned up its worktree and branch\n')
    await expectGone(project, 'auth')
  })

  test('but its branch stays while another session has it as its base', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    const child = await startWithWork(project, 'child', undefined, '--base', 'session/auth')
    const { stderr } = await runGit(project, ['merge', '--quiet', 'session/auth'])
    expect(stderr).toBe('flightrules: auth is in main now; cleaned up its worktree\n')
    expect(existsSync(project.session('auth'))).toBe(false)
    expect(existsSync(child)).toBe(true)
    expect(await branchesOf(project)).toEqual(['main', 'session/auth', 'session/child'])
  })

  test('after a merge in a linked worktree that has the base', async () => {
    const project = await makeProject()
    const session = await startWithWork(project, 'auth')
    await project.git(['switch', '--quiet', '-c', 'other'])
    const elsewhere = join(project.parent, 'elsewhere')
    await project.git(['worktree', 'add', '--quiet', elsewhere, 'main'])
    const { stderr } = await runGit(project, ['merge', '--quiet', '--no-edit', 'session/auth'], elsewhere)
    expect(stderr).toBe('flightrules: auth is in main now; cleaned up its worktree and branch\n')
    expect([existsSync(session), existsSync(elsewhere)]).toEqual([false, true])
  })

  test('with its log uncommitted, which is in the snapshot', async () => {
    const project = await makeProject()
    const { session, path } = await project.start('auth')
    await commitWork(project, path, 'work', { 'a.txt': 'x' })
    await project.write(join(path, session.sessionLog ?? ''), 'my words\n')
    await project.git(['merge', '--quiet', 'session/auth'])
    const { ref } = (await historyOf(project, 'auth')).at(-1) as { ref: string }
    expect(await project.git(['show', `${ref}:${session.sessionLog ?? ''}`])).toBe('my words')
  })

  test('with its only copy of something kept in the trash, and that said', async () => {
    const project = await makeProject({ files: { '.gitignore': '*.db\n' } })
    const session = await startWithWork(project, 'auth')
    await project.write(join(session, 'notes.db'), 'only here')
    const { stderr } = await runGit(project, ['merge', '--quiet', 'session/auth'])
    const path = /cleaned up its worktree and branch \(its files are in (.+)\)\n$/.exec(stderr)?.[1] ?? ''
    expect(await project.read(join(path, 'notes.db'))).toBe('only here')
  })

  test('but keeps a branch that was there before it', async () => {
    const project = await makeProject()
    await project.git(['branch', 'feature', 'HEAD'])
    await commitWork(project, project.path, 'meanwhile', { 'other.txt': 'x' })
    await project.git(['branch', '--quiet', '--force', 'feature', 'main'])
    const worktree = join(project.parent, 'feature')
    await project.git(['worktree', 'add', '--quiet', worktree, 'feature'])
    await commitWork(project, worktree, 'work', { 'feature.txt': 'x' })
    const { stderr } = await runGit(project, ['merge', '--quiet', '--no-ff', '--no-edit', 'feature'])
    expect(stderr).toBe('flightrules: feature is in main now; cleaned up its worktree\n')
    expect(existsSync(worktree)).toBe(false)
    expect(await branchesOf(project)).toEqual(['feature', 'main'])
  })
})

describe.concurrent('the project decides', () => {
  test('"report" only names it, with what to type', async () => {
    const project = await makeProject({ config: { hooks: { postMerge: { cleanup: 'report' } } } })
    const session = await startWithWork(project, 'auth')
    const { stderr } = await runGit(project, ['merge', '--quiet', 'session/auth'])
    expect(stderr).toBe(
      'flightrules: auth is in main now and was left: the project wants it only reported (hooks.postMerge.cleanup). When it is done with: flightrules end auth --strategy merge\n',
    )
    expect(existsSync(session)).toBe(true)
    expect((await project.json(['end', 'auth', '--strategy', 'merge'])).json.data).toMatchObject({
      worktreeRemoved: true,
      branchDeleted: true,
    })
  })

  test.for([
    ['false', { hooks: { postMerge: { cleanup: false } } }, {}],
    ['FLIGHTRULES=0', {}, { FLIGHTRULES: '0' }],
    ['FLIGHTRULES_SKIP', {}, { FLIGHTRULES_SKIP: 'post-merge' }],
  ] as const)('%s does and says nothing', async ([, config, env]) => {
    const project = await makeProject({ config })
    const session = await startWithWork(project, 'auth')
    const { status, stderr } = await runGit(project, ['merge', '--quiet', 'session/auth'], project.path, env)
    expect([status, stderr]).toEqual([0, ''])
    expect(existsSync(session)).toBe(true)
  })
})

test.concurrent('several at once: each on its own', async () => {
  const project = await makeProject()
  for (const id of ['one', 'two', 'three']) await startWithWork(project, id)
  await project.write(join(project.session('two'), 'draft.txt'), 'draft')
  await project.start('fresh')
  const { stderr } = await runGit(project, ['merge', '--quiet', '--no-edit', 'session/one', 'session/two', 'session/three'])
  expect(
    stderr
      .split('\n')
      .filter((line) => line.startsWith('flightrules'))
      .toSorted(),
  ).toEqual([
    'flightrules: one is in main now; cleaned up its worktree and branch',
    'flightrules: three is in main now; cleaned up its worktree and branch',
    expect.stringMatching(/^flightrules: two is in main now and was left: it has uncommitted changes: draft\.txt\. /),
  ])
  expect((await project.status()).sessions.map(({ id }) => id).toSorted()).toEqual(['fresh', 'two'])
})
