import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { readOrder } from '../../../src/sessions/radar/read-order.ts'
import { readRadar } from '../../../src/sessions/radar/read-radar.ts'
import { startStandardSession } from '../../../src/sessions/start-standard.ts'
import { fingerprint } from '../../support/fingerprint.ts'
import { type Engine, makeEngine } from '../sessions/engine.ts'

const lines = Array.from({ length: 20 }, (_line, index) => `line ${index}\n`)

/** The file with some lines said otherwise. */
function edit(word: string, ...numbers: readonly number[]): string {
  return lines.map((line, index) => (numbers.includes(index) ? `${word} ${index}\n` : line)).join('')
}

let engine: Engine
let started: number

beforeEach(async () => {
  started = 0
  engine = await makeEngine({ files: { 'a.txt': edit(''), 'b.txt': edit('') } })
})

async function start(id: string, files: Readonly<Record<string, string>>, base?: string): Promise<void> {
  await engine.start(id, base === undefined ? {} : { base })
  // in whole seconds, and a test starts several in one
  const record = join(engine.commonDir, 'worktrees', id, 'flightrules.json')
  const startedAt = `2026-01-01T00:00:${String((started += 1)).padStart(2, '0')}Z`
  await writeFile(record, JSON.stringify({ ...JSON.parse(await readFile(record, 'utf8')), startedAt }))
  for (const [path, content] of Object.entries(files)) {
    const file = join(engine.sessionsDir, id, path)
    await mkdir(dirname(file), { recursive: true })
    await writeFile(file, content)
  }
}

async function look() {
  const { context, set } = await engine.open()
  const report = await readRadar(context, { sessions: set.registered })
  return readOrder(context, set.registered, report)
}

it('one in the way of two: the two come first, and it is told with whom it conflicts in what', async () => {
  await start('middle', { 'a.txt': edit('middle', 2), 'b.txt': edit('middle', 2) })
  await start('left', { 'a.txt': edit('left', 2) })
  await start('right', { 'b.txt': edit('right', 2) })
  await engine.commit('right', {}, join(engine.sessionsDir, 'right'))
  expect(await look()).toEqual({
    order: ['left', 'right', 'middle'],
    orderReasons: [
      { id: 'left', base: 'main', reason: 'merges', conflictsWith: ['middle'], paths: [], uncommitted: true },
      { id: 'right', base: 'main', reason: 'merges', conflictsWith: ['middle'], paths: [], uncommitted: false },
      {
        id: 'middle',
        base: 'main',
        reason: 'sessions',
        conflictsWith: ['left', 'right'],
        paths: ['a.txt', 'b.txt'],
        uncommitted: true,
      },
    ],
  })
})

it('two in each other’s way: the one with fewer files first', async () => {
  await start('large', { 'a.txt': edit('large', 2), 'new.txt': 'new\n' })
  await start('small', { 'a.txt': edit('small', 2) })
  expect((await look()).order).toEqual(['small', 'large'])
})

it('as many files: the older one first', async () => {
  await start('zebra', { 'a.txt': edit('zebra', 2) })
  await start('ant', { 'a.txt': edit('ant', 2) })
  expect((await look()).order).toEqual(['zebra', 'ant'])
})

it('three of which no two conflict, and all together do', async () => {
  await engine.git(['config', 'merge.directoryRenames', 'true'])
  await engine.commit('folder', { 'dir/x.txt': edit('x'), 'dir/y.txt': edit('y') })
  await start('move', {})
  await engine.git(['mv', 'dir', 'place'], join(engine.sessionsDir, 'move'))
  await start('add', { 'dir/new.txt': 'moved along with the folder\n' })
  await start('meet', { 'place/new.txt': 'in the way of that\n' })
  const { order, orderReasons } = await look()
  expect(order).toEqual(['move', 'add', 'meet'])
  expect(orderReasons.map(({ reason, conflictsWith, paths }) => ({ reason, conflictsWith, paths }))).toEqual([
    { reason: 'merges', conflictsWith: [], paths: [] },
    { reason: 'merges', conflictsWith: [], paths: [] },
    { reason: 'together', conflictsWith: [], paths: ['place/new.txt'] },
  ])
})

