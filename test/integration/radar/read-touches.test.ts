import { mkdir, rename, rm, symlink, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { locatePaths } from '../../../src/sessions/radar/locate-paths.ts'
import { readRadar } from '../../../src/sessions/radar/read-radar.ts'
import { readTouches } from '../../../src/sessions/radar/read-touches.ts'
import { type Engine, makeEngine } from '../sessions/engine.ts'

const lines = Array.from({ length: 20 }, (_line, index) => `line ${index}\n`).join('')

let engine: Engine

beforeEach(async () => {
  engine = await makeEngine({ files: { 'src/a.txt': lines, 'src/b.txt': lines, 'docs/plan.md': lines } })
  await engine.start('one')
  await engine.start('two')
})

function inSession(id: string, path: string): string {
  return join(engine.sessionsDir, id, path)
}

async function write(id: string, path: string, content: string, seconds?: number): Promise<void> {
  await mkdir(dirname(inSession(id, path)), { recursive: true })
  await writeFile(inSession(id, path), content)
  if (seconds !== undefined) await utimes(inSession(id, path), seconds, seconds)
}

async function commit(id: string, date: string): Promise<void> {
  await engine.git(['add', '-A'], inSession(id, ''))
  await engine.git(['commit', '-q', '-m', date, '--date', date], inSession(id, ''))
}

async function ask(paths: readonly string[], asking?: string) {
  const { context, set } = await engine.open()
  const { registered: sessions } = set
  const report = await readRadar(context, { sessions, ...(asking === undefined ? {} : { only: asking }) })
  return readTouches(context, { sessions, paths, asking }, report)
}

it('committed and not committed: since the first commit that has it, else since the file was written', async () => {
  await write('one', 'src/a.txt', 'one\n')
  await commit('one', '2026-01-02T03:04:05Z')
  await write('one', 'src/a.txt', 'one again\n')
  await commit('one', '2026-02-02T03:04:05Z')
  await write('one', 'src/a.txt', 'and again\n')
  await write('two', 'src/a.txt', 'two\n', Date.parse('2026-01-01T00:00:00Z') / 1000)
  expect(await ask(['src/a.txt', 'src/b.txt'])).toEqual([
    {
      path: 'src/a.txt',
      document: false,
      touchedBy: [
        {
          id: 'two',
          since: '2026-01-01T00:00:00.000Z',
          committed: false,
          uncommitted: true,
          conflict: true,
          paths: ['src/a.txt'],
        },
        {
          id: 'one',
          since: '2026-01-02T03:04:05.000Z',
          committed: true,
          uncommitted: true,
          conflict: true,
          paths: ['src/a.txt'],
        },
      ],
    },
    { path: 'src/b.txt', document: false, touchedBy: [] },
  ])
})

it('deleted and not committed: nobody knows since when', async () => {
  await rm(inSession('one', 'src/a.txt'))
  const [file] = await ask(['src/a.txt'])
  expect(file?.touchedBy).toEqual([
    { id: 'one', since: null, committed: false, uncommitted: true, conflict: false, paths: ['src/a.txt'] },
  ])
})

it('a session that asks is not named itself, and hears of conflicts with itself only, its base’s changes among them', async () => {
  await engine.start('three')
  await write('one', 'src/a.txt', 'one\n')
  await write('two', 'src/a.txt', 'two\n')
  await write('three', 'src/a.txt', lines.replace('line 19', 'three'))
  await write('three', 'src/b.txt', 'three\n')
  await engine.commit('base moved', { 'src/b.txt': 'base\n' })
  const touched = async (path: string, asking?: string) =>
    (await ask([path], asking))[0]?.touchedBy.map(({ id, conflict }) => [id, conflict]).toSorted()
  expect(await touched('src/a.txt', 'three')).toEqual([
    ['one', true],
    ['two', true],
  ])
  expect(await touched('src/b.txt', 'three')).toEqual([['base:main', true]])
  expect(await touched('src/b.txt', 'one')).toEqual([
    ['base:main', false],
    ['three', false],
  ])
  expect(await touched('src/b.txt')).toEqual([['three', true]])
})

it('a folder stands for all in it, and what is still to be made may be asked about', async () => {
  await write('one', 'src/new/deep.txt', 'one\n')
  await write('two', 'docs/plan.md', 'two\n')
  const all = (await ask(['src', '', 'src/new/deep.txt', 'src/n', 'docs'])).map(({ path, document, touchedBy }) => [
    path,
    document,
    touchedBy.map(({ id, paths }) => [id, ...paths]).toSorted(),
  ])
  expect(all).toEqual([
    ['src', false, [['one', 'src/new/deep.txt']]],
    [
      '',
      false,
      [
        ['one', 'src/new/deep.txt'],
        ['two', 'docs/plan.md'],
      ],
    ],
    ['src/new/deep.txt', false, [['one', 'src/new/deep.txt']]],
    ['src/n', false, []],
    ['docs', true, [['two', 'docs/plan.md']]],
  ])
})

it.each(['committed', 'not committed'])('moved, %s: found under either name, and so is the conflict', async (how) => {
  await rename(inSession('one', 'src/a.txt'), inSession('one', 'src/moved.txt'))
  await write('one', 'src/moved.txt', lines.replace('line 3', 'one'))
  if (how === 'committed') await commit('one', '2026-01-02T03:04:05Z')
  await write('two', 'src/a.txt', lines.replace('line 3', 'two'))
  for (const path of ['src/a.txt', 'src/moved.txt']) {
    const [file] = await ask([path])
    expect(file?.touchedBy.map(({ id, conflict, paths }) => ({ id, conflict, paths })).toSorted(byId)).toEqual([
      { id: 'one', conflict: true, paths: ['src/a.txt', 'src/moved.txt'] },
      { id: 'two', conflict: true, paths: ['src/a.txt'] },
    ])
  }
})

function byId(a: { id: string }, b: { id: string }): number {
  return a.id < b.id ? -1 : 1
}

it('a session’s own log is nobody else’s business', async () => {
  engine = await makeEngine({ config: { sessionLog: { dir: 'docs/logs' } } })
  await engine.start('one')
  await engine.start('two')
  await write('two', 'docs/x.md', 'x\n')
  await engine.git(['add', '-A'], inSession('two', ''))
  await engine.git(['commit', '-qm', 'work'], inSession('two', ''))
  const [file] = await ask(['docs'])
  expect(file?.touchedBy.map(({ id, paths }) => [id, paths])).toEqual([['two', ['docs/x.md']]])
})

it('paths are meant as typed: relative, absolute, in any worktree, there or not, a link itself', async () => {
  await symlink('../docs/plan.md', inSession('one', 'src/link'))
  await symlink('src', inSession('one', 'folder'))
  const { context, set } = await engine.open(inSession('one', 'src'))
  const typed = [
    'a.txt',
    '../docs/',
    'not/yet',
    '..',
    'link',
    '../folder/a.txt',
    inSession('two', 'src/b.txt'),
    join(engine.path, 'a b\n-c'),
  ]
  expect(await locatePaths(context, set, typed)).toEqual([
    'src/a.txt',
    'docs',
    'src/not/yet',
    '',
    'src/link',
    'src/a.txt',
    'src/b.txt',
    'a b\n-c',
  ])
  await expect(locatePaths(context, set, ['../..'])).rejects.toMatchObject({ code: 'FILE_OUTSIDE', kind: 'usage' })
  await expect(locatePaths(context, set, ['a', ''])).rejects.toMatchObject({ code: 'FILE_EMPTY', kind: 'usage' })
  await expect(locatePaths(context, set, ['/'])).rejects.toMatchObject({ code: 'FILE_OUTSIDE' })
})
