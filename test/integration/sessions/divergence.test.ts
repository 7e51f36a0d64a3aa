import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { loadDivergences, type Pair } from '../../../src/sessions/divergence.ts'
import { type Engine, makeEngine } from './engine.ts'

async function pairOf(engine: Engine, id: string): Promise<Pair> {
  const { session, worktree } = await engine.session(id)
  return {
    base: await engine.git(['rev-parse', 'main']),
    tip: worktree.head ?? '',
    start: session.baseCommit,
    branch: session.branch,
  }
}

async function diverge(engine: Engine, ...ids: string[]): Promise<unknown[]> {
  const pairs = await Promise.all(ids.map((id) => pairOf(engine, id)))
  return loadDivergences((await engine.open()).context, pairs)
}

const lines = (changed?: number): string =>
  Array.from({ length: 9 }, (_, index) => (index === changed ? `changed ${changed}\n` : `${index}\n`)).join('')

describe.concurrent('how a session stands to its base', () => {
  it('counts and names paths, for all at once', async () => {
    const engine = await makeEngine({ files: { a: lines(), b: lines() } })
    const same = await engine.start('same')
    const ahead = await engine.start('ahead')
    const both = await engine.start('both')
    await engine.commit('ahead', { 'two\nlines': 'x\n' }, ahead.path)
    await engine.commit('both 1', { a: `${lines()}mine\n` }, both.path)
    await engine.commit('both 2', { b: lines(0) }, both.path)
    await engine.commit('main', { a: `${lines()}theirs\n`, b: lines(8) })
    expect(same.session.baseCommit).not.toBe(await engine.git(['rev-parse', 'main']))
    expect(await diverge(engine, 'same', 'ahead', 'both')).toEqual([
      { ahead: 0, behind: 1, touched: [], work: 'open' },
      { ahead: 1, behind: 1, touched: ['two\nlines'], work: 'open' },
      { ahead: 2, behind: 1, touched: ['a', 'b'], work: 'open' },
    ])
  })

  it.each([
    ['a merge', async (engine: Engine) => void (await engine.git(['merge', '--quiet', '--no-ff', '--no-edit', 'session/a']))],
    ['a fast-forward', async (engine: Engine) => void (await engine.git(['merge', '--quiet', '--ff-only', 'session/a']))],
    [
      'a squash',
      async (engine: Engine) => {
        await engine.git(['merge', '--quiet', '--squash', 'session/a'])
        await engine.git(['commit', '--quiet', '-m', 'squashed'])
      },
    ],
    ['a cherry-pick', async (engine: Engine) => void (await engine.git(['cherry-pick', 'main..session/a']))],
  ])('knows its work in the base after %s', async (_, integrate) => {
    const engine = await makeEngine({ files: { a: lines() } })
    const { path } = await engine.start('a')
    await engine.commit('one', { a: lines(0) }, path)
    await integrate(engine)
    expect(await diverge(engine, 'a')).toMatchObject([{ work: 'merged' }])
    await engine.commit('more', { a: lines(1) }, path)
    expect(await diverge(engine, 'a')).toMatchObject([{ work: 'open' }])
  })

  it('never takes a fresh session for merged, however far its base goes', async () => {
    const engine = await makeEngine()
    await engine.start('a')
    await engine.commit('main')
    expect(await diverge(engine, 'a')).toMatchObject([{ ahead: 0, behind: 1, work: 'open' }])
  })

  it('is remembered; a memory that is torn costs nothing but time', async () => {
    const engine = await makeEngine()
    const { path } = await engine.start('a')
    await engine.commit('mine', { mine: '' }, path)
    const cache = join(engine.commonDir, 'flightrules/cache/divergence.json')
    const [found] = await diverge(engine, 'a')
    const text = await readFile(cache, 'utf8')
    await writeFile(cache, text.replace('"ahead":1', '"ahead":41'))
    expect(await diverge(engine, 'a')).toMatchObject([{ ahead: 41 }])
    await writeFile(cache, text.slice(0, -5))
    expect(await diverge(engine, 'a')).toEqual([found])
    expect(await readFile(cache, 'utf8')).toBe(text)
  })
})
