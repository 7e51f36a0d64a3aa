import { mkdir, rename, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { readRadar } from '../../../src/sessions/radar/read-radar.ts'
import { readSessions } from '../../../src/sessions/read-status.ts'
import { syncSession } from '../../../src/sessions/sync/sync-session.ts'
import { type Engine, makeEngine } from '../sessions/engine.ts'

const lines = Array.from({ length: 20 }, (_line, index) => `line ${index}\n`).join('')

let engine: Engine

beforeEach(async () => {
  engine = await makeEngine({ files: { 'shared.txt': lines, 'other.txt': lines, 'dir/file.txt': lines, 'dir/b.txt': 'b\n' } })
  await engine.start('one')
  await engine.start('two')
})

async function write(id: string, path: string, content: string): Promise<void> {
  const file = join(engine.sessionsDir, id, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, content)
}

async function look(only?: string) {
  const { context, set } = await engine.open()
  const { pairs, findings } = await readRadar(context, { sessions: set.registered, ...(only === undefined ? {} : { only }) })
  return { pairs: pairs.filter(({ overlap, conflict }) => overlap.length + conflict.length > 0), findings }
}

it('two-fresh-sessions: nothing to say of three pairs', async () => {
  const { context, set } = await engine.open()
  const { pairs } = await readRadar(context, { sessions: set.registered })
  expect(pairs).toEqual([
    { a: 'one', b: 'two', overlap: [], conflict: [] },
    { a: 'one', b: 'base:main', overlap: [], conflict: [] },
    { a: 'two', b: 'base:main', overlap: [], conflict: [] },
  ])
})

it('same-line-uncommitted: edits nobody has committed conflict, and the answer is remembered', async () => {
  await write('one', 'shared.txt', 'one\n')
  await write('two', 'shared.txt', 'two\n')
  const expected = [{ a: 'one', b: 'two', overlap: ['shared.txt'], conflict: [{ path: 'shared.txt', kind: 'content' }] }]
  expect((await look()).pairs).toEqual(expected)
  expect((await look()).pairs).toEqual(expected)
  await write('two', 'shared.txt', 'one\n')
  expect((await look()).pairs).toEqual([{ ...expected[0], conflict: [] }])
})

it('untracked-in-both: two new files of one name', async () => {
  await write('one', 'new/file', 'one\n')
  await write('two', 'new/file', 'two\n')
  expect((await look()).pairs).toEqual([
    { a: 'one', b: 'two', overlap: ['new/file'], conflict: [{ path: 'new/file', kind: 'add/add' }] },
  ])
})

it('file-against-folder: an untracked file where the other has a folder', async () => {
  await write('one', 'thing', 'one\n')
  await write('two', 'thing/inside', 'two\n')
  expect((await look()).pairs).toEqual([
    { a: 'one', b: 'two', overlap: ['thing'], conflict: [{ path: 'thing', kind: 'file/directory' }] },
  ])
})

it('renamed-and-edited: a move that is not committed is followed', async () => {
  const one = join(engine.sessionsDir, 'one')
  await rename(join(one, 'other.txt'), join(one, 'moved.txt'))
  await write('one', 'moved.txt', lines.replace('line 3', 'one'))
  await write('two', 'other.txt', lines.replace('line 3', 'two'))
  const { pairs } = await look()
  expect(pairs).toEqual([{ a: 'one', b: 'two', overlap: ['other.txt'], conflict: [{ path: 'moved.txt', kind: 'content' }] }])
})

it('file-added-to-moved-folder: no path is shared, and yet git would ask', async () => {
  const one = join(engine.sessionsDir, 'one')
  await rename(join(one, 'dir'), join(one, 'place'))
  await write('two', 'dir/new.txt', 'new\n')
  const { pairs } = await look()
  expect(pairs).toMatchObject([{ a: 'one', b: 'two', overlap: [], conflict: [{ kind: 'rename' }] }])
})

it('deleted-and-edited: against the base', async () => {
  await rm(join(engine.sessionsDir, 'one', 'shared.txt'))
  await engine.commit('base moved', { 'shared.txt': 'base\n' })
  const { pairs } = await look('one')
  expect(pairs).toEqual([
    { a: 'one', b: 'base:main', overlap: ['shared.txt'], conflict: [{ path: 'shared.txt', kind: 'modify/delete' }] },
  ])
})

it('racy-edit: one of the same size in the second of the last index write is seen', async () => {
  await write('one', 'shared.txt', 'aaa\n')
  await engine.git(['-C', join(engine.sessionsDir, 'one'), 'commit', '-qam', 'a'])
  const file = join(engine.sessionsDir, 'one', 'shared.txt')
  const now = new Date()
  await writeFile(file, 'bbb\n')
  await utimes(file, now, now)
  await write('two', 'shared.txt', 'bbb\n')
  expect((await look()).pairs).toEqual([{ a: 'one', b: 'two', overlap: ['shared.txt'], conflict: [] }])
})

it('one-began-later: what it only has from its base is no matter between it and another', async () => {
  await write('one', 'shared.txt', 'one\n')
  await engine.commit('base moved', { 'shared.txt': 'base\n', 'other.txt': lines.replace('line 3', 'base') })
  await engine.start('late')
  await write('late', 'other.txt', lines.replace('line 9', 'late'))
  await write('two', 'other.txt', lines.replace('line 15', 'two'))
  const base = { a: 'one', b: 'base:main', overlap: ['shared.txt'], conflict: [{ path: 'shared.txt', kind: 'content' }] }
  const { pairs } = await look()
  expect(pairs).toHaveLength(3)
  expect(pairs).toContainEqual(base)
  expect(pairs).toContainEqual({ a: 'late', b: 'two', overlap: ['other.txt'], conflict: [] })
  expect(pairs).toContainEqual({ a: 'two', b: 'base:main', overlap: ['other.txt'], conflict: [] })
  // once it is changed there too, it is
  await write('late', 'shared.txt', 'late\n')
  const again = (await look()).pairs.find(({ a, b }) => a === 'late' && b === 'one')
  expect(again).toEqual({ a: 'late', b: 'one', overlap: ['shared.txt'], conflict: [{ path: 'shared.txt', kind: 'content' }] })
})

it('base-behind-what-it-follows: radar, status and sync are about one commit, the one a sync would bring it onto', async () => {
  const theirs = await engine.commit('theirs', { 'shared.txt': lines.replace('line 3', 'theirs') })
  await engine.git(['reset', '--quiet', '--hard', 'HEAD^'])
  await engine.git(['config', 'remote.origin.url', 'nowhere'])
  await engine.git(['update-ref', 'refs/remotes/origin/main', theirs])
  await write('two', 'shared.txt', 'two\n')
  const compare = async () => {
    const { context, set } = await engine.open()
    const { report } = await readSessions(context, set)
    const sync = { method: null, leaveConflicts: false, dropped: 'ask' } as const
    const { result } = await syncSession(context, await engine.session('two'), sync)
    const told = report.sessions.find(({ id }) => id === 'two')
    return { pairs: (await look()).pairs, behind: told?.behind, conflicts: told?.conflicts, sync: result }
  }
  expect(await compare()).toMatchObject({
    pairs: [{ a: 'two', b: 'base:main', overlap: ['shared.txt'], conflict: [{ path: 'shared.txt', kind: 'content' }] }],
    behind: 1,
    conflicts: [{ with: 'base:main', paths: ['shared.txt'] }],
    sync: { outcome: 'conflict', paths: ['shared.txt'] },
  })
  await engine.commit('ours', { 'other.txt': 'ours\n' })
  expect(await compare()).toMatchObject({ pairs: [], behind: 1, conflicts: [], sync: { outcome: 'synced' } })
})

it('base-behind-its-upstream: sessions are compared with what they would be synced with, and what came from there is nobody’s own', async () => {
  const { git } = (await engine.open()).context
  const change = async (id: string, line: number): Promise<void> =>
    write(id, 'shared.txt', lines.replace(`line ${line}\n`, `${id}\n`))
  await change('one', 3)
  await git.run(['commit', '--quiet', '--all', '--message', 'Upstream'], { cwd: join(engine.sessionsDir, 'one') })
  await git.run(['update-ref', 'refs/remotes/origin/main', 'session/one'])
  await git.run(['config', 'remote.origin.url', engine.commonDir])
  await git.run(['config', 'remote.origin.fetch', '+refs/heads/*:refs/remotes/origin/*'])
  await git.run(['config', 'branch.main.remote', 'origin'])
  await git.run(['config', 'branch.main.merge', 'refs/heads/main'])
  // another session on top of what main here does not have yet, and one that is not
  await git.run(['reset', '--quiet', '--keep', 'session/one'], { cwd: join(engine.sessionsDir, 'two') })
  await write('two', 'other.txt', 'two\n')
  await engine.start('three')
  await write('three', 'shared.txt', lines.replace('line 3\n', 'three\n'))
  expect((await look()).pairs).toEqual([
    { a: 'three', b: 'base:main', overlap: ['shared.txt'], conflict: [{ path: 'shared.txt', kind: 'content' }] },
  ])
})

it('base-deleted-what-one-moved: whoever began later is not told of a conflict under a name it never heard of', async () => {
  const one = join(engine.sessionsDir, 'one')
  await rename(join(one, 'other.txt'), join(one, 'moved.txt'))
  await write('one', 'shared.txt', lines.replace('line 3', 'one'))
  const { context } = await engine.open()
  await context.git.run(['rm', '--quiet', 'other.txt'], { cwd: context.main })
  await context.git.run(['commit', '--quiet', '--message', 'Not needed'], { cwd: context.main })
  await engine.start('late')
  await write('late', 'shared.txt', lines.replace('line 15', 'late'))
  const { pairs } = await look()
  expect(pairs).toContainEqual({ a: 'late', b: 'one', overlap: ['shared.txt'], conflict: [] })
  const base = pairs.find(({ b }) => b === 'base:main')
  expect(base).toMatchObject({ a: 'one', conflict: [{ path: 'moved.txt', kind: 'rename' }] })
})

it('base-gone: a session is told of what it changed itself, not of what it started with', async () => {
  await engine.commit('base moved', { 'shared.txt': lines.replace('line 3', 'base'), 'other.txt': lines })
  await engine.git(['branch', 'release'])
  await engine.start('late', { base: 'release' })
  await engine.git(['branch', '--quiet', '-D', 'release'])
  await write('one', 'shared.txt', lines.replace('line 3', 'one'))
  const between = async () => (await look()).pairs.find(({ a, b }) => a === 'late' && b === 'one')
  expect(await between()).toBeUndefined()
  await write('late', 'shared.txt', lines.replace('line 3', 'late'))
  expect(await between()).toMatchObject({ overlap: ['shared.txt'], conflict: [{ path: 'shared.txt', kind: 'content' }] })
})
