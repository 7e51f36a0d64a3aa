import { existsSync } from 'node:fs'
import { chmod, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { branchesOf, commitWork, filesOf, historyOf, startWithWork, stateOf } from '../support/session-work.ts'

describe.concurrent('end is typed', () => {
  test('in a folder of the session itself, which is the default; the way back is said', async () => {
    const project = await makeProject()
    const session = await startWithWork(project, 'auth', { 'src/deep/auth.txt': 'x' })
    const { status, stdout } = await project.cli(['end', '--strategy', 'merge'], join(session, 'src/deep'))
    expect(status).toBe(0)
    expect(stdout).toContain(`\nThis directory is gone; go back:\n  cd ${project.path}\n`)
    expect(await filesOf(project, 'main')).toContain('src/deep/auth.txt')
  })

  test('in another session, which stays as it is', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    const other = await startWithWork(project, 'other')
    await project.write(join(other, 'draft.txt'), 'draft')
    const { status, stdout } = await project.cli(['end', 'auth', '--strategy', 'merge'], other)
    expect(status).toBe(0)
    expect(stdout).not.toContain('This directory is gone')
    expect((await project.status()).sessions.map(({ id }) => id)).toEqual(['other'])
    expect(await project.git(['status', '--porcelain'], other)).toContain('?? draft.txt')
    expect(existsSync(`${project.path}-sessions/.manifest.json`)).toBe(true)
  })

  test('with other letters and from anywhere with -C', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    expect((await project.cli(['-C', project.path, 'end', 'AUTH', '--strategy', 'merge'], project.parent)).status).toBe(0)
  })
})

describe.concurrent('--commit', () => {
  test('takes everything along that is not ignored', async () => {
    const project = await makeProject()
    const { path } = await project.start('auth')
    await project.write(join(path, 'README.md'), 'changed\n')
    await project.write(join(path, 'new/file.txt'), 'new\n')
    await project.git(['add', 'README.md'], path)
    expect((await project.cli(['end', 'auth', '--strategy', 'merge', '--commit', 'All of it'])).status).toBe(0)
    expect(await project.git(['log', '--format=%s', 'main^2'])).toMatch(/^docs: session log of auth\nAll of it\n/)
    expect(await project.read('README.md')).toBe('changed\n')
    expect(await project.read('new/file.txt')).toBe('new\n')
  })

  test('that a pre-commit hook refuses ends it, with the session whole', async () => {
    const project = await makeProject()
    const { path } = await project.start('auth')
    await project.write(join(path, 'a.txt'), 'x')
    const hook = join(project.path, '.git/hooks/pre-commit')
    await project.write(hook, '#!/bin/sh\necho "lint: a.txt is bad" >&2\nexit 1\n')
    await chmod(hook, 0o755)
    const { status, json } = await project.json(['end', 'auth', '--strategy', 'merge', '--commit', 'x'])
    expect([status, json.error.code]).toEqual([1, 'COMMIT_FAILED'])
    expect(json.error.message).toContain('lint: a.txt is bad')
    expect(await readFile(join(path, 'a.txt'), 'utf8')).toBe('x')
    expect(await branchesOf(project)).toEqual(['main', 'session/auth'])
  })
})

