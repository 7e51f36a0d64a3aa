import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { loadHeartbeats } from '../../../src/sessions/heartbeat.ts'
import { makeEngine } from '../sessions/engine.ts'
import { callAgent, silence } from './call-agent.ts'

test('when an agent stops with uncommitted work the person learns it, once for each conversation', async () => {
  const engine = await makeEngine()
  const { path } = await engine.start('login')
  const input = { stop_hook_active: false, last_assistant_message: 'Done.', background_tasks: [] }
  expect(await callAgent(engine, 'stop', path, input)).toMatchObject(silence)
  await writeFile(join(path, 'new.js'), 'x')
  const first = await callAgent(engine, 'stop', path, input)
  expect(first).toMatchObject({ status: 0, stderr: '' })
  expect(first.answer).toEqual({ systemMessage: expect.stringContaining('session login has 1 uncommitted file: new.js') })
  expect(await callAgent(engine, 'stop', path, input)).toMatchObject(silence)
  expect((await callAgent(engine, 'stop', path, { ...input, session_id: 'another' })).answer.systemMessage).toBeDefined()
})

test('each event is a sign of life, and the end of the conversation is the end of it', async () => {
  const engine = await makeEngine()
  const { path } = await engine.start('login')
  const { gitDir } = await engine.session('login')
  const states = async () => (await loadHeartbeats(gitDir)).map(({ agent, state }) => [agent, state])
  expect(await states()).toEqual([])
  await callAgent(engine, 'subagent-stop', path, { agent_id: 'a1', agent_type: 'Explore' })
  expect(await states()).toEqual([['abc123', 'working']])
  await callAgent(engine, 'session-end', path, { reason: 'prompt_input_exit' })
  expect(await states()).toEqual([['abc123', 'ended']])
  await callAgent(engine, 'session-start', path, { source: 'resume' })
  expect(await states()).toEqual([['abc123', 'working']])
})

test('the main directory is no session: nothing is noted, and its changes are nobody’s business', async () => {
  const engine = await makeEngine()
  await engine.start('login')
  await engine.write('new.js', 'x')
  expect(await callAgent(engine, 'stop', engine.path)).toMatchObject(silence)
  expect(await loadHeartbeats(engine.commonDir)).toEqual([])
})
