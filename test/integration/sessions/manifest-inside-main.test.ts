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

test('a worktree somebody made inside another one leaves that clean, whoever looks or commits there', async () => {
  const engine = await makeEngine({ ...inside, files: { '.claude/settings.json': '{}\n' } })
  const { path } = await engine.start('a')
  const made = [
    join(engine.path, '.claude/worktrees/fox'),
    join(path, '.claude/worktrees/owl'),
    join(engine.path, 'my [trees]/x'),
  ]
  for (const [index, one] of made.entries()) await engine.git(['worktree', 'add', '--quiet', '-b', `w${index}`, one])
  await engine.reconcile()
  expect([await engine.git(untracked), await engine.git(untracked, path)]).toEqual(['', ''])
  await engine.git(['worktree', 'add', '--quiet', '-b', 'more', join(engine.path, '.claude/worktrees/hen')])
  await engine.reconcile()
  const exclude = await readFile(join(engine.commonDir, 'info/exclude'), 'utf8')
  const ours = exclude.split('\n').filter((line) => line.startsWith('/'))
  expect(ours.toSorted()).toEqual(['/.claude/worktrees/', '/.sessions/', '/my \\[trees]/x/'])
  // what is beside them is seen as before
  await engine.write('.claude/new.md', 'x\n')
  await engine.write('my [trees]/y', 'x\n')
  expect(await engine.git(untracked)).toBe('?? .claude/new.md\n?? "my [trees]/y"')
  await engine.start('next', { dirtyMain: { kind: 'commit', message: 'mine' } })
  expect(await engine.git(['show', '--name-only', '--format=', 'HEAD'])).toBe('.claude/new.md\nmy [trees]/y')
})

test('a sessions directory beside the repository needs no rule of ours', async () => {
  const engine = await makeEngine()
  await engine.start('a')
  expect(await readFile(join(engine.commonDir, 'info/exclude'), 'utf8').catch(() => '')).not.toContain('sessions')
})
