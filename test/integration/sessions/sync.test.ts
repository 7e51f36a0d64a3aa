import { chmod, lstat, rm, symlink, unlink } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { readSessions } from '../../../src/sessions/read-status.ts'
import type { SyncInput } from '../../../src/sessions/sync/sync-input.ts'
import { change, files, makeSyncWorld, own, type SyncWorld } from './sync-world.ts'

describe('a clean session', () => {
  test('is rebased: its commits are on top of the base, author, date and message as they were', async () => {
    const world = await makeSyncWorld()
    await world.commit({ 'own.txt': 'own\n' }, 'one')
    await world.commit({ 'a.txt': change(1, 'mine') }, 'two\n\nwith a body')
    const before = await world.git('log', '--reverse', '--format=%an %ae %at %B', 'main..HEAD')
    const oid = await world.base({ 'a.txt': change(9, 'theirs'), 'new/deep.txt': 'new\n' })
    const { result, findings } = await world.sync()
    expect(result).toMatchObject({ outcome: 'synced', method: 'rebase', onto: { name: 'main', oid }, paths: [], error: null })
    expect(findings).toEqual([])
    expect(await world.git('rev-parse', 'HEAD')).toBe(result.to)
    expect(await world.git('log', '--reverse', '--format=%an %ae %at %B', 'main..HEAD')).toBe(before)
    expect(await world.git('merge-base', 'main', 'HEAD')).toBe(oid)
    expect(await world.read('a.txt')).toBe(change(1, 'mine').replace('line 9\n', 'theirs\n'))
    expect(await world.git('status', '--porcelain')).toBe('')
    expect(await world.git('symbolic-ref', 'HEAD')).toBe('refs/heads/session/work')
    expect(await world.engine.git(['for-each-ref', 'refs/flightrules'])).toBe('')
  })

  test('without commits follows its base, and is not taken for merged then', async () => {
    const world = await makeSyncWorld()
    const oid = await world.base({ 'a.txt': change(9, 'theirs') })
    expect((await world.sync()).result).toMatchObject({ outcome: 'synced', to: oid })
    await world.base({ 'b.txt': change(9, 'theirs') })
    const { context, set } = await world.engine.open()
    expect((await readSessions(context, set)).report.sessions[0]?.states).toEqual(['active'])
  })

  test('is merged with --method merge', async () => {
    const world = await makeSyncWorld()
    const head = await world.commit({ 'own.txt': 'own\n' })
    const oid = await world.base({ 'a.txt': change(9, 'theirs') })
    expect((await world.sync({ method: 'merge' })).result).toMatchObject({ outcome: 'synced', method: 'merge', from: head })
    expect(await world.git('log', '-1', '--format=%P')).toBe(`${head} ${oid}`)
    expect(await world.git('log', '-1', '--format=%s')).toBe('Merge main into session/work')
    expect(await world.read('own.txt')).toBe('own\n')
  })

  test('that has everything already is left exactly as it is', async () => {
    const world = await makeSyncWorld()
    await world.commit({ 'own.txt': 'own\n' })
    await world.write('note.txt', 'note\n')
    const before = await world.fingerprint()
    const { result } = await world.sync()
    expect(result).toMatchObject({ outcome: 'up-to-date', paths: [], from: result.to })
    expect(await world.fingerprint()).toEqual(before)
  })

  test('loses the commits its base has by now, as a rebase by git would drop them', async () => {
    const world = await makeSyncWorld()
    await world.commit({ 'own.txt': 'own\n' }, 'kept')
    const picked = await world.commit({ 'a.txt': change(1, 'mine') }, 'picked')
    await world.engine.git(['cherry-pick', picked])
    await world.base({ 'a.txt': change(1, 'mine, and changed again') })
    expect((await world.sync()).result.outcome).toBe('synced')
    expect(await own(world)).toEqual(['kept'])
    expect(await world.read('a.txt')).toBe(change(1, 'mine, and changed again'))
  })
})

