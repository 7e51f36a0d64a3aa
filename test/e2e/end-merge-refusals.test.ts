import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { branchesOf, commitWork, filesOf, historyOf, startWithWork, stateOf } from '../support/session-work.ts'

/** Runs a command that must be refused and leave everything as it was. */
async function refused(project: TestProject, args: readonly string[], cwd = project.path) {
  const before = await stateOf(project)
  const { status, json } = await project.json(args, cwd)
  expect(await stateOf(project)).toEqual(before)
  expect(json.ok).toBe(false)
  return { status, error: json.error }
}

describe.concurrent('conflicts', () => {
  test.for(['merge', 'squash', 'rebase'] as const)('by %s: exit 4, the files named, everything as before', async (method) => {
    const project = await makeProject({ files: { 'a.txt': 'a\n', 'b.txt': 'b\n', 'gone.txt': '1\n' } })
    await startWithWork(project, 'auth', { 'a.txt': 'session\n', 'b.txt': 'b\nmore\n', 'gone.txt': '2\n' })
    await project.git(['rm', '--quiet', 'gone.txt'])
    await commitWork(project, project.path, 'meanwhile', { 'a.txt': 'main\n' })

    const { status, error } = await refused(project, ['end', 'auth', '--strategy', 'merge', '--merge', method])

    expect(status).toBe(4)
    expect(error.code).toBe('MERGE_CONFLICTS')
    expect((error.details['paths'] as string[]).toSorted()).toEqual(['a.txt', 'gone.txt'])
    expect(error.message).toContain('"a.txt"')
    expect(error.message).toContain('"gone.txt"')
  })

  test('with what is not committed yet: --commit commits nothing', async () => {
    const project = await makeProject({ files: { 'a.txt': 'a\n' } })
    const { path } = await project.start('auth')
    await project.write(join(path, 'a.txt'), 'session\n')
    await commitWork(project, project.path, 'meanwhile', { 'a.txt': 'main\n' })
    for (const flags of [[], ['--merge', 'rebase'], ['--sync', 'rebase'], ['--sync', 'merge', '--merge', 'ff-only']]) {
      const { status, error } = await refused(project, ['end', 'auth', '--strategy', 'merge', '--commit', 'work', ...flags])
      expect([status, error.code, error.details['paths']]).toEqual([4, 'MERGE_CONFLICTS', ['a.txt']])
    }
  })

  test('settled in the session: the same command goes on', async () => {
    const project = await makeProject({ files: { 'a.txt': 'a\n' } })
    const session = await startWithWork(project, 'auth', { 'a.txt': 'session\n' })
    await commitWork(project, project.path, 'meanwhile', { 'a.txt': 'main\n' })
    expect((await project.cli(['end', 'auth', '--strategy', 'merge'])).status).toBe(4)
    await project.git(['merge', '--quiet', '--strategy-option=ours', '--no-edit', 'main'], session)
    expect((await project.cli(['end', 'auth', '--strategy', 'merge'])).status).toBe(0)
    expect(await project.read('a.txt')).toBe('session\n')
  })
})

