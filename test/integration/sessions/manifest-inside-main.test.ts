import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { startStandardSession } from '../../../src/sessions/start-standard.ts'
import { makeEngine } from './engine.ts'

const inside = { config: { sessionsDir: '.sessions' } }
const untracked = ['status', '--porcelain', '--untracked-files=all']

test('a sessions directory inside the repository leaves it clean when work starts in the main worktree itself', async () => {
  const engine = await makeEngine(inside)
  await startStandardSession((await engine.open()).context, { name: 's1', goals: [], issue: null })
  expect(JSON.parse(await engine.read('.sessions/.manifest.json')).sessions).toMatchObject([{ id: 's1' }])
  expect(await engine.git(untracked)).toBe('')
})

test('a sessions directory inside the repository leaves it clean when somebody else made the worktree', async () => {
  const engine = await makeEngine(inside)
  await engine.git(['worktree', 'add', '--quiet', '-b', 'w', join(engine.parent, 'w')])
  await engine.reconcile()
  expect(await engine.git(untracked)).toBe('')
  await engine.start('next', { dirtyMain: { kind: 'refuse' } })
  expect(await engine.git(untracked)).toBe('')
})

test('a sessions directory beside the repository needs no rule of ours', async () => {
  const engine = await makeEngine()
  await engine.start('a')
  expect(await readFile(join(engine.commonDir, 'info/exclude'), 'utf8').catch(() => '')).not.toContain('sessions')
})