describe('what is not committed stays what it is', () => {
  test('staged, unstaged, untracked, intent to add, deleted, modes, links, ignored; in files the base changes and in others', async () => {
    const world = await makeSyncWorld()
    await world.commit({ 'own.txt': 'own\n' })
    await world.write('a.txt', change(1, 'staged'))
    await world.git('add', 'a.txt')
    await world.write('a.txt', change(1, 'staged').replace('line 2\n', 'unstaged\n'))
    await world.write('b.txt', change(10, 'only unstaged'))
    await world.write('added.txt', 'added\n')
    await world.git('add', 'added.txt')
    await world.write('meant.txt', 'meant\n')
    await world.git('add', '--intent-to-add', 'meant.txt')
    await world.write('note.txt', 'note\n')
    await world.write('private.ignored', 'private\n')
    await unlink(join(world.path, 'gone.txt'))
    await chmod(join(world.path, 'run.sh'), 0o755)
    await symlink('a.txt', join(world.path, 'link'))
    const status = await world.git('status', '--porcelain=v1', '--ignored', '--untracked-files=all')
    await world.base({
      'a.txt': change(9, 'theirs'),
      'b.txt': change(1, 'theirs'),
      'c.txt': change(5, 'theirs'),
      'new.txt': 'new\n',
    })
    expect((await world.sync()).result).toMatchObject({ outcome: 'synced' })
    expect(await world.git('status', '--porcelain=v1', '--ignored', '--untracked-files=all')).toBe(status)
    const theirs = (text: string): string => text.replace('line 9\n', 'theirs\n')
    expect(await world.git('show', ':a.txt')).toBe(theirs(change(1, 'staged')).trimEnd())
    expect(await world.read('a.txt')).toBe(theirs(change(1, 'staged').replace('line 2\n', 'unstaged\n')))
    expect(await world.read('b.txt')).toBe(change(10, 'only unstaged').replace('line 1\n', 'theirs\n'))
    expect(await world.git('show', ':b.txt')).toBe(change(1, 'theirs').trimEnd())
    expect(await world.read('private.ignored')).toBe('private\n')
    expect((await lstat(join(world.path, 'link'))).isSymbolicLink()).toBe(true)
    expect(await world.read('new.txt')).toBe('new\n')
    expect(await world.engine.git(['for-each-ref', 'refs/flightrules', 'refs/stash'])).toBe('')
  })

  test('a file the base does not touch is not written at all', async () => {
    const world = await makeSyncWorld()
    await world.write('b.txt', change(10, 'mine'))
    const before = await lstat(join(world.path, 'b.txt'), { bigint: true })
    await world.base({ 'a.txt': change(9, 'theirs') })
    await world.sync()
    expect((await lstat(join(world.path, 'b.txt'), { bigint: true })).ctimeNs).toBe(before.ctimeNs)
  })

  test('with a merge too', async () => {
    const world = await makeSyncWorld()
    await world.commit({ 'own.txt': 'own\n' })
    await world.write('a.txt', change(1, 'mine'))
    await world.write('note.txt', 'note\n')
    await world.base({ 'a.txt': change(9, 'theirs') })
    expect((await world.sync({ method: 'merge' })).result.outcome).toBe('synced')
    expect(await world.git('status', '--porcelain')).toBe(' M a.txt\n?? note.txt')
    expect(await world.read('a.txt')).toBe(change(1, 'mine').replace('line 9\n', 'theirs\n'))
  })

  test('in a split index, and outside of a sparse checkout', async () => {
    const world = await makeSyncWorld({ files: { ...files, 'in/x.txt': 'x\n', 'out/y.txt': 'y\n' } })
    await world.git('sparse-checkout', 'set', 'in')
    await world.git('update-index', '--split-index')
    await world.write('in/x.txt', 'mine\n')
    await world.base({ 'a.txt': change(9, 'theirs'), 'out/y.txt': 'theirs\n', 'out/z.txt': 'new\n' })
    expect((await world.sync()).result.outcome).toBe('synced')
    expect(await world.git('status', '--porcelain')).toBe(' M in/x.txt')
    await expect(lstat(join(world.path, 'out/y.txt'))).rejects.toThrow('ENOENT')
    expect(await world.git('ls-files', '-t', 'out')).toBe('S out/y.txt\nS out/z.txt')
    await expect(lstat(join(world.path, 'out/z.txt'))).rejects.toThrow('ENOENT')
  })
})

