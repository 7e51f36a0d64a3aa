import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { DirtyMainDecision } from '../../../src/sessions/start-input.ts'
import { requireReady } from '../../../src/sessions/end/ready-session.ts'
import { abandoning, type EndInput } from '../../../src/sessions/end/end-input.ts'
import { runProgram } from '../../support/run-cli.ts'
import { type Engine, makeEngine } from './engine.ts'

const moves: readonly DirtyMainDecision[] = [{ kind: 'carry' }, { kind: 'stash' }, { kind: 'commit', message: 'all' }]

async function diverge(): Promise<Engine> {
  const engine = await makeEngine({ files: { a: '1\n', b: '1\n' } })
  await engine.git(['switch', '--quiet', '-c', 'side'])
  await engine.commit('side', { a: 'side\n' })
  await engine.git(['switch', '--quiet', 'main'])
  return engine
}

const stateOf = async (engine: Engine): Promise<string[]> => [
  await engine.git(['status', '--porcelain=v2', '--branch']),
  await engine.git(['for-each-ref']),
  await engine.git(['ls-files', '--stage']),
]

async function expectRefusals(engine: Engine, operation: string | null): Promise<void> {
  const before = await stateOf(engine)
  for (const dirtyMain of moves) {
    await expect(engine.start('s', { dirtyMain })).rejects.toMatchObject({
      kind: 'decision',
      code: 'OPERATION_IN_PROGRESS',
      choices: [{ flag: '--proceed' }],
      details: { operation },
    })
  }
  await expect(engine.start('s', { dirtyMain: { kind: 'refuse' } })).rejects.toMatchObject({
    code: 'DIRTY_MAIN',
    choices: [{ flag: '--proceed' }],
  })
  expect(await stateOf(engine)).toEqual(before)
}

describe.concurrent('changes of the main worktree that are half of something stay where they are', () => {
  it('in a merge that has no conflicts but is not committed', async () => {
    const engine = await diverge()
    await engine.commit('main', { b: 'main\n' })
    await engine.git(['merge', '--quiet', '--no-commit', '--no-ff', 'side'])
    await expectRefusals(engine, 'merge')
    expect(await readFile(join(engine.commonDir, 'MERGE_HEAD'), 'utf8')).toBe(`${await engine.git(['rev-parse', 'side'])}\n`)
    expect((await engine.start('s', { dirtyMain: { kind: 'proceed' } })).session.id).toBe('s')
  })

  it.each(['rebase', 'cherry-pick'])('in a %s that stopped', async (operation) => {
    const engine = await diverge()
    await engine.commit('main', { a: 'main\n' })
    expect((await runProgram('git', [operation, 'side'], { cwd: engine.path, env: engine.env })).status).toBe(1)
    await expectRefusals(engine, operation)
  })

  it('in a stash that did not fit', async () => {
    const engine = await diverge()
    await engine.write('a', 'stashed\n')
    await engine.git(['stash', '--quiet'])
    await engine.commit('main', { a: 'main\n' })
    expect((await runProgram('git', ['stash', 'pop'], { cwd: engine.path, env: engine.env })).status).toBe(1)
    await expectRefusals(engine, null)
  })
})

it('a session whose stash did not fit is not ended with the conflict markers committed', async () => {
  const engine = await makeEngine({ files: { a: '1\n' } })
  const { path } = await engine.start('s')
  await engine.write(join(path, 'a'), 'stashed\n')
  await engine.git(['stash', '--quiet'], path)
  await engine.commit('mine', { a: 'mine\n' }, path)
  expect((await runProgram('git', ['stash', 'pop'], { cwd: path, env: engine.env })).status).toBe(1)
  const { context } = await engine.open()
  const input: EndInput = { ...abandoning, strategy: 'merge', commit: 'all' }
  const refusal = { kind: 'decision', code: 'UNMERGED_PATHS', message: expect.stringContaining(': a'), details: { paths: ['a'] } }
  await expect(requireReady(context, await engine.session('s'), input)).rejects.toMatchObject(refusal)
  await expect(
    requireReady(context, await engine.session('s'), { ...input, commit: undefined, strategy: 'keep' }),
  ).rejects.toMatchObject(refusal)
})
