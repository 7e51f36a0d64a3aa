import { mkdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import * as z from 'zod'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { packedPackage } from '../support/packed-package.ts'
import { fingerprint } from '../support/fingerprint.ts'

const lines = Array.from({ length: 20 }, (_line, index) => `line ${index}\n`).join('')

/** The answer, once it was held against the published schema. */
async function ask(project: TestProject, args: readonly string[], cwd?: string) {
  const { status, json } = await project.json(['radar', ...args], cwd)
  const published = await readFile(join(packedPackage(), 'dist/radar.schema.json'), 'utf8')
  const schema = z.fromJSONSchema(JSON.parse(published) as Parameters<typeof z.fromJSONSchema>[0])
  expect(schema.safeParse(json).error).toBeUndefined()
  return { status, ...json }
}

async function makeBusyProject(): Promise<TestProject> {
  const project = await makeProject({
    files: { 'src/prices.js': lines, 'src/cart.js': lines, 'docs/plan.md': lines, 'b.txt': 'b\n' },
  })
  for (const id of ['login', 'search', 'router', 'idle']) await project.start(id)
  const file = (id: string, path: string): string => join(project.session(id), path)
  await project.commit('login', { 'src/cart.js': lines.replace('line 3', 'login') }, project.session('login'))
  await project.write(file('login', 'src/prices.js'), lines.replace('line 3', 'login'))
  await project.write(file('login', 'docs/plan.md'), lines.replace('line 3', 'login'))
  await project.write(file('search', 'src/prices.js'), lines.replace('line 3', 'search'))
  await project.git(['rm', '-q', 'docs/plan.md'], project.session('search'))
  await project.write(file('router', 'src/cart.js'), lines.replace('line 19', 'router'))
  await project.write(file('router', 'b.txt'), 'router\n')
  await project.commit('base moved', { 'b.txt': 'base\n' })
  return project
}

test.concurrent('who is in whose way, for people and for programs, from anywhere, without a trace', async ({ expect }) => {
  const project = await makeBusyProject()
  const place = { worktree: project.session('login'), gitDir: join(project.path, '.git/worktrees/login'), env: project.env }
  await fingerprint(place)
  const before = await fingerprint(place)
  const { stdout, stderr, status } = await project.cli(['radar'])
  expect({ stderr, status }).toEqual({ stderr: '', status: 0 })
  expect(stdout).toMatchInlineSnapshot(`
    "2 pairs would conflict, 1 pair changes the same files without a conflict (10 pairs compared).

    login and search
      conflict  docs/plan.md   modify/delete  document
      conflict  src/prices.js  content

    router and its base main
      conflict  b.txt  content

    login and router
      both  src/cart.js
    "
  `)
  expect(await fingerprint(place)).toEqual(before)

  const login = { overlap: ['docs/plan.md', 'src/prices.js'], documents: ['docs/plan.md'] }
  const conflict = [
    { path: 'docs/plan.md', kind: 'modify/delete' },
    { path: 'src/prices.js', kind: 'content' },
  ]
  const data = {
    compared: 10,
    pairs: [
      { a: 'login', b: 'search', ...login, conflict },
      { a: 'router', b: 'base:main', overlap: ['b.txt'], documents: [], conflict: [{ path: 'b.txt', kind: 'content' }] },
      { a: 'login', b: 'router', overlap: ['src/cart.js'], documents: [], conflict: [] },
    ],
    merged: [],
  }
  expect(await ask(project, [])).toMatchObject({ status: 0, ok: true, data })
  await mkdir(join(project.session('idle'), 'deep/er'), { recursive: true })
  expect(await ask(project, ['--check'], join(project.session('idle'), 'deep/er'))).toMatchObject({
    status: 4,
    ok: false,
    error: {
      code: 'CONFLICTS',
      details: {
        pairs: [
          { a: 'login', b: 'search' },
          { a: 'router', b: 'base:main' },
        ],
      },
    },
    data,
  })
  const own = await ask(project, ['router', '--check'])
  expect(own).toMatchObject({ status: 4, data: { compared: 4, pairs: data.pairs.slice(1) } })
  expect((await project.cli(['conflicts', 'idle', '--check'])).stdout).toBe(
    'idle changes nothing that another session or its base changes too (4 pairs compared).\n',
  )
  expect(await ask(project, ['nobody'])).toMatchObject({ status: 2, ok: false, error: { code: 'SESSION_NOT_FOUND' } })
})

test.concurrent('who else touches a file, and in which order to merge', async ({ expect }) => {
  const project = await makeBusyProject()
  const order = await project.cli(['radar', '--order'])
  expect(order.stdout).toMatchInlineSnapshot(`
    "The fewest conflict in this order: 1 of 3 merges without one (tried, as they are now):
      1  search: merges, not all of it committed
         then login conflicts with it
      2  login: conflicts with search, not all of it committed
         in docs/plan.md and src/prices.js
      3  router: conflicts with main as it is now, not all of it committed
         in b.txt

    Left out: idle (nothing in there that the base has not).

    Next:
      flightrules end search --commit "<message>"
      flightrules sync login --leave-conflicts    # once those before it are merged
    "
  `)
  expect(await ask(project, ['--order'])).toMatchObject({
    status: 0,
    data: {
      order: ['search', 'login', 'router'],
      orderReasons: [{ id: 'search' }, { id: 'login' }, { id: 'router' }, { id: 'idle' }],
    },
  })
  expect(await ask(project, ['--order', '--file', 'x'])).toMatchObject({ status: 2, error: { code: 'USAGE' } })

  const files = ['--file', 'src/prices.js', '--file', 'docs', '--file', 'new/one.js']
  const people = await project.cli(['radar', ...files])
  expect(people.stdout.replaceAll(/just now|\d+ (?:s|min) ago/g, '<ago>')).toMatchInlineSnapshot(`
    "src/prices.js
      login   conflict  not committed  <ago>
      search  conflict  not committed  <ago>

    docs (document)
      login   conflict  not committed  <ago>  docs/plan.md
      search  conflict  not committed            docs/plan.md

    new/one.js
      no session changes it
    "
  `)
  const inSession = await ask(
    project,
    ['--file', 'prices.js', '--file', '../b.txt', '--check'],
    join(project.session('search'), 'src'),
  )
  expect(inSession).toMatchObject({
    status: 4,
    data: {
      files: [
        { path: 'src/prices.js', document: false, touchedBy: [{ id: 'login', committed: false, conflict: true }] },
        {
          path: 'b.txt',
          touchedBy: expect.arrayContaining([expect.objectContaining({ id: 'base:main', conflict: false })]),
        },
      ],
    },
  })
  expect(await ask(project, ['--file', '/'])).toMatchObject({ status: 2, error: { code: 'FILE_OUTSIDE' } })
})

test.concurrent('nothing to compare, what is merged already, and what is gone is said, the rest all the same', async () => {
  const project = await makeProject({ config: { documents: ['**/*.md', '!README.md'] } })
  expect((await project.cli(['radar', '--check'])).stdout).toBe('No sessions, so there is nothing to compare.\n')
  for (const id of ['done', 'gone', 'one']) await project.start(id)
  await project.commit('work', { 'README.md': 'done\n' }, project.session('done'))
  await project.git(['merge', '-q', '--squash', 'session/done'])
  await project.git(['-c', 'core.hooksPath=/dev/null', 'commit', '-qm', 'squashed'])
  await project.write(join(project.session('one'), 'README.md'), 'one\n')
  await project.write(join(project.session('one'), 'spec.md'), 'one\n')
  await project.commit('base moved', { 'spec.md': 'base\n' })
  await rm(project.session('gone'), { recursive: true })
  const answer = await ask(project, ['--check'])
  expect(answer).toMatchObject({
    status: 4,
    data: {
      compared: 3,
      pairs: [{ a: 'one', b: 'base:main', overlap: ['README.md', 'spec.md'], documents: ['spec.md'] }],
      merged: ['done'],
    },
  })
  expect(answer.findings.map(({ code }) => code)).toContain('SESSION_UNREACHABLE')
  // what is not seen is not known to be without a conflict
  await rm(join(project.session('one'), 'spec.md'))
  await project.git(['checkout', '--', 'README.md'], project.session('one'))
  for (const args of [[], ['--order'], ['--file', 'nobody']]) {
    const { status, error } = await ask(project, [...args, '--check'])
    expect([args, status, error?.code, error?.message]).toEqual([
      args,
      1,
      'NOT_COMPARED',
      expect.stringMatching(
        /^nothing conflicts in what was seen, but session gone: its worktree is not at .*; only its commits were compared$/,
      ),
    ])
  }
  expect(await ask(project, [])).toMatchObject({ status: 0 })
})
