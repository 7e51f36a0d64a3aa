import { chmod, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findOnPath } from '../support/find-on-path.ts'
import { makeProject } from '../support/flightrules-project.ts'
import { type ForgeProject, makeForgeProject, pathWithoutForges } from '../support/recording-forge.ts'
import { commitWork, startWithWork, stateOf } from '../support/session-work.ts'

const pr = { number: 7, url: 'https://github.com/o/r/pull/7' }

/** Runs `end` that must fail; the session is there, whole, and so is what was not committed when nothing may be touched. */
async function failing(project: ForgeProject, ...flags: string[]) {
  const { status, json } = await project.json(['end', 'auth', ...flags])
  expect(json.ok).toBe(false)
  const { sessions } = await project.status()
  expect(sessions).toMatchObject([{ id: 'auth', status: 'active', pr: null }])
  return { status, error: json.error }
}

describe.concurrent('the push is refused', () => {
  test('by a hook of the remote: quoted, and the same command goes on', async () => {
    const project = await makeForgeProject('gh')
    const hook = join(project.remotePath, 'hooks/pre-receive')
    await project.write(hook, '#!/bin/sh\necho "no pushes on Sunday" >&2\nexit 1\n')
    await chmod(hook, 0o755)
    const session = await startWithWork(project, 'auth')
    const { status, error } = await failing(project)
    expect([status, error.code]).toEqual([1, 'PUSH_FAILED'])
    expect(error.message).toContain('no pushes on Sunday')
    expect(error.hint).toContain('git ls-remote origin')
    expect((await project.calls()).some(({ argv }) => argv[1] === 'create')).toBe(false)
    const tip = await project.git(['rev-parse', 'HEAD'], session)
    await rm(hook)
    expect((await project.json(['end', 'auth'])).json.data).toMatchObject({ pr, pushed: true })
    expect(await project.git(['rev-parse', 'HEAD'], session)).toBe(tip)
  })

  test('because the remote branch has other commits: never forced', async () => {
    const project = await makeForgeProject('gh')
    await startWithWork(project, 'auth')
    const theirs = await commitWork(project, project.path, 'theirs', { 'theirs.txt': 'x' })
    await project.git(['push', '--quiet', '--no-verify', 'origin', 'HEAD:refs/heads/session/auth'])
    await project.git(['reset', '--quiet', '--hard', 'HEAD^'])
    const { status, error } = await failing(project)
    expect([status, error.code, error.details]).toEqual([
      1,
      'PUSH_FAILED',
      { remote: 'origin', branch: 'session/auth', rejected: true },
    ])
    expect(error.hint).toContain('git fetch origin')
    expect(await project.git(['rev-parse', 'session/auth'], project.remotePath)).toBe(theirs)
  })

  test('by another pre-push hook of the project', async () => {
    const project = await makeForgeProject('gh')
    await startWithWork(project, 'auth')
    const hook = join(project.path, '.git/hooks/pre-push')
    await project.write(hook, `${await project.read(hook)}\necho "tests failed" >&2\nexit 3\n`)
    const { status, error } = await failing(project)
    expect([status, error.code]).toEqual([1, 'PUSH_FAILED'])
    expect(error.message).toContain('tests failed')
  })
})

