import { utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { findMergedSessions } from '../../../src/sessions/find-merged.ts'
import { findStale } from '../../../src/sessions/cleanup/find-stale.ts'
import { noteHeartbeat } from '../../../src/sessions/heartbeat.ts'
import { readSessions } from '../../../src/sessions/read-status.ts'
import { toTimestamp } from '../../../src/sessions/timestamp.ts'
import { type Engine, makeEngine } from './engine.ts'

const agent = '0b1c'

/** A session with a commit that is in main already, and nobody in it. */
async function makeMerged(): Promise<{ engine: Engine; path: string; gitDir: string }> {
  const engine = await makeEngine()
  const { path } = await engine.start('login')
  await engine.commit('work', { [join(path, 'a.txt')]: 'a\n' }, path)
  await engine.git(['merge', '--quiet', 'session/login'])
  return { engine, path, gitDir: (await engine.session('login')).gitDir }
}

async function obstacleOf(engine: Engine): Promise<string | null> {
  const { context, set } = await engine.open()
  return (await findMergedSessions(context, set))[0]?.obstacle?.why ?? null
}

async function statusOf(engine: Engine) {
  const { context, set } = await engine.open()
  return (await readSessions(context, set)).report.sessions[0]
}

async function staleOf(engine: Engine): Promise<number> {
  const { context, set } = await engine.open()
  return (await findStale({ context, set, findings: [], staleAfter: 0, network: 'none', note: () => {} })).length
}

test('a session whose agent was heard from lately is in use, and is not cleaned up; one that said good-bye is', async () => {
  const { engine, gitDir } = await makeMerged()
  expect([await obstacleOf(engine), (await statusOf(engine))?.live, await staleOf(engine)]).toEqual([null, [], 1])

  await noteHeartbeat(gitDir, { agent, at: Date.now(), state: 'working' })
  expect(await obstacleOf(engine)).toMatch(/^an agent is at work in it, last heard of at \d{4}-/)
  expect(await statusOf(engine)).toMatchObject({ states: expect.arrayContaining(['in use']), live: [{ source: 'agent' }] })
  expect(await staleOf(engine)).toBe(0)

  await noteHeartbeat(gitDir, { agent, at: Date.now(), state: 'ended' })
  expect([await obstacleOf(engine), (await statusOf(engine))?.live]).toEqual([null, []])
})

test('an agent that was last heard from an hour ago is in nobody’s way, and its last word counts for the age of the session', async () => {
  const { engine, gitDir } = await makeMerged()
  const hour = 3_600_000
  await noteHeartbeat(gitDir, { agent, at: Date.now() - hour, state: 'working' })
  expect([await obstacleOf(engine), (await statusOf(engine))?.live]).toEqual([null, []])
  const ended = Date.now() + 24 * hour
  await noteHeartbeat(gitDir, { agent, at: ended, state: 'ended' })
  expect((await statusOf(engine))?.lastActivityAt).toBe(toTimestamp(new Date(ended)))
  const { context, set } = await engine.open()
  expect(await findStale({ context, set, findings: [], staleAfter: hour, network: 'none', note: () => {} })).toEqual([])
})

test('git’s lock of another tool keeps a session from being cleaned up, ours does not', async () => {
  const { engine, path } = await makeMerged()
  expect(await obstacleOf(engine)).toBeNull()
  await engine.git(['worktree', 'unlock', path])
  await engine.git(['worktree', 'lock', '--reason', 'claude agent 77 (pid 4711)', path])
  expect(await obstacleOf(engine)).toBe('somebody else has locked it: claude agent 77 (pid 4711)')
  expect((await statusOf(engine))?.live).toEqual([{ source: 'lock', detail: 'claude agent 77 (pid 4711)' }])
  expect(await staleOf(engine)).toBe(0)
})

test('a file that is not committed and changed a moment ago is named, and one from yesterday is not', async () => {
  const { engine, path } = await makeMerged()
  await writeFile(join(path, 'new.txt'), 'x')
  expect(await statusOf(engine)).toMatchObject({
    states: expect.not.arrayContaining(['in use']),
    live: [{ source: 'files', detail: expect.stringContaining('new.txt changed at ') }],
  })
  expect(await staleOf(engine)).toBe(0)
  const yesterday = Date.now() / 1000 - 86_400
  await utimes(join(path, 'new.txt'), yesterday, yesterday)
  expect([(await statusOf(engine))?.live, await staleOf(engine)]).toEqual([[], 1])
})

test.each([
  ['nothing', ''],
  ['no JSON', '{'],
  ['other types', '{"version":1,"agents":{"x":7}}'],
  ['a time that is none', '{"version":1,"agents":{"x":{"at":"soon","state":"working"}}}'],
])('a heartbeat that is %s is none, and is written anew', async (_what, content) => {
  const { engine, gitDir } = await makeMerged()
  await writeFile(join(gitDir, 'flightrules-alive.json'), content)
  expect(await obstacleOf(engine)).toBeNull()
  await noteHeartbeat(gitDir, { agent, at: Date.now(), state: 'working' })
  expect(await obstacleOf(engine)).not.toBeNull()
})
