import { access, readdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { spawn } from 'node:child_process'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { branchesOf, historyOf, startWithWork, stateOf } from '../support/session-work.ts'

interface Item {
  readonly id: string
  readonly kind: string
  readonly evidence: string
  readonly action: string
  readonly done: boolean
  readonly decides: string | null
  readonly trash: string | null
}

interface Answer {
  readonly status: number
  readonly items: readonly Item[]
  readonly code: string | undefined
  readonly choices: readonly string[]
}

async function cleanup(project: TestProject, ...args: string[]): Promise<Answer> {
  const { status, json } = await project.json(['cleanup', ...args])
  // a refusal has no data
  const { items = [] } = (json.data ?? {}) as unknown as { items?: readonly Item[] }
  const choices = json.error?.choices?.map(({ flag }) => flag) ?? []
  return { status, items, code: json.error?.code, choices }
}

const short = ({ items }: Answer): (string | boolean)[][] => items.map(({ kind, id, done }) => [kind, id, done])

async function mergeByHand(project: TestProject, id: string): Promise<void> {
  const env = { ...project.env, FLIGHTRULES: '0' }
  await withEnvironment(project, env, ['merge', '--quiet', '--no-ff', '-m', `merge ${id}`, `session/${id}`])
}

/** git of a person who has switched our hooks off. */
function withEnvironment(project: TestProject, env: Record<string, string>, args: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    spawn('git', args, { cwd: project.path, env, stdio: 'ignore' }).on('close', (status) =>
      status === 0 ? resolve() : reject(new Error(`${args.join(' ')} ended with ${status}`)),
    )
  })
}

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  )

test.concurrent('where nothing is left over, nothing is done', async () => {
  const project = await makeProject()
  await startWithWork(project, 'a')
  const before = await stateOf(project)
  expect(await cleanup(project)).toMatchObject({ status: 0, items: [] })
  expect((await project.cli(['cleanup'])).stdout).toBe('Nothing is left over.\n')
  expect(await stateOf(project)).toEqual(before)
})

test.concurrent('merged: what is clean goes, what has uncommitted work waits for a decision and then goes into the trash', async () => {
  const project = await makeProject()
  await startWithWork(project, 'a')
  const dirty = await startWithWork(project, 'b')
  await project.write(join(dirty, 'loose.txt'), 'only here\n')
  await mergeByHand(project, 'a')
  await mergeByHand(project, 'b')
  const plan = await project.json(['cleanup', '--dry-run'])
  expect(await isThere(project.session('a'))).toBe(true)
  expect(plan.json.data).toMatchObject({
    plan: {
      command: 'cleanup',
      steps: expect.arrayContaining([expect.objectContaining({ kind: 'move-to-trash', for: 'merged a' })]),
      choices: [{ flag: '--id b' }],
    },
  })
  const first = await cleanup(project)
  expect([first.status, short(first)]).toEqual([
    0,
    [
      ['merged', 'a', true],
      ['merged', 'b', false],
    ],
  ])
  expect(first.items[1]).toMatchObject({ evidence: expect.stringContaining('loose.txt') as string, decides: '--id b' })
  expect(await branchesOf(project)).toEqual(['main', 'session/b'])
  expect(await cleanup(project)).toMatchObject({ status: 3, code: 'CLEANUP_NEEDS_DECISION', choices: ['--id b'] })
  const last = await cleanup(project, '--id', 'b')
  expect([last.status, short(last)]).toEqual([0, [['merged', 'b', true]]])
  const trash = String(last.items[0]?.trash)
  const ref = `refs/flightrules/trash/b/${trash.slice(2)}`
  expect(await project.git(['show', `${ref}:loose.txt`])).toBe('only here')
  expect(await historyOf(project, 'b')).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ event: 'cleaned-up', reason: 'merged into main', batch: expect.any(String) as string }),
    ]),
  )
})

