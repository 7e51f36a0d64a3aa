import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readSessions } from '../../../src/sessions/read-status.ts'
import { type Engine, makeEngine } from './engine.ts'

/** Where each tool puts its worktrees, and how it makes them. */
async function makeAll(engine: Engine): Promise<Record<string, string>> {
  const home = join(engine.parent, 'home')
  const places = {
    claude: join(engine.path, '.claude/worktrees/bright-fox'),
    codex: join(home, '.codex/worktrees/1a2b/project'),
    cursor: join(home, '.cursor/worktrees/project/aBc'),
    vscode: join(engine.parent, 'project.worktrees/feat-x'),
    locked: join(engine.parent, 'elsewhere'),
    plain: join(engine.parent, 'plain'),
  }
  const add = (path: string, ...args: string[]) => engine.git(['worktree', 'add', '--quiet', path, ...args])
  await add(places.claude, '-b', 'worktree-bright-fox')
  await add(places.codex, '--detach')
  await add(places.cursor, '--detach')
  await add(places.vscode, '-b', 'feat/x')
  await add(places.locked, '-b', 'there')
  await engine.git(['worktree', 'lock', '--reason', 'claude agent a1 (pid 1)', places.locked])
  await add(places.plain, '-b', 'topic')
  return places
}

test('worktrees of Claude Code, Codex, Cursor, VS Code and git are sessions, and it is told which an agent made', async () => {
  const engine = await makeEngine()
  const places = await makeAll(engine)
  const { context, set } = await engine.reconcile()
  const { sessions } = (await readSessions(context, set)).report
  const facts = sessions.map(({ id, path, branch, createdBy, states }) => ({ id, path, branch, createdBy, states }))
  expect(facts.toSorted((a, b) => (a.id < b.id ? -1 : 1))).toEqual([
    { id: '1a2b', path: places['codex'], branch: null, createdBy: 'agent', states: ['detached'] },
    { id: 'abc', path: places['cursor'], branch: null, createdBy: 'agent', states: ['detached'] },
    { id: 'bright-fox', path: places['claude'], branch: 'worktree-bright-fox', createdBy: 'agent', states: ['active'] },
    { id: 'elsewhere', path: places['locked'], branch: 'there', createdBy: 'agent', states: ['active', 'in use'] },
    { id: 'feat-x', path: places['vscode'], branch: 'feat/x', createdBy: 'hook', states: ['active'] },
    { id: 'plain', path: places['plain'], branch: 'topic', createdBy: 'hook', states: ['active'] },
  ])
})

test('where Codex is told to have its folder, that is an agent’s place too', async () => {
  const engine = await makeEngine()
  const folder = join(engine.parent, 'my codex')
  engine.env['CODEX_HOME'] = folder
  await mkdir(join(folder, 'worktrees'), { recursive: true })
  await engine.git(['worktree', 'add', '--quiet', '--detach', join(folder, 'worktrees/77/project')])
  await engine.git(['worktree', 'add', '--quiet', '-b', 'topic', join(folder, 'other/project')])
  const { set } = await engine.reconcile()
  expect(set.registered.map(({ session: { id, createdBy } }) => [id, createdBy]).toSorted()).toEqual([
    ['77', 'agent'],
    ['topic', 'hook'],
  ])
})

test('one in the sessions directory, of Codex or of Cursor is locked against their sweeps; one elsewhere is its maker’s to remove', async () => {
  const engine = await makeEngine()
  const { codex = '', cursor = '', claude = '', plain = '', vscode = '' } = await makeAll(engine)
  const inside = join(engine.sessionsDir, 'in')
  const ownCodex = join(engine.parent, 'own', 'worktrees', '9', 'project')
  engine.env['CODEX_HOME'] = join(engine.parent, 'own')
  await engine.git(['worktree', 'add', '--quiet', '-b', 'in', inside])
  await engine.git(['worktree', 'add', '--quiet', '--detach', ownCodex])
  await engine.reconcile()
  for (const [path, id] of [
    [inside, 'in'],
    [codex, '1a2b'],
    [cursor, 'abc'],
    [ownCodex, '9'],
  ] as const) {
    const refusal = `lock reason: flightrules session ${id}; end it with: flightrules end ${id}`
    await expect(engine.git(['worktree', 'remove', '--force', path])).rejects.toThrow(refusal)
  }
  for (const path of [claude, plain, vscode]) await engine.git(['worktree', 'remove', path])
})

test('a session of ours whose name is an agent’s is not taken for one that the agent made, when its record was lost', async () => {
  const engine = await makeEngine()
  await engine.start('cursor-fix')
  const { gitDir } = await engine.session('cursor-fix')
  await rm(join(gitDir, 'flightrules.json'))
  const { set } = await engine.reconcile()
  expect(set.registered.map(({ session }) => [session.id, session.createdBy])).toEqual([['cursor-fix', 'hook']])
})
