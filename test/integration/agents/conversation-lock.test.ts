import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { noteHeartbeat } from '../../../src/sessions/heartbeat.ts'
import { makeProject, type TestProject } from '../../support/flightrules-project.ts'
import { callAgent } from './call-agent.ts'

async function makeWorktree(project: TestProject, place: string): Promise<string> {
  const path = join(project.parent, place)
  await project.git(['worktree', 'add', '--quiet', '-b', `for/${place.replaceAll(/\W/g, '')}`, path])
  await project.status()
  return path
}

function readLock(project: TestProject, path: string): Promise<string | null> {
  return project
    .git(['rev-parse', '--path-format=absolute', '--git-path', 'locked'], path)
    .then((file) => readFile(file, 'utf8'))
    .then(
      (reason) => reason.trim(),
      () => null,
    )
}

const talking = 'flightrules session elsewhere, an agent is at work in it; end it with: flightrules end elsewhere'

test('a worktree somebody else made is locked while an agent talks in it, and then his to remove again', async () => {
  const project = await makeProject()
  const path = await makeWorktree(project, 'elsewhere')
  expect(await readLock(project, path)).toBeNull()
  await callAgent(project, 'session-start', path, { source: 'startup' })
  await expect(project.git(['worktree', 'remove', '--force', path])).rejects.toThrow(talking)
  // our own lock is no sign of somebody else
  const [session] = (await project.status()).sessions
  expect(session?.live.map(({ source }) => source)).not.toContain('lock')
  await callAgent(project, 'session-end', path, { reason: 'other' })
  await project.git(['worktree', 'remove', '--force', path])
})

test('with a second agent at work it stays locked until that one has left too', async () => {
  const project = await makeProject()
  const path = await makeWorktree(project, 'elsewhere')
  for (const session_id of ['one', 'two']) await callAgent(project, 'session-start', path, { source: 'startup', session_id })
  await callAgent(project, 'session-end', path, { reason: 'other', session_id: 'one' })
  expect(await readLock(project, path)).toBe(talking)
  await callAgent(project, 'session-end', path, { reason: 'other', session_id: 'two' })
  expect(await readLock(project, path)).toBeNull()
})

test('a lock of somebody else, and the one of a session of ours, outlast the conversation', async () => {
  const project = await makeProject()
  const path = await makeWorktree(project, 'elsewhere')
  await project.git(['worktree', 'lock', '--reason', 'mine', path])
  const own = (await project.start('login')).path
  for (const place of [path, own]) {
    await callAgent(project, 'session-start', place, { source: 'startup' })
    await callAgent(project, 'session-end', place, { reason: 'other' })
  }
  expect(await readLock(project, path)).toBe('mine')
  expect(await readLock(project, own)).toBe('flightrules session login; end it with: flightrules end login')
})

test('Claude Code locks its own worktrees, and the main worktree has no lock', async () => {
  const project = await makeProject()
  const path = await makeWorktree(project, 'project/.claude/worktrees/bright-fox')
  await project.cli(['start', 'solo', '--standard', '--yes'])
  for (const place of [path, project.path]) await callAgent(project, 'session-start', place, { source: 'startup' })
  expect(await readLock(project, path)).toBeNull()
  expect(await readLock(project, project.path)).toBeNull()
})

test('ending a session takes the lock of the conversation along, and restoring it does not bring that back', async () => {
  const project = await makeProject()
  const path = await makeWorktree(project, 'elsewhere')
  await callAgent(project, 'session-start', path, { source: 'startup' })
  await callAgent(project, 'session-end', path, { reason: 'other' })
  await callAgent(project, 'session-start', path, { source: 'resume' })
  await writeFile(join(path, 'new.txt'), 'x')
  expect((await project.json(['end', 'elsewhere', '--strategy', 'abandon', '--yes'])).status).toBe(0)
  expect(await project.git(['worktree', 'list'])).not.toContain(`${path} `)
  expect((await project.json(['restore', 'elsewhere'])).status).toBe(0)
  expect([await readFile(join(path, 'new.txt'), 'utf8'), await readLock(project, path)]).toEqual(['x', null])
})

test('an agent that did not say good-bye, and one that has gone elsewhere, do not keep a worktree locked', async () => {
  const project = await makeProject()
  const path = await makeWorktree(project, 'elsewhere')
  const gitDir = await project.git(['rev-parse', '--absolute-git-dir'], path)
  await callAgent(project, 'session-start', path, { source: 'startup' })
  await project.status()
  expect(await readLock(project, path)).toBe(talking)
  const anHourAgo = { agent: 'abc123', at: Date.now() - 3_600_000, state: 'working' as const }
  await noteHeartbeat(gitDir, anHourAgo)
  await project.status()
  expect(await readLock(project, path)).toBeNull()
})

test('an agent that is heard from again after a long while has its worktree locked again', async () => {
  const project = await makeProject()
  const path = await makeWorktree(project, 'elsewhere')
  await callAgent(project, 'session-start', path, { source: 'startup' })
  await project.git(['worktree', 'unlock', path])
  const gitDir = await project.git(['rev-parse', '--absolute-git-dir'], path)
  await noteHeartbeat(gitDir, { agent: 'abc123', at: Date.now() - 3_600_000, state: 'working' })
  await callAgent(project, 'subagent-stop', path, { agent_id: 'a1', agent_type: 'Explore' })
  expect(await readLock(project, path)).toBe(talking)
})

test('a session that comes back into the sessions directory, from where its maker could remove it, is locked there', async () => {
  const project = await makeProject()
  const path = await makeWorktree(project, 'elsewhere')
  await callAgent(project, 'session-start', path, { source: 'startup' })
  expect((await project.json(['end', 'elsewhere', '--strategy', 'abandon', '--yes'])).status).toBe(0)
  await writeFile(path, 'in the way')
  const { status, json } = await project.json(['restore', 'elsewhere', '--as', 'back'])
  expect([status, json.error]).toEqual([0, undefined])
  expect(await readLock(project, project.session('back'))).toBe('flightrules session back; end it with: flightrules end back')
})

test('an agent’s hook that is killed as it locks leaves the worktree usable, and the next agent’s locks it', async () => {
  const project = await makeProject()
  const path = await makeWorktree(project, 'elsewhere')
  const killed = await callAgent(project, 'session-start', path, {}, { FLIGHTRULES_FAILPOINT: 'link:locked=kill' })
  expect([killed.status > 0, await readLock(project, path)]).toEqual([true, null])
  expect((await project.status()).sessions).toMatchObject([{ id: 'elsewhere', states: ['active', 'in use'] }])
  await callAgent(project, 'session-start', path, { session_id: 'another' })
  expect(await readLock(project, path)).toBe(talking)
})
