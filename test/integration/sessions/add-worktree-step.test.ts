import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, test } from 'vitest'
import { makeWork } from '../../../src/sessions/making-operation.ts'
import type { Session } from '../../../src/sessions/session.ts'
import { addWorktree, addWorktreeStep } from '../../../src/sessions/steps/add-worktree.ts'
import { writeRecord } from '../../../src/sessions/record.ts'
import type { Work } from '../../../src/sessions/work.ts'
import { type Engine, makeEngine } from './engine.ts'

const uuid = '0f0e0d0c-1111-2222-3333-444455556666'

let engine: Engine
let work: Work
let path: string

beforeEach(async () => {
  engine = await makeEngine({ files: { 'a.txt': 'a' } })
  path = join(engine.sessionsDir, 'a')
  await engine.git(['branch', 'session/a'])
  const { context } = await engine.open()
  // what a process finds that knows nothing but the journal
  const { session } = await engine.start('model')
  work = makeWork(context, { ...session, uuid, id: 'a', branch: 'session/a' }, path, [])
})

const step = (id = 'a'): ReturnType<typeof addWorktreeStep> => addWorktreeStep(path, 'session/a', { id, uuid, ownsBranch: true })
const admin = (...names: string[]): string => join(engine.commonDir, 'worktrees', 'a', ...names)
const undo = (): Promise<void> => addWorktree.undo?.(step(), work) ?? Promise.resolve()
const worktrees = async (): Promise<string[]> => (await readdir(join(engine.commonDir, 'worktrees'))).toSorted()

describe('taken back by a process that was not there', () => {
  test('nothing is left of one that was whole', async () => {
    await addWorktree.apply(step(), work)
    await undo()
    await undo()
    expect(await worktrees()).toEqual(['model'])
    expect((await readdir(engine.sessionsDir)).toSorted()).toEqual(['.manifest.json', 'model'])
  })

  test('nothing is left of one whose own record was written a moment ago', async () => {
    await addWorktree.apply(step(), work)
    await writeRecord(admin(), work.session)
    await undo()
    expect(await worktrees()).toEqual(['model'])
  })

  test.each([
    ['before git knew of it', async () => void (await rm(admin(), { recursive: true }))],
    ['before its folder was tied to it', async () => void (await rm(path, { recursive: true }))],
    [
      'in the middle of the checkout',
      async () => {
        await rm(admin('index'))
        await writeFile(admin('index.lock'), '')
        await rm(join(path, 'a.txt'))
      },
    ],
  ])('nothing is left of one that stopped %s', async (_, tear) => {
    await addWorktree.apply(step(), work)
    await tear()
    await mkdir(join(engine.commonDir, 'flightrules', `new-worktree-${uuid}`, 'logs'), { recursive: true })
    await rm(join(path, '.git'), { force: true })
    if ((await worktrees()).length === 1) await rm(path, { recursive: true }).then(() => mkdir(path))
    await undo()
    expect(await worktrees()).toEqual(['model'])
    expect((await readdir(engine.sessionsDir)).toSorted()).toEqual(['.manifest.json', 'model'])
    expect((await readdir(join(engine.commonDir, 'flightrules'))).filter((name) => name.startsWith('new-'))).toEqual([])
  })
})

describe('never taken back', () => {
  const record = async (change: Partial<Session>): Promise<void> => {
    await addWorktree.apply(step(), work)
    await writeRecord(admin(), { ...work.session, ...change })
  }

  test.each([
    ['has the record of another session', () => record({ uuid: 'another' })],
    [
      'has a record nobody can read',
      async () => {
        await record({})
        await writeFile(admin('flightrules.json'), '{')
      },
    ],
    [
      'is locked by somebody else',
      async () => {
        await addWorktree.apply(step(), work)
        await writeFile(admin('locked'), 'mine\n')
      },
    ],
  ])('a worktree at the same place that %s', async (_, prepare) => {
    await prepare()
    await undo()
    expect(await readFile(join(path, 'a.txt'), 'utf8')).toBe('a')
    expect(await worktrees()).toEqual(['a', 'model'])
  })

  test('a folder with something in it that git does not know', async () => {
    await mkdir(path)
    await writeFile(join(path, 'precious'), 'x')
    await undo()
    expect(await readdir(path)).toEqual(['precious'])
  })
})

describe('done again', () => {
  test('one that is whole stays as it is', async () => {
    await addWorktree.apply(step(), work)
    await writeFile(join(path, 'new'), 'x')
    work.gitDir = ''
    await addWorktree.apply(step(), work)
    expect(work.gitDir).toBe(admin())
    expect(await readFile(join(path, 'new'), 'utf8')).toBe('x')
  })

  test('one that stopped in the middle is made anew', async () => {
    await addWorktree.apply(step(), work)
    await rm(admin('index'))
    await rm(join(path, 'a.txt'))
    await addWorktree.apply(step(), work)
    expect(await engine.git(['status', '--porcelain'], path)).toBe('')
    expect(await worktrees()).toEqual(['a', 'model'])
  })

  test("a place git has somebody else's worktree at is refused", async () => {
    await engine.git(['worktree', 'add', '-q', '--detach', path])
    await expect(addWorktree.apply(step(), work)).rejects.toMatchObject({ code: 'PATH_EXISTS' })
  })
})
