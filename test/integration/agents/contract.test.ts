import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { agentEvents } from '../../../src/agents/hooks/handlers.ts'
import { packedPackage } from '../../support/packed-package.ts'
import { runCli } from '../../support/run-cli.ts'
import { runProgram } from '../../support/run-cli.ts'
import { makeEngine } from '../sessions/engine.ts'
import { commonFields } from '../../support/claude-input.ts'
import { callAgent, callRaw, silence } from './call-agent.ts'

/** Nothing else can be done where no worktree can be made, than to say so. */
const events = agentEvents.filter((event) => event !== 'worktree-create')

const engine = await makeEngine()
const { path: session } = await engine.start('login')
/** Nothing is going on there. */
const quiet = (await makeEngine()).path

const garbage: readonly (readonly [string, string])[] = [
  ['nothing', ''],
  ['no JSON', 'hello'],
  ['a list', '[1,2]'],
  ['null', 'null'],
  ['a number', '7'],
  ['no fields', '{}'],
  ['a half', JSON.stringify(commonFields(session, 'Stop')).slice(0, 70)],
  [
    'fields of other types',
    JSON.stringify({ cwd: 7, session_id: [], tool_name: {}, tool_input: 'x', worktree_path: false, stop_hook_active: 'yes' }),
  ],
  [
    'a tool input of other types',
    JSON.stringify({ ...commonFields(quiet, 'PreToolUse'), tool_name: 'Bash', tool_input: { command: [1] } }),
  ],
  [
    'a Windows path',
    JSON.stringify({
      ...commonFields('C:\\Users\\me\\shop', 'Stop'),
      worktree_path: 'C:\\x',
      tool_name: 'Edit',
      tool_input: { file_path: 'C:\\x\\y' },
    }),
  ],
  ['a directory that is not there', JSON.stringify(commonFields('/no/such/place', 'Stop'))],
  ['a path with a NUL', JSON.stringify(commonFields('/tmp/\0x', 'Stop'))],
  ['a lone half of a character', `{"cwd":"/\\ud800","session_id":"\\ud800"}`],
  ['bytes that are no text', '{"cwd":"\u0000\ufffd'],
]

describe.each(events)('%s', (event) => {
  test('says nothing where it cannot tell what it was told', async () => {
    const results = await Promise.all(garbage.map(async ([what, input]) => ({ what, ...(await callRaw(engine, event, input)) })))
    expect(results).toMatchObject(garbage.map(([what]) => ({ what, ...silence })))
  })

  test('says nothing outside of a repository, nor where it is switched off', async () => {
    const elsewhere = await mkdtemp(join(tmpdir(), 'flightrules-none-'))
    expect(await callAgent(engine, event, elsewhere)).toMatchObject(silence)
    expect(await callAgent(engine, event, session, { worktree_path: session }, { FLIGHTRULES: '0' })).toMatchObject(silence)
  })

  test('bears a megabyte, and fields nobody knows', async () => {
    const fields = {
      tool_name: 'Unheard-of',
      tool_input: { text: 'x'.repeat(1_500_000) },
      tomorrow: { a: [1] },
      worktree_path: '/none',
    }
    expect(await callAgent(engine, event, quiet, fields)).toMatchObject(silence)
  })
})

test('where a worktree is asked for that cannot be told is said, and nothing is taken for its path', async () => {
  const results = await Promise.all(
    garbage.map(async ([what, input]) => ({
      what,
      ...(await callRaw(engine, 'worktree-create', input.replace(quiet, '/none'))),
    })),
  )
  const said = expect.stringMatching(/^flightrules: no worktree was made: /)
  expect(results).toMatchObject(garbage.map(([what]) => ({ what, status: 1, stdout: '', stderr: said })))
})

test('an agent that leaves the pipe open is answered all the same', async () => {
  await writeFile(join(session, 'new.txt'), 'x')
  const child = spawn(process.execPath, [join(packedPackage(), 'dist', 'cli.cjs'), 'agent', 'stop'], { env: engine.env })
  child.stdin.write(JSON.stringify(commonFields(session, 'Stop')).slice(0, 50))
  child.stdin.write(JSON.stringify(commonFields(session, 'Stop')).slice(50))
  const [answer] = (await once(child.stdout, 'data')) as [Buffer]
  expect(answer.toString()).toContain('new.txt')
  expect(await once(child, 'exit')).toEqual([0, null])
})

test('an event nobody knows says nothing', async () => {
  for (const event of ['post-compact', 'constructor', '__proto__', 'Stop'])
    expect(await callAgent(engine, event, session)).toMatchObject(silence)
})

test('words after the event, which a newer agent may add, stop nobody', async () => {
  const input = JSON.stringify(commonFields(quiet, 'PreToolUse'))
  for (const words of [['more'], ['--new-flag'], ['--', 'x']])
    expect(await runCli(['agent', 'pre-tool-use', ...words], { cwd: engine.parent, env: engine.env, input })).toEqual(silence)
})

test('a defect of ours is shown only to who looks for it', async () => {
  // the file system says no to what is noted
  const gone = { PATH: '' }
  const { stderr, ...rest } = await callAgent(engine, 'session-start', session, {}, { ...gone, FLIGHTRULES_DEBUG: '1' })
  expect(rest).toMatchObject({ status: 0, stdout: '' })
  expect(stderr).toContain('git')
  expect(await callAgent(engine, 'session-start', session, {}, gone)).toMatchObject(silence)
})

test('an installation that is damaged, wherever, never blocks an agent', async () => {
  const root = await mkdtemp(join(tmpdir(), 'flightrules-damaged-'))
  onTestFinished(() => rm(root, { recursive: true }))
  await cp(packedPackage(), root, { recursive: true })
  const chunks = join(root, 'dist', 'chunks')
  const names = (await readdir(chunks)).filter((name) => /^(?:agent|base|guard-shell)-[\w-]{8}\.cjs$/.test(name))
  expect(names).toHaveLength(3)
  const input = JSON.stringify({
    ...commonFields(session, 'PreToolUse'),
    tool_name: 'Bash',
    tool_input: { command: 'git push --no-verify' },
  })
  const call = () =>
    runProgram(process.execPath, [join(root, 'dist', 'cli.cjs'), 'agent', 'pre-tool-use'], { cwd: root, env: engine.env, input })
  expect((await call()).stdout).toContain('"deny"')
  for (const name of names) {
    const whole = await readFile(join(chunks, name))
    for (const damage of ['', 'cut off (', 'throw new Error()']) {
      await writeFile(join(chunks, name), damage)
      const { status, stdout } = await call()
      // 2 is what stops an agent; of any other it takes no notice
      expect([name, damage, [0, 1].includes(status), stdout]).toEqual([name, damage, true, ''])
    }
    await writeFile(join(chunks, name), whole)
  }
})
