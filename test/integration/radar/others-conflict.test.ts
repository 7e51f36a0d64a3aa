import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { abandoning, type EndInput } from '../../../src/sessions/end/end-input.ts'
import { endSession } from '../../../src/sessions/end/end-session.ts'
import { findOthersConflict } from '../../../src/sessions/end/find-others-conflict.ts'
import { planEnd } from '../../../src/sessions/end/plan-end.ts'
import { type Engine, makeEngine } from '../sessions/engine.ts'

const merging: EndInput = { ...abandoning, strategy: 'merge', commit: 'work' }

let engine: Engine

beforeEach(async () => {
  engine = await makeEngine({ files: { 'a.txt': 'a\n', 'b.txt': 'b\n' } })
  for (const id of ['one', 'two', 'three']) await engine.start(id)
  await write('one', 'a.txt', 'one\n')
})

const write = (id: string, path: string, content: string): Promise<void> => writeFile(join(engine.sessionsDir, id, path), content)

async function end(id: string, input: EndInput) {
  const { context } = await engine.open()
  const { findings, result } = await endSession(context, await engine.session(id), input)
  return { result, told: findings.filter(({ code }) => code === 'OTHERS_CONFLICT') }
}

it('end-names-who-will-conflict: with work nobody has committed, on a preview too, and the merge goes ahead', async () => {
  await write('two', 'a.txt', 'two\n')
  await write('three', 'b.txt', 'three\n')
  const finding = {
    code: 'OTHERS_CONFLICT',
    message: 'once one is in main, others will conflict with it: two in a.txt',
    hint: 'flightrules sync two',
    details: { base: 'main', sessions: [{ id: 'two', paths: ['a.txt'] }] },
  }
  const { context } = await engine.open()
  expect((await planEnd(context, await engine.session('one'), merging)).findings).toContainEqual(finding)
  const { result, told } = await end('one', merging)
  expect(told).toEqual([finding])
  expect(result.integrated).toMatchObject({ into: 'main' })
})

it('end-with-nobody-in-the-way: says nothing, and neither does a work that is thrown away', async () => {
  await write('two', 'b.txt', 'two\n')
  await write('three', 'a.txt', 'three\n')
  expect((await end('three', abandoning)).told).toEqual([])
  expect((await end('one', merging)).told).toEqual([])
})

it('end-beside-arrived-work: whoever is in the base already meets nobody a second time', async () => {
  await write('two', 'a.txt', 'two\n')
  await engine.git(['commit', '-qam', 'two'], join(engine.sessionsDir, 'two'))
  const find = async () => findOthersConflict((await engine.open()).context, await engine.session('one'), merging)
  expect(await find()).toMatchObject([{ code: 'OTHERS_CONFLICT' }])
  await engine.git(['merge', '-q', '--no-ff', '-m', 'merge', 'session/two'])
  expect(await find()).toEqual([])
})
