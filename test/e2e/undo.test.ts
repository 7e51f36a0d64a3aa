import { readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeForgeProject } from '../support/recording-forge.ts'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { runJson } from '../support/run-cli.ts'
import { branchesOf, commitWork, historyOf, startWithWork, stateOf } from '../support/session-work.ts'

const undo = (project: TestProject, ...args: string[]) => project.json(['undo', ...args])

async function ids(project: TestProject): Promise<string[]> {
  return (await project.status()).sessions.map(({ id }) => id).toSorted()
}

describe.concurrent('undo of a start', () => {
  test('takes the session away, with its branch', async () => {
    const project = await makeProject()
    await project.start('auth')
    const { status, json } = await undo(project)
    expect(json).toMatchObject({ ok: true, data: { undone: { event: 'started', ids: ['auth'] } } })
    expect(status).toBe(0)
    expect(await ids(project)).toEqual([])
    expect(await branchesOf(project)).toEqual(['main'])
    expect((await historyOf(project, 'auth')).map(({ event }) => event)).toEqual(['started', 'ended', 'undone'])
  })

  test.for(['a commit', 'a file'])('is refused once it has %s, and names what helps', async (what) => {
    const project = await makeProject()
    const { path } = await project.start('auth')
    if (what === 'a commit') await commitWork(project, path, 'work', { 'auth.txt': 'x' })
    else await project.write(join(path, 'draft.txt'), 'draft')
    const before = await stateOf(project)
    const { status, json } = await undo(project)
    expect([status, json.error.code]).toEqual([3, 'NOT_UNDOABLE'])
    expect(json.error.hint).toContain('flightrules end auth --strategy abandon')
    expect(await stateOf(project)).toEqual(before)
  })

  test('in the main worktree drops the entry and leaves the files', async () => {
    const project = await makeProject()
    await project.start('here', '--standard')
    await project.write('mine.txt', 'mine')
    expect((await undo(project)).status).toBe(0)
    expect(await ids(project)).toEqual([])
    expect(await project.read('mine.txt')).toBe('mine')
  })
})

describe.concurrent('undo of a merge', () => {
  test.for(['merge', 'squash', 'rebase', 'ff-only'])('by %s: base, files and session are as before', async (method) => {
    const project = await makeProject()
    const path = await startWithWork(project, 'auth')
    await project.write('README.md', '# mine\n')
    const before = await project.git(['rev-parse', 'main'])
    await project.cli(['end', 'auth', '--strategy', 'merge', '--merge', method])
    expect(await project.git(['rev-parse', 'main'])).not.toBe(before)
    const { json } = await undo(project)
    expect(json).toMatchObject({ ok: true, data: { paths: [path] } })
    expect(await project.git(['rev-parse', 'main'])).toBe(before)
    expect(await project.git(['status', '--porcelain'])).toBe(' M README.md')
    expect(await readFile(join(path, 'auth.txt'), 'utf8')).toBe('auth\n')
    expect(await branchesOf(project)).toEqual(['main', 'session/auth'])
    // and once more, from where it is
    expect((await project.cli(['end', 'auth', '--strategy', 'merge', '--merge', method])).status).toBe(0)
    expect(await project.read('auth.txt')).toBe('auth\n')
  })

  test('nobody has checked out moves the branch alone', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    await project.git(['switch', '--quiet', '-c', 'elsewhere'])
    const before = await project.git(['rev-parse', 'main'])
    await project.cli(['end', 'auth', '--strategy', 'merge'])
    expect((await undo(project)).status).toBe(0)
    expect(await project.git(['rev-parse', 'main'])).toBe(before)
    expect(await ids(project)).toEqual(['auth'])
  })

  test('is refused once somebody has built on it', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    await project.cli(['end', 'auth', '--strategy', 'merge'])
    await project.commit('on top', { 'top.txt': 'top' })
    const before = await stateOf(project)
    const { status, json } = await undo(project)
    expect([status, json.error.code]).toEqual([3, 'BASE_MOVED'])
    expect(await stateOf(project)).toEqual(before)
  })

  test('is refused where a file of the merge has changes, which stay', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    await project.cli(['end', 'auth', '--strategy', 'merge'])
    await project.write('auth.txt', 'mine\n')
    const { status, json } = await undo(project)
    expect([status, json.error.code]).toEqual([3, 'BASE_DIRTY'])
    expect(json.error.choices).toEqual([])
    expect(await project.read('auth.txt')).toBe('mine\n')
  })

  test('is refused once it is on the remote', async () => {
    const project = await makeProject({ remote: true })
    await startWithWork(project, 'auth')
    await project.cli(['end', 'auth', '--strategy', 'merge'])
    await project.git(['push', '--quiet', '--no-verify'])
    const { status, json } = await undo(project)
    expect([status, json.error.code]).toEqual([3, 'NOT_UNDOABLE'])
    expect(json.error.hint).toContain('git revert')
  })
})