describe.concurrent('flags', () => {
  test.for(['merge', 'squash'] as const)('--message is the message of the %s commit', async (method) => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    await project.cli(['end', 'auth', '--strategy', 'merge', '--merge', method, '--message', 'Own words\n\n# not a comment'])
    expect(await project.git(['log', '-1', '--format=%B', 'main'])).toBe('Own words\n\n# not a comment\n')
  })

  test('--keep-worktree integrates and keeps the session', async () => {
    const project = await makeProject()
    const session = await startWithWork(project, 'auth')
    const { json } = await project.json(['end', 'auth', '--strategy', 'merge', '--keep-worktree'])
    expect(json.data).toMatchObject({ integrated: { into: 'main' }, worktreeRemoved: false, branchDeleted: false, trash: null })
    expect(existsSync(session)).toBe(true)
    expect((await project.status()).sessions).toMatchObject([{ id: 'auth', status: 'kept' }])
    expect(await branchesOf(project)).toEqual(['main', 'session/auth'])
  })

  test('--keep-branch keeps the branch where it was merged', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    const { json } = await project.json(['end', 'auth', '--strategy', 'merge', '--keep-branch'])
    expect(json.data).toMatchObject({ worktreeRemoved: true, branchDeleted: false })
    expect(await project.git(['rev-parse', 'session/auth'])).toBe(await project.git(['rev-parse', 'main^2']))
  })

  test('end.deleteBranch "never" keeps it too; strategy and method can be configured', async () => {
    const project = await makeProject({ config: { end: { deleteBranch: 'never', strategy: 'merge', merge: 'squash' } } })
    await startWithWork(project, 'auth')
    const { json } = await project.json(['end', 'auth'])
    expect(json.data).toMatchObject({ strategy: 'merge', worktreeRemoved: true, branchDeleted: false })
    expect(await branchesOf(project)).toEqual(['main', 'session/auth'])
    expect(await project.git(['log', '-1', '--format=%P', 'main'])).not.toContain(' ')
  })

  test('--push-only pushes and merges nothing, also where merging is configured; with --strategy merge it is a mistake', async () => {
    const project = await makeProject({ remote: true, config: { end: { strategy: 'merge' } } })
    await startWithWork(project, 'auth')
    const main = await project.git(['rev-parse', 'main'])
    const refused = await project.json(['end', 'auth', '--strategy', 'merge', '--push-only'])
    expect([refused.status, refused.json.error.code]).toEqual([2, 'USAGE'])
    const { json } = await project.json(['end', 'auth', '--push-only'])
    expect(json.data).toMatchObject({ strategy: 'pr', integrated: null, pushed: true, worktreeRemoved: false })
    expect(await project.git(['rev-parse', 'main'])).toBe(main)
  })

  test('a branch that was there before the session is not deleted', async () => {
    const project = await makeProject()
    await project.git(['branch', 'feature'])
    const worktree = join(project.parent, 'feature')
    await commitWork(project, project.path, 'meanwhile', { 'other.txt': 'x' })
    await project.git(['branch', '--quiet', '--force', 'feature', 'main'])
    await project.git(['worktree', 'add', '--quiet', worktree, 'feature'])
    await commitWork(project, worktree, 'work', { 'feature.txt': 'x' })
    const { json } = await project.json(['end', 'feature', '--strategy', 'merge'])
    expect(json.data).toMatchObject({ worktreeRemoved: true, branchDeleted: false })
    expect(await branchesOf(project)).toEqual(['feature', 'main'])
  })
})

describe.concurrent('--dry-run', () => {
  test.for([
    ['merge', ['--commit', 'the rest'], ['commit', 'complete-session-log', 'integrate', 'remove-worktree']],
    ['keep', ['--commit', 'the rest', '--sync', 'rebase'], ['commit', 'sync', 'complete-session-log', 'push', 'mark-kept']],
    ['abandon', [], ['remove-worktree']],
    ['pr', ['--commit', 'the rest', '--push-only'], ['commit', 'complete-session-log', 'push']],
  ] as const)('of %s shows the steps and changes nothing', async ([strategy, flags, kinds]) => {
    const project = await makeProject({ remote: true })
    const session = await startWithWork(project, 'auth')
    await project.write(join(session, 'draft.txt'), 'draft')
    const everything = async () => [
      await stateOf(project),
      await historyOf(project, 'auth'),
      await project.git(['for-each-ref'], project.remotePath ?? ''),
    ]
    const before = await everything()
    const { status, json } = await project.json(['end', 'auth', '--strategy', strategy, ...flags, '--dry-run'])
    expect(await everything()).toEqual(before)
    expect(status).toBe(0)
    const { plan } = json.data as unknown as { plan: { steps: { kind: string; undo: string }[] } }
    expect(plan).toMatchObject({ version: 1, command: 'end', choices: [] })
    expect(plan.steps.map(({ kind }) => kind)).toEqual(kinds)
    expect(plan.steps.every(({ undo }) => undo !== '')).toBe(true)
  })

  test('is refused as the command would be', async () => {
    const project = await makeProject()
    await project.start('auth')
    const { status, json } = await project.json(['end', 'auth', '--strategy', 'merge', '--dry-run'])
    expect([status, json.error.code]).toEqual([3, 'NOTHING_TO_MERGE'])
  })
})
