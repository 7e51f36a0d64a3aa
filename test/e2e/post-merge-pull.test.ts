import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { runGit } from '../support/run-git.ts'
import { commitWork, startWithWork } from '../support/session-work.ts'

const ids = ['merged', 'squashed', 'rebased', 'open']

/** Sessions that are pushed; somebody else merges all but one of them on the remote, in the three ways a forge offers, and goes on. */
async function makeMergedProject(): Promise<TestProject> {
  const project = await makeProject({ remote: true, files: { 'folder/a.txt': 'a\n' } })
  for (const id of ids) {
    const session = await startWithWork(project, id, { [`${id}.txt`]: '1\n' })
    await commitWork(project, session, `${id} again`, { [`${id}.txt`]: '1\n2\n' })
    await project.git(['push', '--quiet', '-u', 'origin', `session/${id}`], session)
  }
  const forge = join(project.parent, 'forge')
  await project.git(['clone', '--quiet', project.remotePath ?? '', forge])
  const git = (...args: string[]): Promise<string> => project.git(args, forge)
  await commitWork(project, forge, 'meanwhile', { 'other.txt': 'x\n' })
  await git('merge', '--quiet', '--no-edit', 'origin/session/merged')
  await git('merge', '--quiet', '--squash', 'origin/session/squashed')
  await git('commit', '--quiet', '-m', 'Squashed (#7)')
  await git('cherry-pick', 'origin/session/rebased~1', 'origin/session/rebased')
  await commitWork(project, forge, 'afterwards', { 'squashed.txt': 'edited since\n', 'rebased.txt': 'edited since\n' })
  await git('push', '--quiet', 'origin', 'main')
  await git('push', '--quiet', 'origin', '--delete', 'session/merged', 'session/squashed')
  return project
}

const sessionsOf = async (project: TestProject): Promise<string[]> => (await project.status()).sessions.map(({ id }) => id)

const statesOf = async (project: TestProject): Promise<Record<string, readonly string[]>> =>
  Object.fromEntries((await project.status()).sessions.map(({ id, states }) => [id, states]))

const cleaned = (stderr: string): string[] =>
  [...stderr.matchAll(/flightrules: (\w+) is in (\S+) now; cleaned up its worktree and branch/g)]
    .map(([, id, into]) => `${id} ${into}`)
    .toSorted()