describe.concurrent('undo of', () => {
  test('an abandon brings everything back, and undoing once more goes on with what was before', async () => {
    const project = await makeProject()
    const path = await startWithWork(project, 'auth')
    await project.write(join(path, 'draft.txt'), 'draft')
    await project.cli(['end', 'auth', '--strategy', 'abandon'])
    expect((await undo(project)).json).toMatchObject({ data: { paths: [path] } })
    expect(await readFile(join(path, 'draft.txt'), 'utf8')).toBe('draft')
    expect((await undo(project)).json.error).toMatchObject({ code: 'NOT_UNDOABLE', message: expect.stringContaining('has work') })
  })

  test('a keep makes it active again, and says what stays on the remote', async () => {
    const project = await makeProject({ remote: true })
    await startWithWork(project, 'auth')
    await project.cli(['end', 'auth', '--strategy', 'keep'])
    const { json } = await undo(project)
    expect(json.findings).toMatchObject([{ code: 'REMOTE_STAYS' }])
    expect((await project.status()).sessions).toMatchObject([{ id: 'auth', status: 'active' }])
  })

  test('a restore puts it away again', async () => {
    const project = await makeProject()
    const path = await startWithWork(project, 'auth')
    await project.write(join(path, 'draft.txt'), 'draft')
    await project.cli(['end', 'auth', '--strategy', 'abandon'])
    await project.cli(['restore', 'auth'])
    expect((await undo(project)).status).toBe(0)
    expect(await ids(project)).toEqual([])
    await project.cli(['restore', 'auth'])
    expect(await readFile(join(path, 'draft.txt'), 'utf8')).toBe('draft')
  })

  test('a request lists what is on the remote and changes nothing', async () => {
    const project = await makeForgeProject('gh')
    await startWithWork(project, 'auth')
    await project.cli(['end', 'auth', '--strategy', 'pr'])
    const before = await stateOf(project)
    const { status, json } = await undo(project)
    expect([status, json.error.code]).toEqual([3, 'NOT_UNDOABLE'])
    expect(json.error.message).toContain('https://github.com/o/r/pull/7')
    expect(await stateOf(project)).toEqual(before)
    expect(await project.calls()).not.toContainEqual(
      expect.objectContaining({ argv: expect.arrayContaining(['close']) as string[] }),
    )
  })

  test('a sync moves the branch back while nobody has worked on it', async () => {
    const project = await makeProject()
    const path = await startWithWork(project, 'auth')
    const tip = await project.git(['rev-parse', 'HEAD'], path)
    await project.commit('meanwhile', { 'other.txt': 'other' })
    await rm(join(path, 'docs'), { recursive: true })
    await project.cli(['end', 'auth', '--strategy', 'keep', '--sync', 'rebase'])
    expect(await project.git(['rev-parse', 'HEAD~0'], path)).not.toBe(tip)
    const synced = (await historyOf(project, 'auth')).find(({ event }) => event === 'synced')
    const { status, json } = await undo(project, String(synced?.['op']))
    expect([status, json.ok]).toEqual([0, true])
    expect(await project.git(['rev-parse', 'HEAD'], path)).toBe(tip)
    expect(await project.git(['status', '--porcelain'], path)).toBe('')
  })

  test('a cleanup brings everything of it back at once', async () => {
    const project = await makeProject()
    const paths = [await startWithWork(project, 'one'), await startWithWork(project, 'two')]
    for (const id of ['one', 'two'])
      await project.git(['-c', 'core.hooksPath=/dev/null', 'merge', '--quiet', '--no-ff', '--no-edit', `session/${id}`])
    await project.cli(['cleanup', '--merged', '--yes'])
    expect(await ids(project)).toEqual([])
    expect((await undo(project)).json).toMatchObject({ ok: true, data: { undone: { ids: ['one', 'two'] } } })
    for (const [index, path] of paths.entries())
      expect(await readFile(join(path, `${['one', 'two'][index] ?? ''}.txt`), 'utf8')).not.toBe('')
  })

  test('nothing says so', async () => {
    const project = await makeProject()
    const { status, json } = await undo(project)
    expect([status, json.error.code]).toEqual([3, 'NOTHING_TO_UNDO'])
    expect((await undo(project, 'abcd')).json.error.code).toBe('OPERATION_NOT_FOUND')
  })

  test('anything with --dry-run shows the steps and changes nothing', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    await project.cli(['end', 'auth', '--strategy', 'merge'])
    const before = await stateOf(project)
    const { json } = await undo(project, '--dry-run')
    const { plan } = json.data as unknown as { plan: { steps: { kind: string }[] } }
    expect(plan.steps.map(({ kind }) => kind)).toEqual(['move-branch-back', 'restore-session', 'write-history'])
    expect(await stateOf(project)).toEqual(before)
  })
})

