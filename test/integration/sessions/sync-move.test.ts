import { randomUUID } from 'node:crypto'
import { chmod, readFile, unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { findOnto } from '../../../src/sessions/sync/find-onto.ts'
import { type Moving, moveSession, settleMoved, takeSessionBack } from '../../../src/sessions/sync/move-session.ts'
import { askSync, prepareSync } from '../../../src/sessions/sync/prepare-sync.ts'
import type { Context } from '../../../src/sessions/context.ts'
import { change, makeSyncWorld, type SyncWorld, usual } from './sync-world.ts'

interface Prepared {
  readonly world: SyncWorld
  readonly context: Context
  readonly moving: Moving
}

/** A session with changes of its own, and everything ready to bring it onto a base that has changed two files and has a new one. */
async function prepare(): Promise<Prepared> {
  const world = await makeSyncWorld()
  await world.commit({ 'own.txt': 'own\n' })
  await world.write('a.txt', change(1, 'mine'))
  await world.git('add', 'a.txt')
  await world.base({ 'a.txt': change(9, 'theirs'), 'b.txt': change(5, 'theirs'), 'new.txt': 'new\n' })
  const { context } = await world.engine.open()
  const entry = await world.engine.session('work')
  const onto = await findOnto(context, 'main')
  const { facts } = await prepareSync(context, entry, onto, await askSync(context, entry, onto, usual))
  return { world, context, moving: { ...facts, op: randomUUID(), gitDir: entry.gitDir, isUnderWay: false } }
}

async function statusOf(world: SyncWorld): Promise<string[]> {
  return (await world.git('status', '--porcelain')).split('\n')
}

describe('what somebody does between the look and the move is never lost', () => {
  test.each<[string, (world: SyncWorld) => Promise<unknown>, string]>([
    ['a commit', (world) => world.git('commit', '--quiet', '--message', 'meanwhile'), 'SESSION_CHANGED'],
    ['a file that is staged', (world) => world.write('c.txt', 'x\n').then(() => world.git('add', 'c.txt')), 'SESSION_CHANGED'],
    ['another branch', (world) => world.git('switch', '--quiet', '-c', 'other'), 'SESSION_CHANGED'],
    ['a change in a file the base changes', (world) => world.write('b.txt', change(10, 'mine')), 'IN_THE_WAY'],
    ['a file where the base has a new one', (world) => world.write('new.txt', 'mine\n'), 'IN_THE_WAY'],
    ['a file somebody is just emptying to write it', (world) => world.write('b.txt', ''), 'IN_THE_WAY'],
    ['lines taken from the end of a file', (world) => world.write('b.txt', change(5, 'x').slice(0, 20)), 'IN_THE_WAY'],
    ['an empty file where the base has a new one', (world) => world.write('new.txt', ''), 'IN_THE_WAY'],
    ['a file taken away', (world) => unlink(join(world.path, 'b.txt')), 'IN_THE_WAY'],
  ])('%s', async (_name, meddle, code) => {
    const { world, context, moving } = await prepare()
    await meddle(world)
    const before = await world.fingerprint()
    await expect(moveSession(context.git, moving)).rejects.toMatchObject({ code })
    expect(await world.fingerprint()).toEqual(before)
    expect(moving.isUnderWay).toBe(false)
  })

  test('a hook that refuses the branch its move leaves everything as it was', async () => {
    const { world, context, moving } = await prepare()
    const hook = join(world.engine.commonDir, 'hooks', 'reference-transaction')
    await world.engine.write(hook, '#!/bin/sh\n[ "$1" != prepared ] || ! grep -q refs/heads/session\n')
    await chmod(hook, 0o755)
    const before = await world.fingerprint()
    await expect(moveSession(context.git, moving)).rejects.toMatchObject({ code: 'GIT_FAILED' })
    expect(await world.fingerprint()).toEqual(before)
  })
})

describe('a move that was stopped', () => {
  test('with the branch moved is finished, but for files somebody has changed since', async () => {
    const { world, context, moving } = await prepare()
    await world.git('update-ref', moving.ref, moving.to)
    await writeFile(join(moving.gitDir, 'index.lock'), `flightrules sync ${moving.op}\n`)
    await world.write('b.txt', 'since\n')
    expect(await settleMoved(context.git, moving)).toEqual(['b.txt'])
    expect(await statusOf(world)).toEqual(['M  a.txt', ' M b.txt'])
    expect(await world.read('b.txt')).toBe('since\n')
    expect(await settleMoved(context.git, moving)).toEqual(['b.txt'])
  })

  test('with the branch where it was is taken back, but for files somebody has changed since', async () => {
    const { world, context, moving } = await prepare()
    await world.write('a.txt', change(1, 'mine').replace('line 9\n', 'theirs\n'))
    await world.write('b.txt', 'since\n')
    await world.write('new.txt', 'ne')
    expect(await takeSessionBack(context.git, moving)).toEqual(['b.txt'])
    expect(await statusOf(world)).toEqual(['M  a.txt', ' M b.txt'])
    expect(await world.read('b.txt')).toBe('since\n')
  })

  test('keeps the lock of a git that is at work, and waits for it', async () => {
    const { context, moving } = await prepare()
    const lock = join(moving.gitDir, 'index.lock')
    await writeFile(lock, '')
    await expect(takeSessionBack(context.git, moving)).rejects.toMatchObject({ code: 'INDEX_LOCKED' })
    expect(await readFile(lock, 'utf8')).toBe('')
    await unlink(lock)
    expect(await takeSessionBack(context.git, moving)).toEqual([])
  })

  test('is not taken back once the branch has moved', async () => {
    const { world, context, moving } = await prepare()
    await moveSession(context.git, moving)
    await expect(takeSessionBack(context.git, moving)).rejects.toThrow('has moved already')
    expect(await statusOf(world)).toEqual(['M  a.txt'])
  })
})

test('a session that is committed to while its sync is prepared is synced with that commit', async () => {
  const world = await makeSyncWorld()
  await world.commit({ 'own.txt': 'own\n' })
  await world.base({ 'a.txt': change(9, 'theirs') })
  const hook = join(world.engine.commonDir, 'hooks', 'pre-rebase')
  const once = join(world.engine.parent, 'once')
  await world.engine.write(
    hook,
    `#!/bin/sh\n[ ! -e '${once}' ] || exit 0\n: >'${once}'\ngit commit -q --allow-empty -m meanwhile\n`,
  )
  await chmod(hook, 0o755)
  expect((await world.sync()).result.outcome).toBe('synced')
  expect(await world.git('log', '--format=%s', 'main..HEAD')).toBe('meanwhile\nin the session')
})
