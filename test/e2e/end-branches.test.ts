import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { branchesOf, commitWork, startWithWork, stateOf } from '../support/session-work.ts'

test.concurrent('a branch an agent renamed or switched to is shown as it is, and never deleted by the name that was recorded', async () => {
  const project = await makeProject()
  const renamed = await startWithWork(project, 'a')
  const switched = await startWithWork(project, 'b')
  await project.git(['branch', 'theirs'])
  await project.git(['branch', '-m', 'session/a', 'better'], renamed)
  await project.git(['switch', '--quiet', 'theirs'], switched)
  expect((await project.status()).sessions.map(({ id, branch }) => [id, branch])).toEqual([
    ['a', 'better'],
    ['b', 'theirs'],
  ])
  const before = await branchesOf(project)
  for (const id of ['a', 'b'])
    expect((await project.json(['end', id, '--strategy', 'abandon'])).json.data['branchDeleted']).toBe(false)
  expect(await branchesOf(project)).toEqual(before)
  expect(before).toEqual(['better', 'main', 'session/b', 'theirs'])
})

test.concurrent('a branch that is checked out twice stays', async () => {
  const project = await makeProject({ config: { sessionLog: false } })
  await startWithWork(project, 'a')
  const twice = join(project.parent, 'twice')
  await project.git(['worktree', 'add', '--quiet', '--force', twice, 'session/a'])
  const tip = await project.git(['rev-parse', 'session/a'])
  const { json } = await project.json(['end', 'a', '--strategy', 'abandon'])
  expect(json.data).toMatchObject({ worktreeRemoved: true, branchDeleted: false })
  expect(await project.git(['rev-parse', 'HEAD'], twice)).toBe(tip)
  expect(await project.git(['status', '--porcelain'], twice)).toBe('')
})

test.concurrent('a branch that somebody deleted is back before the session goes, and its commits are in the trash', async () => {
  const project = await makeProject()
  await startWithWork(project, 'a')
  const tip = await project.git(['rev-parse', 'session/a'])
  await project.git(['update-ref', '-d', 'refs/heads/session/a'])
  const { json } = await project.json(['end', 'a', '--strategy', 'abandon'])
  expect(json.findings.map(({ code }) => code)).toContain('BRANCH_RECREATED')
  const ref = `refs/flightrules/trash/a/${String(json.data['trash']).slice(2)}`
  expect(await project.git(['rev-parse', `${ref}^`])).toBe(tip)
})

test.concurrent('a base that was rewritten does not get its dropped commits back by a merge, unless it is wanted', async () => {
  const project = await makeProject()
  await commitWork(project, project.path, 'to be dropped', { 'secret.txt': 'dropped\n' })
  await startWithWork(project, 'a')
  await startWithWork(project, 'b')
  await project.git(['reset', '--quiet', '--keep', 'HEAD~1'])
  await commitWork(project, project.path, 'instead', { 'other.txt': 'other\n' })
  const before = await stateOf(project)
  for (const flags of [[], ['--sync', 'rebase'], ['--merge', 'squash']]) {
    const { status, json } = await project.json(['end', 'a', '--strategy', 'merge', ...flags])
    expect([flags, status, json.error.code, json.error.details['dropped']]).toEqual([flags, 3, 'BASE_REWRITTEN', 1])
    expect(json.error.choices.map(({ flag }) => flag)).toEqual(['--proceed', '--strategy keep'])
    expect(json.error.hint).toContain('flightrules sync a --method rebase --dropped leave-out')
  }
  expect(await stateOf(project)).toEqual(before)
  expect((await project.json(['sync', 'a', '--method', 'rebase', '--dropped', 'leave-out'])).status).toBe(0)
  expect((await project.json(['end', 'a', '--strategy', 'merge'])).status).toBe(0)
  expect(await project.git(['ls-tree', '--name-only', 'main'])).not.toContain('secret.txt')
  expect((await project.json(['end', 'b', '--strategy', 'merge', '--proceed'])).status).toBe(0)
  expect(await project.git(['ls-tree', '--name-only', 'main'])).toContain('secret.txt')
})

test.concurrent("a session's own commits, on the base by a merge that was undone, are none the base has dropped", async () => {
  const project = await makeProject()
  await commitWork(project, project.path, 'to be dropped', { 'secret.txt': 'dropped\n' })
  const fork = await project.git(['rev-parse', 'main'])
  await startWithWork(project, 'a')
  const merge = ['end', 'a', '--strategy', 'merge', '--merge', 'ff-only']
  expect((await project.json(merge)).status).toBe(0)
  expect((await project.json(['undo'])).status).toBe(0)
  expect((await project.json([...merge, '--dry-run'])).status).toBe(0)
  await project.git(['reset', '--quiet', '--keep', 'HEAD~1'])
  const { json } = await project.json(merge)
  expect(json.error).toMatchObject({ code: 'BASE_REWRITTEN', details: { fork, dropped: 1 } })
})

test.concurrent('a base that is gone: the merge is refused and says so', async () => {
  const project = await makeProject()
  await project.git(['switch', '--quiet', '-c', 'feature'])
  await project.start('a', '--base', 'feature')
  await commitWork(project, project.session('a'), 'work', { 'a.txt': 'a\n' })
  await project.git(['switch', '--quiet', 'main'])
  await project.git(['branch', '--quiet', '-d', 'feature'])
  const before = await stateOf(project)
  const { status, json } = await project.json(['end', 'a', '--strategy', 'merge'])
  expect({ status, code: json.error.code }).toMatchObject({ code: 'BASE_GONE' })
  expect(await stateOf(project)).toEqual(before)
})