describe.concurrent('an undo that is killed', () => {
  test.for([
    ['before:move-branch-back', 'stands'],
    ['before-git:read-tree', 'stands'],
    ['after-git:read-tree', 'stands'],
    ['after:move-branch-back', 'is undone'],
    ['before:restore-session', 'is undone'],
    ['rename:from-trash', 'is undone'],
    ['after:restore-session', 'is undone'],
    ['before:write-history#2', 'is undone'],
  ] as const)('at %s: the merge %s', async ([point, outcome]) => {
    const project = await makeProject()
    const path = await startWithWork(project, 'auth')
    await project.write(join(path, 'ignored.env'), 'x')
    const before = await project.git(['rev-parse', 'main'])
    await project.cli(['end', 'auth', '--strategy', 'merge', '--commit', 'rest'])
    const merged = await project.git(['rev-parse', 'main'])
    const env = { ...project.env, FLIGHTRULES_FAILPOINT: `${point}=kill` }
    await runJson(['undo'], { cwd: project.path, env }).catch(() => {})
    await project.status()
    expect(await project.git(['status', '--porcelain'])).toBe('')
    expect(await project.git(['rev-parse', 'main'])).toBe(outcome === 'stands' ? merged : before)
    expect(await ids(project)).toEqual(outcome === 'stands' ? [] : ['auth'])
    if (outcome === 'is undone') expect(await readFile(join(path, 'auth.txt'), 'utf8')).toBe('auth\n')
    if (outcome === 'is undone') expect((await undo(project)).json.error.message).toContain('has work')
    else expect((await undo(project)).status).toBe(0)
  })

  test.for([
    ['before:move-session', 'stands'],
    ['after:move-session', 'is undone'],
    ['before:note-sync', 'is undone'],
  ] as const)('at %s: the sync %s, with what is not committed', async ([point, outcome]) => {
    const project = await makeProject()
    const path = await startWithWork(project, 'auth')
    const tip = await project.git(['rev-parse', 'HEAD'], path)
    await project.write(join(path, 'auth.txt'), 'more\n')
    await project.commit('meanwhile', { 'other.txt': 'other' })
    await project.cli(['sync', 'auth'])
    const synced = await project.git(['rev-parse', 'HEAD'], path)
    const dirty = await project.git(['status', '--porcelain'], path)
    const env = { ...project.env, FLIGHTRULES_FAILPOINT: `${point}=kill` }
    await runJson(['undo'], { cwd: project.path, env }).catch(() => {})
    await project.status()
    expect(await project.git(['rev-parse', 'HEAD'], path)).toBe(outcome === 'stands' ? synced : tip)
    expect(await project.git(['status', '--porcelain'], path)).toBe(dirty)
    expect(await readFile(join(path, 'auth.txt'), 'utf8')).toBe('more\n')
    expect((await historyOf(project, 'auth')).filter(({ event }) => event === 'undone')).toHaveLength(
      outcome === 'stands' ? 0 : 1,
    )
    expect(await project.git(['for-each-ref', 'refs/flightrules/sync'])).toBe('')
  })
})

test('history is newest first, of one session on request, as data and as a table', async () => {
  const project = await makeProject()
  await startWithWork(project, 'auth')
  await project.start('other')
  await project.cli(['end', 'auth', '--strategy', 'merge'])
  const items = async (...args: string[]) =>
    (
      (await project.json(['history', ...args])).json.data['items'] as unknown as {
        event: string
        id: string
        undoable: boolean
      }[]
    ).map(({ event, id }) => `${event} ${id}`)
  expect(await items()).toEqual(['ended auth', 'started other', 'started auth'])
  expect(await items('auth')).toEqual(['ended auth', 'started auth'])
  expect(await items('--limit', '1')).toEqual(['ended auth'])
  const { stdout } = await project.cli(['history'])
  expect(stdout).toMatch(/^When +What +Session +Detail +Operation\n/)
  expect(stdout).toMatch(/ended +auth +merged into main \([0-9a-f]{12}\) +[0-9a-f]{8}\n/)
  expect((await project.cli(['history', 'nobody'])).stdout).toBe('Nothing has happened yet.\n')
})
