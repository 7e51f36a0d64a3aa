import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { branchesOf, commitWork, filesOf, startWithWork, stateOf } from '../support/session-work.ts'

const methods = ['merge', 'squash', 'rebase', 'ff-only'] as const

describe.concurrent('the base is', () => {
  test.for(methods)('in the main worktree, dirty in other files, which stay as they are: %s', async (method) => {
    const project = await makeProject({ files: { 'staged.txt': '1\n', 'modified.txt': '1\n', 'deleted.txt': '1\n' } })
    await startWithWork(project, 'auth')
    await project.write('staged.txt', '2\n')
    await project.write('new.txt', 'new\n')
    await project.git(['add', 'staged.txt', 'new.txt'])
    await project.write('modified.txt', '2\n')
    await project.git(['rm', '--quiet', 'deleted.txt'])
    await project.write('untracked/file.txt', 'mine\n')
    const before = await project.git(['status', '--porcelain', '--untracked-files=all'])

    const { status } = await project.cli(['end', 'auth', '--strategy', 'merge', '--merge', method])

    expect(status).toBe(0)
    expect(await project.git(['status', '--porcelain', '--untracked-files=all'])).toBe(before)
    expect(before.split('\n')).toEqual([
      'D  deleted.txt',
      ' M modified.txt',
      'A  new.txt',
      'M  staged.txt',
      '?? untracked/file.txt',
    ])
    expect([await project.read('staged.txt'), await project.read('modified.txt'), await project.read('auth.txt')]).toEqual([
      '2\n',
      '2\n',
      'auth\n',
    ])
  })

  test.for([
    ['modified', 'README.md'],
    ['staged', 'README.md'],
    ['untracked', 'added.txt'],
    ['ignored', '.env.shared'],
  ] as const)('in the main worktree, with the same file %s: refused, nothing touched', async ([how, name]) => {
    const project = await makeProject()
    const { path } = await project.start('auth')
    await project.write(join(path, name), 'theirs\n')
    await project.git(['add', '--force', name], path)
    await project.git(['commit', '--quiet', '-m', 'work'], path)
    await project.write(name, 'mine\n')
    if (how === 'staged') await project.git(['add', name])
    await project.write(join(path, 'more.txt'), 'more\n')
    const before = await stateOf(project)

    const { status, json } = await project.json(['end', 'auth', '--strategy', 'merge', '--commit', 'the rest'])

    expect(json.error).toMatchObject({
      code: 'BASE_DIRTY',
      details: { branch: 'main', worktree: project.path, paths: [name] },
      choices: [{ flag: '--strategy pr' }, { flag: '--strategy keep' }],
    })
    expect(status).toBe(3)
    expect(await stateOf(project)).toEqual(before)
    expect(await project.read(name)).toBe('mine\n')
  })

  test.for(methods)('in another linked worktree: %s', async (method) => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    await project.git(['switch', '--quiet', '-c', 'other'])
    const elsewhere = join(project.parent, 'elsewhere')
    await project.git(['worktree', 'add', '--quiet', elsewhere, 'main'])
    if (method !== 'ff-only') await commitWork(project, elsewhere, 'meanwhile', { 'meanwhile.txt': 'x\n' })
    await project.write(join(elsewhere, 'draft.txt'), 'draft\n')
    const head = await project.git(['rev-parse', 'HEAD'])

    expect((await project.cli(['end', 'auth', '--strategy', 'merge', '--merge', method])).status).toBe(0)

    expect(existsSync(join(elsewhere, 'auth.txt'))).toBe(true)
    const left = await project.git(['status', '--porcelain'], elsewhere)
    expect(left.split('\n').filter((line) => !line.includes(' docs/'))).toEqual(['?? draft.txt'])
    expect(existsSync(join(project.path, 'auth.txt'))).toBe(false)
    expect(await project.git(['rev-parse', 'HEAD'])).toBe(head)
    expect(await branchesOf(project)).toEqual(['main', 'other'])
  })

  test.for(methods)('checked out nowhere: %s', async (method) => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    if (method !== 'ff-only') await commitWork(project, project.path, 'meanwhile', { 'meanwhile.txt': 'x\n' })
    await project.git(['switch', '--quiet', '-c', 'other', 'HEAD'])
    await project.write('README.md', 'half done\n')
    const before = await project.git(['status', '--porcelain=v2', '--branch'])

    expect((await project.cli(['end', 'auth', '--strategy', 'merge', '--merge', method])).status).toBe(0)

    expect(await project.git(['status', '--porcelain=v2', '--branch'])).toBe(before)
    expect(await filesOf(project, 'main')).toContain('auth.txt')
    expect(await project.git(['reflog', 'show', '-1', '--format=%gs', 'main'])).toBe('flightrules end auth')
    expect(await branchesOf(project)).toEqual(['main', 'other'])
  })

  test('another session: a session started from a session goes back there', async () => {
    const project = await makeProject()
    const parent = await startWithWork(project, 'parent')
    await startWithWork(project, 'child', undefined, '--base', 'session/parent')
    const { json } = await project.json(['end', 'child', '--strategy', 'merge'])
    expect(json.data).toMatchObject({ integrated: { into: 'session/parent' }, worktreeRemoved: true, branchDeleted: true })
    expect(existsSync(join(parent, 'child.txt'))).toBe(true)
    expect(await filesOf(project, 'main')).not.toContain('child.txt')
  })
})

test.concurrent('a session on a detached HEAD is merged too', async () => {
  const project = await makeProject()
  const session = await startWithWork(project, 'auth')
  await project.git(['switch', '--quiet', '--detach'], session)
  await commitWork(project, session, 'detached work', { 'detached.txt': 'x\n' })
  const { status, json } = await project.json(['end', 'auth', '--strategy', 'merge'])
  expect(json.data).toMatchObject({ worktreeRemoved: true, branchDeleted: false })
  expect(status).toBe(0)
  expect(await filesOf(project, 'main')).toEqual(expect.arrayContaining(['auth.txt', 'detached.txt']))
  // the branch was left behind before; it is not the session's to delete any more
  expect(await branchesOf(project)).toEqual(['main', 'session/auth'])
})
