import { mkdir, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { armFailpoints } from '../../../src/files/failpoint.ts'
import { loadTrash } from '../../../src/operations/trash/item.ts'
import { lockReason } from '../../../src/sessions/lock-reason.ts'
import { discardWorktree } from '../../../src/sessions/steps/discard-worktree.ts'
import { makeEngine, type Engine } from './engine.ts'

const planned = { uuid: '0b5e7f6c-6f0c-4a54-9d0a-6f4a3b1c2d3e', startedAt: '2025-01-17T10:30:00Z' }

/** A worktree as a start leaves it that was killed before its record was written. */
async function makeHalfMade(): Promise<{ engine: Engine; path: string; discard: () => Promise<void> }> {
  const engine = await makeEngine({ files: { 'a.txt': 'a\n', 'b/c.txt': 'c\n', '.gitignore': 'ignored\n' } })
  const path = join(engine.sessionsDir, 'a')
  await engine.git(['worktree', 'add', '--quiet', '-b', 'session/a', '--lock', '--reason', lockReason('a'), path])
  const { context } = await engine.open()
  const made = { id: 'a', path, branch: 'session/a', lockReason: lockReason('a'), ...planned }
  return { engine, path, discard: () => discardWorktree(context, made) }
}

const worktreesOf = (engine: Engine): Promise<string> => engine.git(['worktree', 'list', '--porcelain'])

describe.concurrent('a worktree that was never finished', () => {
  it.each([
    ['whole', async () => {}],
    ['with files not written yet', async (path: string) => rm(join(path, 'b'), { recursive: true })],
  ])('goes when it is a mere checkout, %s', async (_, spoil) => {
    const { engine, path, discard } = await makeHalfMade()
    await spoil(path)
    await discard()
    expect(await readdir(engine.parent)).not.toContain('project-sessions')
    expect(await worktreesOf(engine)).not.toContain(engine.sessionsDir)
    expect(await loadTrash(engine.commonDir)).toEqual([])
  })

  it('goes when nothing but its administrative files was made', async () => {
    const { engine, path, discard } = await makeHalfMade()
    await rm(path, { recursive: true })
    await discard()
    expect(await worktreesOf(engine)).not.toContain(engine.sessionsDir)
  })

  it.each([
    ['an untracked file', 'new.txt'],
    ['an ignored file', 'ignored'],
    ['an edit', 'a.txt'],
  ])('is kept in the trash when it holds %s', async (_, file) => {
    const { engine, path, discard } = await makeHalfMade()
    await writeFile(join(path, file), 'work\n')
    await discard()
    const [item] = await loadTrash(engine.commonDir)
    expect(await engine.read(join(item?.path ?? '', file))).toBe('work\n')
    await engine.git(['worktree', 'add', '--quiet', path, 'session/a'])
  })

  it.each([
    [
      'a commit on no branch',
      async (engine: Engine, path: string) => {
        await engine.git(['checkout', '--quiet', '--detach'], path)
        return engine.commit('work', { 'work.txt': 'work\n' }, path)
      },
    ],
    [
      'a commit only a ref of its own has',
      async (engine: Engine, path: string) => {
        const work = await engine.git(['commit-tree', 'HEAD^{tree}', '-m', 'work'], path)
        await engine.git(['update-ref', 'refs/worktree/mine', work], path)
        return work
      },
    ],
    [
      'something staged that no file has any more',
      async (engine: Engine, path: string) => {
        await writeFile(join(path, 'staged.txt'), 'staged\n')
        await engine.git(['add', 'staged.txt'], path)
        const staged = await engine.git(['rev-parse', ':staged.txt'], path)
        await rm(join(path, 'staged.txt'))
        return staged
      },
    ],
  ])('is kept in the trash when it holds %s', async (_, work) => {
    const { engine, path, discard } = await makeHalfMade()
    const oid = await work(engine, path)
    await discard()
    expect(await loadTrash(engine.commonDir)).toHaveLength(1)
    await engine.git(['reflog', 'expire', '--expire=now', '--all'])
    await engine.git(['gc', '--quiet', '--prune=now'])
    await engine.git(['cat-file', '-e', oid])
  })

  it.each([
    ['locked for another reason', ['worktree', 'unlock']],
    ['a session', undefined],
  ])('is left alone when it is %s', async (_, command) => {
    const { engine, path, discard } = await makeHalfMade()
    if (command === undefined) await writeFile(join(engine.commonDir, 'worktrees', 'a', 'flightrules.json'), '{}')
    else await engine.git([...command, path])
    await discard()
    expect(await readdir(path)).toContain('a.txt')
  })

  it('is not a folder with files that git does not know', async () => {
    const engine = await makeEngine()
    const path = join(engine.sessionsDir, 'b')
    await mkdir(path, { recursive: true })
    await writeFile(join(path, 'precious'), 'x')
    const { context } = await engine.open()
    await discardWorktree(context, { id: 'b', path, branch: 'session/b', lockReason: lockReason('b'), ...planned })
    expect(await readdir(path)).toEqual(['precious'])
  })
})

// one at a time: what fails is set for the whole process
describe('taking back a worktree that was never finished, stopped on the way', () => {
  it.each(['relink-worktree', 'detach-head', 'move-to-trash'])('goes the next time, stopped before %s', async (step) => {
    const { engine, discard } = await makeHalfMade()
    armFailpoints({ FLIGHTRULES_FAILPOINT: `before:${step}=EIO` })
    await expect(discard()).rejects.toThrow()
    armFailpoints({})
    await discard()
    expect(await readdir(engine.parent)).not.toContain('project-sessions')
    expect(await worktreesOf(engine)).not.toContain(engine.sessionsDir)
    expect(await engine.git(['for-each-ref', 'refs/flightrules'])).toBe('')
  })
})