describe.concurrent('what was merged on the remote, in any way and together,', () => {
  test('is cleaned up by a pull in a folder of the main worktree', async () => {
    const project = await makeMergedProject()
    const { stderr } = await runGit(project, ['pull', '--quiet', '--ff-only', '--prune'], join(project.path, 'folder'))
    expect(cleaned(stderr)).toEqual(['merged main', 'rebased main', 'squashed main'])
    expect(await sessionsOf(project)).toEqual(['open'])
    expect(existsSync(project.session('open'))).toBe(true)
  })

  test('is cleaned up by a pull that merges it with commits of one’s own', async () => {
    const project = await makeMergedProject()
    await commitWork(project, project.path, 'own', { 'own.txt': 'own\n' })
    const { stderr } = await runGit(project, ['pull', '--quiet', '--no-rebase', '--no-edit'])
    expect(cleaned(stderr)).toEqual(['merged main', 'rebased origin/main', 'squashed origin/main'])
    expect(await sessionsOf(project)).toEqual(['open'])
  })

  test('is seen by the next command after a pull that rebases, of which no such hook is told', async () => {
    const project = await makeMergedProject()
    await commitWork(project, project.path, 'own', { 'own.txt': 'own\n' })
    await runGit(project, ['pull', '--quiet', '--rebase'])
    expect(await statesOf(project)).toMatchObject({
      merged: ['merged'],
      rebased: ['merged'],
      squashed: ['merged'],
      open: ['active'],
    })
    const { json } = await project.json(['cleanup', '--merged', '--no-fetch'])
    expect(
      (json.data as unknown as { items: { id: string; done: boolean }[] }).items.map(({ id, done }) => [id, done]).toSorted(),
    ).toEqual([
      ['merged', true],
      ['rebased', true],
      ['squashed', true],
    ])
    expect(await sessionsOf(project)).toEqual(['open'])
  })

  test('is cleaned up by a pull in another session, which itself stays', async () => {
    const project = await makeMergedProject()
    const { stderr } = await runGit(
      project,
      ['pull', '--quiet', '--no-rebase', '--no-edit', 'origin', 'main'],
      project.session('open'),
    )
    expect(cleaned(stderr)).toEqual(['merged origin/main', 'rebased origin/main', 'squashed origin/main'])
    expect(existsSync(project.session('open'))).toBe(true)
    expect(await sessionsOf(project)).toEqual(['open'])
  })

  test('is fetched and cleaned up by cleanup without any pull, and main stays where it is', async () => {
    const project = await makeMergedProject()
    const main = await project.git(['rev-parse', 'main'])
    expect(await statesOf(project)).toMatchObject({ merged: ['active'], squashed: ['active'] })
    const { json } = await project.json(['cleanup', '--merged'])
    const { items } = json.data as unknown as { items: { id: string; evidence: string }[] }
    expect(items.map(({ id }) => id).toSorted()).toEqual(['merged', 'rebased', 'squashed'])
    expect(items.every(({ evidence }) => evidence.startsWith('its work is in origin/main, '))).toBe(true)
    expect(await project.git(['rev-parse', 'main'])).toBe(main)
    expect(await sessionsOf(project)).toEqual(['open'])
  })

  test('is not merged again by end: it goes, and main stays where it is', async () => {
    const project = await makeMergedProject()
    await project.git(['fetch', '--quiet'])
    const main = await project.git(['rev-parse', 'main'])
    const { status, json } = await project.json(['end', 'squashed', '--strategy', 'merge'])
    expect([status, json.data]).toMatchObject([0, { integrated: { into: 'origin/main' }, worktreeRemoved: true }])
    expect(await project.git(['rev-parse', 'main'])).toBe(main)
  })
})

test.concurrent('work that was taken back, or comes to nothing, goes only when somebody wants it', async () => {
  const project = await makeProject({ remote: true })
  await startWithWork(project, 'back')
  const nothing = await startWithWork(project, 'nothing')
  await project.git(['revert', '--no-edit', 'HEAD'], nothing)
  const env = { FLIGHTRULES: '0' }
  await runGit(project, ['merge', '--quiet', '--no-ff', '--no-edit', 'session/back'], project.path, env)
  await runGit(project, ['revert', '--no-edit', '-m', '1', 'HEAD'], project.path, env)
  await project.git(['switch', '--quiet', '-c', 'side'])
  await commitWork(project, project.path, 'side', { 'side.txt': 'x' })
  await project.git(['switch', '--quiet', 'main'])
  const { stderr } = await runGit(project, ['merge', '--quiet', '--no-edit', 'side'])
  expect(stderr).not.toContain('cleaned up')
  expect(await statesOf(project)).toEqual({ back: ['reverted'], nothing: ['nothing to lose'] })
  const { status, json } = await project.json(['cleanup'])
  expect([status, json.error?.code]).toEqual([3, 'CLEANUP_NEEDS_DECISION'])
  expect((json.data as unknown as { items: unknown[] }).items).toMatchObject([
    { id: 'back', kind: 'merged', evidence: 'its work was in main and was taken back there', done: false },
    { id: 'nothing', kind: 'nothing-to-lose', evidence: 'its commits together change nothing', done: false },
  ])
  for (const strategy of ['merge', 'pr'])
    expect((await project.json(['end', 'nothing', '--strategy', strategy])).json.error).toMatchObject({
      code: 'NOTHING_TO_MERGE',
      message: expect.stringContaining('together they change nothing') as string,
    })
  expect((await project.json(['cleanup', '--id', 'nothing'])).status).toBe(0)
  expect(await sessionsOf(project)).toEqual(['back'])
})