describe.concurrent('refused, nothing touched', () => {
  test('the base has moved and ff-only was asked for; then --sync rebase does it', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    await commitWork(project, project.path, 'meanwhile', { 'other.txt': 'x\n' })
    const { status, error } = await refused(project, ['end', 'auth', '--strategy', 'merge', '--merge', 'ff-only'])
    expect([status, error.code]).toEqual([3, 'NOT_FAST_FORWARD'])
    expect(error.choices.map(({ flag }) => flag)).toEqual(['--merge merge', '--merge rebase', '--sync rebase'])
    // so do git's own settings, where nobody says otherwise
    await project.git(['config', 'merge.ff', 'only'])
    expect((await refused(project, ['end', 'auth', '--strategy', 'merge'])).error.code).toBe('NOT_FAST_FORWARD')
    expect((await project.cli(['end', 'auth', '--strategy', 'merge', '--sync', 'rebase'])).status).toBe(0)
    expect(await project.git(['log', '--format=%s', '-3', 'main'])).toBe('docs: session log of auth\nwork on auth\nmeanwhile')
  })

  test('the base branch is gone', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    await project.git(['switch', '--quiet', '-c', 'other'])
    await project.git(['branch', '--quiet', '-D', 'main'])
    const { status, error } = await refused(project, ['end', 'auth', '--strategy', 'merge'])
    expect([status, error.code, error.details]).toEqual([3, 'BASE_GONE', { base: 'main' }])
    expect(error.choices.map(({ flag }) => flag)).toEqual(['--strategy keep', '--strategy abandon'])
  })

  test('there is nothing to merge', async () => {
    const project = await makeProject()
    await project.start('auth')
    await commitWork(project, project.path, 'meanwhile', { 'other.txt': 'x\n' })
    const { status, error } = await refused(project, ['end', 'auth', '--strategy', 'merge'])
    expect([status, error.code]).toEqual([3, 'NOTHING_TO_MERGE'])
    expect(error.choices.map(({ flag }) => flag)).toEqual(['--strategy abandon', '--strategy keep'])
  })

  test('there is nothing to merge: it only fast-forwarded with its base', async () => {
    const project = await makeProject()
    const { path } = await project.start('auth')
    await commitWork(project, project.path, 'meanwhile', { 'other.txt': 'x\n' })
    await project.git(['merge', '--quiet', '--ff-only', 'main'], path)
    const { error } = await refused(project, ['end', 'auth', '--strategy', 'merge'])
    expect(error.code).toBe('NOTHING_TO_MERGE')
  })

  test.for(['rebase', 'merge'] as const)('a %s is in progress in the session', async (operation) => {
    const project = await makeProject({ files: { 'a.txt': 'a\n' } })
    const session = await startWithWork(project, 'auth', { 'a.txt': 'session\n' })
    await commitWork(project, project.path, 'meanwhile', { 'a.txt': 'main\n' })
    await project.git([operation, 'main'], session).catch(() => {})
    for (const strategy of ['merge', 'pr', 'keep']) {
      const { status, error } = await refused(project, ['end', 'auth', '--strategy', strategy, '--commit', 'x'])
      expect([status, error.code, error.details]).toEqual([3, 'OPERATION_IN_PROGRESS', { operation }])
    }
  })

  test('somebody rebases the base in the main worktree', async () => {
    const project = await makeProject({ files: { 'a.txt': 'a\n' } })
    await startWithWork(project, 'auth')
    await project.git(['switch', '--quiet', '-c', 'other'])
    await commitWork(project, project.path, 'theirs', { 'a.txt': 'theirs\n' })
    await project.git(['switch', '--quiet', 'main'])
    await commitWork(project, project.path, 'ours', { 'a.txt': 'ours\n' })
    await project.git(['rebase', 'other']).catch(() => {})
    const { status, error } = await refused(project, ['end', 'auth', '--strategy', 'merge'])
    expect([status, error.code]).toEqual([3, 'BASE_BUSY'])
  })

  test('there are uncommitted changes, with the ways on', async () => {
    const project = await makeProject()
    const { path, session } = await project.start('auth')
    await project.write(join(path, session.sessionLog ?? ''), '# my words\n')
    await project.write(join(path, 'new file.txt'), 'x\n')
    await project.write(join(path, 'README.md'), 'x\n')
    for (const strategy of ['merge', 'pr', 'keep']) {
      const { status, error } = await refused(project, ['end', 'auth', '--strategy', strategy])
      expect([status, error.code, error.details]).toEqual([3, 'UNCOMMITTED', { paths: ['README.md', 'new file.txt'] }])
      expect(error.choices.map(({ flag }) => flag)).toEqual(['--commit <message>', '--strategy abandon'])
    }
  })

  test('the words are wrong: no such session, no session here, --merge with another strategy', async () => {
    const project = await makeProject()
    await project.start('auth')
    for (const [args, code] of [
      [['end', 'outh'], 'SESSION_NOT_FOUND'],
      [['end'], 'SESSION_NEEDED'],
      [['end', 'auth', '--strategy', 'keep', '--merge', 'squash'], 'USAGE'],
      [['end', 'auth', '--strategy', 'merg'], 'INVALID_VALUE'],
    ] as const) {
      const { status, error } = await refused(project, args)
      expect([status, error.code]).toEqual([2, code])
    }
  })
})

test.concurrent('what stops the removal after the merge is said, and the same command goes on', async () => {
  const leftover = "node -e \"require('fs').existsSync('once') || require('fs').writeFileSync('once', '')\""
  const project = await makeProject({ config: { preRemoveHook: leftover } })
  const session = await startWithWork(project, 'auth')
  for (const method of ['squash', 'merge']) {
    const { status, json } = await project.json(['end', 'auth', '--strategy', 'merge', '--merge', method])
    const main = await project.git(['rev-parse', 'main'])
    expect([status, json.error.code]).toEqual(method === 'squash' ? [1, 'SESSION_CHANGED'] : [3, 'UNCOMMITTED'])
    if (method === 'squash') expect(json.error.details['integrated']).toEqual({ into: 'main', oid: main })
    expect(existsSync(session)).toBe(true)
  }
  await project.write(join(project.path, '.git/info/exclude'), 'once\n')
  const before = await project.git(['rev-parse', 'main'])
  const { json } = await project.json(['end', 'auth', '--strategy', 'merge', '--merge', 'squash'])
  expect(json.data).toMatchObject({ integrated: { into: 'main', oid: before }, worktreeRemoved: true, branchDeleted: true })
  expect(await filesOf(project, 'main')).not.toContain('once')
  expect(await branchesOf(project)).toEqual(['main'])
  expect((await historyOf(project, 'auth')).map(({ event }) => event)).toEqual(['started', 'ended'])
})