it('conflicts with the base come last, whatever else', async () => {
  await start('stuck', { 'a.txt': edit('stuck', 2) })
  await start('free', { 'b.txt': edit('free', 2) })
  await start('later', { 'b.txt': edit('later', 2) })
  await engine.commit('base moved', { 'a.txt': edit('base', 2) })
  const { order, orderReasons } = await look()
  expect(order).toEqual(['free', 'later', 'stuck'])
  expect(orderReasons[2]).toMatchObject({ reason: 'base', conflictsWith: ['base:main'], paths: ['a.txt'] })
})

it('what has nothing to be merged is left out, and named', async () => {
  await start('idle', {})
  await start('squashed', { 'a.txt': edit('squashed', 2) })
  await engine.commit('work', {}, join(engine.sessionsDir, 'squashed'))
  await engine.commit('squashed', { 'a.txt': edit('squashed', 2) })
  const { context } = await engine.open()
  await startStandardSession(context, { name: 'here', goals: [], issue: null })
  await start('work', { 'b.txt': edit('work', 2) })
  const { order, orderReasons } = await look()
  expect(order).toEqual(['work'])
  expect(orderReasons.map(({ id, reason }) => [id, reason])).toEqual([
    ['work', 'merges'],
    ['idle', 'nothing'],
    ['squashed', 'nothing'],
    ['here', 'in-base'],
  ])
})

it('stacked: one that goes on from another merges after it, and before it if it goes into its branch', async () => {
  await start('below', { 'a.txt': edit('below', 2) })
  await engine.commit('below', {}, join(engine.sessionsDir, 'below'))
  await start('above', { 'a.txt': edit('above', 2) })
  const above = join(engine.sessionsDir, 'above')
  await engine.git(['checkout', '-q', '.'], above)
  await engine.git(['merge', '-q', '--ff-only', 'session/below'], above)
  await writeFile(join(above, 'a.txt'), edit('above', 2))
  await start('inside', { 'b.txt': edit('inside', 2) }, 'session/below')
  const { orderReasons } = await look()
  expect(orderReasons.map(({ id, base, reason }) => [id, base, reason])).toEqual([
    ['inside', 'session/below', 'merges'],
    ['below', 'main', 'merges'],
    ['above', 'main', 'merges'],
  ])
})

it('a base that is gone', async () => {
  await engine.git(['branch', 'old'])
  await start('lost', { 'a.txt': edit('lost', 2) }, 'old')
  await engine.git(['update-ref', '-d', 'refs/heads/old'])
  expect(await look()).toMatchObject({ order: [], orderReasons: [{ id: 'lost', reason: 'no-base' }] })
})

it('no trace: nothing in the repository or the worktrees is different afterwards, but the cache', async () => {
  await start('one', { 'a.txt': edit('one', 2) })
  await start('two', { 'a.txt': edit('two', 2), 'b.txt': edit('two', 2) })
  const places = ['.', '../project-sessions/one', '../project-sessions/two'].map((place) => join(engine.path, place))
  const read = () => Promise.all(places.map((worktree) => fingerprint({ worktree, gitDir: engine.commonDir, env: engine.env })))
  // git itself writes down what it saw, the first time
  await read()
  const before = (await read()).map((facts) => Object.entries(facts).filter(([name]) => !name.includes('flightrules/cache')))
  expect((await look()).order).toEqual(['one', 'two'])
  const after = (await read()).map((facts) => Object.entries(facts).filter(([name]) => !name.includes('flightrules/cache')))
  expect(after).toEqual(before)
  expect(before[0]?.length).toBeGreaterThan(20)
})