describe.concurrent('the client', () => {
  test('is missing: known before anything is committed or pushed, with the ways on', async () => {
    const project = await makeForgeProject('gh')
    project.env['PATH'] = await pathWithoutForges(project.parent)
    const { path } = await project.start('auth')
    await project.write(join(path, 'a.txt'), 'x')
    const before = await stateOf(project)
    const { status, error } = await failing(project, '--commit', 'work')
    expect([status, error.code]).toEqual([3, 'FORGE_CLI_MISSING'])
    expect(error.choices.map(({ flag }) => flag)).toEqual(['--push-only', '--strategy keep'])
    expect(error.hint).toContain('https://cli.github.com')
    expect(await stateOf(project)).toEqual(before)
    expect(await project.git(['branch', '--list', 'session/*'], project.remotePath)).toBe('')
    expect((await project.json(['end', 'auth', '--commit', 'work', '--push-only'])).json.data).toMatchObject({
      pushed: true,
      pr: null,
    })
  })

  test.skipIf(findOnPath('gh') === undefined)('the real gh is not logged in: known before anything is pushed', async () => {
    const project = await makeForgeProject('gh')
    await rm(join(project.parent, 'forge/gh'))
    project.env['GH_CONFIG_DIR'] = join(project.parent, 'gh-config')
    const { path } = await project.start('auth')
    await project.write(join(path, 'a.txt'), 'x')
    const before = await stateOf(project)
    const { status, error } = await failing(project, '--commit', 'work')
    expect([status, error.code, error.hint]).toEqual([1, 'FORGE_LOGIN', 'gh auth login --hostname github.com'])
    expect(await stateOf(project)).toEqual(before)
    expect(await project.git(['branch', '--list', 'session/*'], project.remotePath)).toBe('')
  })

  test('loses its login between the push and the request', async () => {
    const project = await makeForgeProject('gh')
    await startWithWork(project, 'auth')
    await project.failCreate({ status: 4, stderr: 'To get started with GitHub CLI, please run:  gh auth login' })
    const { status, error } = await failing(project)
    expect([status, error.code, error.hint]).toEqual([1, 'FORGE_LOGIN', 'gh auth login --hostname github.com'])
    await project.failCreate(null)
    expect((await project.json(['end', 'auth'])).json.data).toMatchObject({ pr, pushed: true })
  })

  test('fails: quoted, the branch is pushed, and the same command goes on', async () => {
    const project = await makeForgeProject('gh')
    await startWithWork(project, 'auth')
    await project.failCreate({ status: 1, stderr: 'pull request create failed: label "bug" not found' })
    const { status, error } = await failing(project)
    expect([status, error.code]).toEqual([1, 'FORGE_FAILED'])
    expect(error.message).toContain('label "bug" not found')
    expect(error.hint).toContain('run the same command again')
    const tip = await project.git(['rev-parse', 'session/auth'])
    expect(await project.git(['rev-parse', 'session/auth'], project.remotePath)).toBe(tip)
    await project.failCreate(null)
    expect((await project.json(['end', 'auth'])).json.data).toMatchObject({ pr })
    expect(await project.git(['rev-parse', 'session/auth'])).toBe(tip)
  })
})

describe.concurrent('there is no place for a request', () => {
  test('no remote at all', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    const before = await stateOf(project)
    const { status, json } = await project.json(['end', 'auth'])
    expect([status, json.error.code]).toEqual([3, 'NO_REMOTE'])
    expect(json.error.choices.map(({ flag }) => flag)).toEqual(['--strategy merge', '--strategy keep', '--strategy abandon'])
    expect(await stateOf(project)).toEqual(before)
  })

  test('a forge nobody knows: nothing is committed or pushed; --push-only pushes', async () => {
    const project = await makeProject({ remote: true })
    const { path } = await project.start('auth')
    await project.write(join(path, 'a.txt'), 'x')
    const before = await stateOf(project)
    const { status, json } = await project.json(['end', 'auth', '--commit', 'work'])
    expect([status, json.error.code]).toEqual([3, 'FORGE_UNKNOWN'])
    expect(json.error.choices.map(({ flag }) => flag)).toEqual(['--push-only', '--strategy merge', '--strategy keep'])
    expect(await stateOf(project)).toEqual(before)
    expect((await project.json(['end', 'auth', '--commit', 'work', '--push-only'])).json.data).toMatchObject({
      pushed: true,
      compareUrl: null,
    })
  })

  test('a detached HEAD has no name to push under', async () => {
    const project = await makeForgeProject('gh')
    const session = await startWithWork(project, 'auth')
    await project.git(['switch', '--quiet', '--detach'], session)
    const { status, error } = await failing(project)
    expect([status, error.code, error.hint]).toEqual([3, 'DETACHED_HEAD', `git -C ${session} switch -c <branch>`])
  })

  test('no commits of its own, or no file for --body-file', async () => {
    const project = await makeForgeProject('gh')
    const { path } = await project.start('auth')
    expect(await failing(project)).toMatchObject({ status: 3, error: { code: 'NOTHING_TO_MERGE' } })
    await commitWork(project, path, 'work', { 'a.txt': 'x' })
    expect(await failing(project, '--body-file', 'missing.md')).toMatchObject({ status: 2, error: { code: 'NO_FILE' } })
  })
})