test('untracked files in nobody’s way are not even read, nor are repositories inside', async () => {
  const world = await makeSyncWorld()
  await world.git('init', '--quiet', 'inner')
  await world.write('note.txt', 'note\n')
  await chmod(join(world.path, 'note.txt'), 0o000)
  await world.base({ 'a.txt': change(9, 'theirs') })
  expect((await world.sync()).result.outcome).toBe('synced')
  expect(await world.git('status', '--porcelain')).toBe('?? inner/\n?? note.txt')
})

describe('a conflict names the files and leaves everything as it was', () => {
  const cases: [string, (world: SyncWorld) => Promise<unknown>, Partial<SyncInput>, string, string[]][] = [
    ['of commits, by rebase', (world) => world.commit({ 'a.txt': change(1, 'mine') }), {}, 'MERGE_CONFLICTS', ['a.txt']],
    [
      'of commits, by merge',
      (world) => world.commit({ 'a.txt': change(1, 'mine') }),
      { method: 'merge' },
      'MERGE_CONFLICTS',
      ['a.txt'],
    ],
    ['of an unstaged change', (world) => world.write('a.txt', change(1, 'mine')), {}, 'UNCOMMITTED_CONFLICTS', ['a.txt']],
    [
      'of a staged change that is not in the file any more',
      async (world) => {
        await world.write('a.txt', change(1, 'mine'))
        await world.git('add', 'a.txt')
        await world.write('a.txt', files['a.txt'])
      },
      {},
      'UNCOMMITTED_CONFLICTS',
      ['a.txt'],
    ],
    ['of a deleted file', (world) => rm(join(world.path, 'a.txt')), {}, 'UNCOMMITTED_CONFLICTS', ['a.txt']],
    ['of an untracked file', (world) => world.write('new.txt', 'mine\n'), {}, 'UNCOMMITTED_CONFLICTS', ['new.txt']],
    ['of an untracked folder', (world) => world.write('new.txt/inner', 'mine\n'), {}, 'UNCOMMITTED_CONFLICTS', ['new.txt']],
    ['of an ignored file', (world) => world.write('some.ignored', 'mine\n'), {}, 'IN_THE_WAY', ['some.ignored']],
    ['of an empty ignored file', (world) => world.write('some.ignored', ''), {}, 'IN_THE_WAY', ['some.ignored']],
    [
      'of a file hidden from git',
      async (world) => {
        await world.git('update-index', '--assume-unchanged', 'a.txt')
        await world.write('a.txt', change(5, 'mine'))
      },
      {},
      'IN_THE_WAY',
      ['a.txt'],
    ],
  ]
  test.each(cases)('%s', async (_name, prepare, input, code, paths) => {
    const world = await makeSyncWorld()
    await world.commit({ 'own.txt': 'own\n' })
    await world.engine.write('new.txt', 'theirs\n')
    await world.engine.write('some.ignored', 'theirs\n')
    await world.engine.write('a.txt', change(1, 'theirs'))
    await world.engine.git(['add', '--force', 'some.ignored'])
    await world.base({})
    await prepare(world)
    const before = await world.fingerprint()
    const { result, error } = await world.sync(input)
    expect(result).toMatchObject({ outcome: 'conflict', error: { code } })
    expect(result.paths.map((path) => path.replace(/~.*/, ''))).toEqual(expect.arrayContaining(paths))
    expect(error?.exitStatus).toBe(4)
    expect(await world.fingerprint()).toEqual(before)
  })

  test('of an untracked file: what is to be typed commits that too', async () => {
    const world = await makeSyncWorld()
    await world.base({ 'new.txt': 'theirs\n' })
    await world.write('new.txt', 'mine\n')
    const { error } = await world.sync()
    expect([error?.code, error?.hint]).toEqual(['UNCOMMITTED_CONFLICTS', expect.stringContaining('add --all && git')])
    expect(await world.read('new.txt')).toBe('mine\n')
  })

  test('where only the rebase conflicts, the merge is offered', async () => {
    const world = await makeSyncWorld()
    await world.commit({ 'a.txt': change(1, 'mine') }, 'there')
    await world.commit({ 'a.txt': files['a.txt'] }, 'and back')
    await world.base({ 'a.txt': change(1, 'theirs') })
    const { error } = await world.sync()
    expect(error?.choices.map(({ flag }) => flag)).toEqual(['--method merge', '--leave-conflicts'])
    expect((await world.sync({ method: 'merge' })).result.outcome).toBe('synced')
  })
})