test.concurrent('the dry run names exactly the steps that are then taken', async () => {
  const project = await makeProject()
  await startWithWork(project, 'a')
  await mergeByHand(project, 'a')
  const { plan } = (await project.json(['cleanup', '--dry-run'])).json.data as unknown as {
    plan: { steps: { kind: string }[] }
  }
  const trace = join(project.parent, 'points')
  const traced = { ...project, env: { ...project.env, FLIGHTRULES_FAILPOINT_TRACE: trace } }
  const { runCli } = await import('../support/run-cli.ts')
  expect((await runCli(['cleanup'], { cwd: traced.path, env: traced.env })).status).toBe(0)
  const taken = (await project.read(trace))
    .split('\n')
    .flatMap((point) => (point.startsWith('before:') ? [point.slice(7).replace(/#.*/, '')] : []))
  expect(taken).toEqual(plan.steps.map(({ kind }) => kind))
})

test.concurrent('a session somebody is in stays, and so does the one the command runs in', async () => {
  const project = await makeProject()
  const path = await startWithWork(project, 'a')
  await mergeByHand(project, 'a')
  const sleeper = spawn('sleep', ['60'], { cwd: path, stdio: 'ignore', detached: true })
  try {
    expect(short(await cleanup(project))).toEqual([['merged', 'a', false]])
    expect(await cleanup(project, '--id', 'a')).toMatchObject({ status: 3, code: 'CLEANUP_LEFT' })
  } finally {
    sleeper.kill('SIGKILL')
  }
  const { status, json } = await project.json(['cleanup'], path)
  expect({ status, items: json.data['items'] }).toMatchObject({ status: 3, items: [{ id: 'a', done: false }] })
  expect(await isThere(path)).toBe(true)
})

test.concurrent('folders that are gone: deleted, moved, without their .git, on a disk that is away', async () => {
  const project = await makeProject({ config: { hooks: { postMerge: { cleanup: false } } } })
  for (const id of ['deleted', 'moved', 'torn']) await startWithWork(project, id)
  const tip = await project.git(['rev-parse', 'session/deleted'])
  await rm(project.session('deleted'), { recursive: true })
  await rename(project.session('moved'), project.session('elsewhere'))
  await rm(join(project.session('torn'), '.git'))
  const seen = await cleanup(project)
  expect([seen.status, short(seen)]).toEqual([
    3,
    [
      ['orphaned', 'deleted', false],
      ['orphaned', 'moved', false],
      ['orphaned', 'torn', false],
    ],
  ])
  expect(seen.choices).toEqual(['--id deleted', '--id moved', '--id torn'])
  expect((await cleanup(project, '--id', 'moved', '--id', 'torn')).status).toBe(0)
  const { sessions } = await project.status()
  expect(sessions.map(({ id, path, states }) => [id, path, states])).toEqual([
    ['deleted', project.session('deleted'), ['orphaned']],
    ['moved', project.session('elsewhere'), ['active']],
    ['torn', project.session('torn'), ['active']],
  ])
  const gone = await cleanup(project, '--id', 'deleted')
  expect(gone.status).toBe(0)
  expect(await project.git(['rev-parse', `refs/flightrules/trash/deleted/${String(gone.items[0]?.trash).slice(8)}^`])).toBe(tip)

  await rename(project.session('.'), `${project.session('.')}-unmounted`)
  const before = await stateOf({
    ...project,
    git: (args, cwd) => project.git(args, cwd?.includes('-sessions') === true ? undefined : cwd),
  })
  for (const args of [[], ['--id', 'moved']]) {
    expect(short(await cleanup(project, ...args)).filter(([, id]) => id === 'moved')).toEqual([['orphaned', 'moved', false]])
  }
  expect(
    await stateOf({ ...project, git: (args, cwd) => project.git(args, cwd?.includes('-sessions') === true ? undefined : cwd) }),
  ).toEqual(before)
  expect(await cleanup(project, '--id', 'moved')).toMatchObject({ status: 3, code: 'CLEANUP_LEFT' })
  await rename(`${project.session('.')}-unmounted`, project.session('.'))
  expect((await project.status()).sessions.map(({ id, states }) => [id, states])).toEqual([
    ['moved', ['active']],
    ['torn', ['active']],
  ])
})

test.concurrent('an entry only the manifest has is dropped, and what is known of it kept; a folder that is there is left alone', async () => {
  const project = await makeProject()
  for (const id of ['a', 'b']) await startWithWork(project, id, undefined, '--goal', `goal of ${id}`)
  await project.git(['worktree', 'remove', '--force', '--force', project.session('a')])
  await rm(join(project.path, '.git/worktrees/b'), { recursive: true })
  const first = await cleanup(project)
  expect([first.status, short(first)]).toEqual([
    0,
    [
      ['orphaned', 'a', true],
      ['orphaned', 'b', false],
    ],
  ])
  const item = JSON.parse(await project.read(`.git/flightrules/trash/${String(first.items[0]?.trash)}.json`)) as object
  expect(item).toMatchObject({ id: 'a', state: 'purged', record: { goals: ['goal of a'], branch: 'session/a' } })
  expect(await branchesOf(project)).toContain('session/a')
  expect((await cleanup(project, '--id', 'b')).status).toBe(0)
  expect(await readdir(project.session('b'))).toContain('b.txt')
})

test.concurrent('stale: nothing goes unasked; a duration decides what counts', async () => {
  const project = await makeProject()
  const path = await startWithWork(project, 'a')
  expect(await cleanup(project, '--stale', '1d')).toMatchObject({ status: 0, items: [] })
  const record = join(project.path, '.git/worktrees/a/flightrules.json')
  const stored = JSON.parse(await project.read(record)) as object
  await writeFile(record, JSON.stringify({ ...stored, startedAt: '2020-01-01T00:00:00Z', setup: null }))
  const old = new Date('2020-01-02T00:00:00Z')
  for (const file of ['logs/HEAD', 'HEAD']) await utimes(join(project.path, '.git/worktrees/a', file), old, old)
  const seen = await cleanup(project, '--stale', '52w')
  expect([seen.status, seen.choices]).toEqual([3, ['--id a']])
  expect(seen.items[0]?.evidence).toBe(
    'nothing has happened in it since 2020-01-02T00:00:00Z: 1 commit not in main, no uncommitted files',
  )
  await project.write(join(path, 'new.txt'), 'a sign of life')
  expect((await cleanup(project, '--stale', '52w')).items).toEqual([])
  await rm(join(path, 'new.txt'))
  expect(short(await cleanup(project, '--stale', '52w', '--id', 'a'))).toEqual([['stale', 'a', true]])
  for (const wrong of ['soon', '0d', '-1d', '1y']) {
    expect((await cleanup(project, `--stale=${wrong}`)).code).toBe('BAD_DURATION')
  }
})

test.concurrent('half made: an interrupted start with nothing in it goes, one that holds something or only failed its setup waits', async () => {
  const project = await makeProject()
  for (const id of ['empty', 'used', 'failed']) {
    await project.start(id)
    const record = join(project.path, `.git/worktrees/${id}/flightrules.json`)
    const setup = { status: id === 'failed' ? 'failed' : 'interrupted', at: '2026-01-01T00:00:00Z', log: null }
    await writeFile(record, JSON.stringify({ ...(JSON.parse(await project.read(record)) as object), setup }))
  }
  await project.write(join(project.session('used'), 'note.txt'), 'note')
  const done = await cleanup(project)
  expect([done.status, short(done)]).toEqual([
    0,
    [
      ['half-made', 'empty', true],
      ['half-made', 'failed', false],
      ['half-made', 'used', false],
    ],
  ])
  expect(await branchesOf(project)).toEqual(['main', 'session/failed', 'session/used'])
})

test.concurrent('an operation that was interrupted is settled, and said', async () => {
  const project = await makeProject()
  const { runCli } = await import('../support/run-cli.ts')
  const env = { ...project.env, FLIGHTRULES_FAILPOINT: 'before:write-record=kill' }
  expect((await runCli(['start', 'a'], { cwd: project.path, env })).status).not.toBe(0)
  const plan = await project.json(['cleanup', '--dry-run'])
  expect(plan.json.data).toMatchObject({ plan: { steps: [{ kind: 'recover' }] } })
  const done = await cleanup(project)
  expect([done.status, done.items.map(({ kind, done: isDone }) => [kind, isDone])]).toEqual([0, [['interrupted', true]]])
  expect(await branchesOf(project)).toEqual(['main'])
  expect((await cleanup(project)).items).toEqual([])
})

test.concurrent('undo brings back the sessions of one cleanup together', async () => {
  const project = await makeProject({ config: { sessionLog: false } })
  for (const id of ['a', 'b', 'c']) await startWithWork(project, id)
  await mergeByHand(project, 'a')
  await mergeByHand(project, 'b')
  const tip = await project.git(['rev-parse', 'session/c'])
  await project.git(['worktree', 'remove', '--force', '--force', project.session('c')])
  await project.git(['update-ref', '-m', 'flightrules: start left', 'refs/heads/session/left', 'main', '0'.repeat(40)])
  expect(short(await cleanup(project))).toEqual([
    ['orphaned', 'c', true],
    ['merged', 'a', true],
    ['merged', 'b', true],
    ['branch', 'session/left', true],
  ])
  expect((await project.json(['undo', '--yes'])).status).toBe(0)
  const { sessions } = await project.status()
  expect(sessions.map(({ id, branch }) => [id, branch]).toSorted()).toEqual(['a', 'b', 'c'].map((id) => [id, `session/${id}`]))
  expect(await project.git(['rev-parse', 'HEAD'], project.session('c'))).toBe(tip)
  for (const id of ['a', 'b', 'c']) {
    expect(await project.git(['status', '--porcelain'], project.session(id))).toBe('')
    expect(await project.read(join(project.session(id), `${id}.txt`))).toBe(`${id}\n`)
  }
})

test.concurrent('what is asked for by a name that is not left over is refused, whole', async () => {
  const project = await makeProject()
  await startWithWork(project, 'a')
  expect(await cleanup(project, '--id', 'a')).toMatchObject({ status: 2, code: 'CLEANUP_NOT_FOUND' })
  expect(await cleanup(project, '--id', '../../etc')).toMatchObject({ status: 2, code: 'CLEANUP_NOT_FOUND' })
})
