import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeEngine } from '../sessions/engine.ts'
import { callRaw, silence } from './call-agent.ts'

/** A name as people have them, and a session in which a sibling has changed a file of it. */
const engine = await makeEngine({ name: 'läden 店 🛒' })
const { path: here } = await engine.start('login', { goals: ['Ünïcode 目標 🎯'] })
const { path: there } = await engine.start('search')
await writeFile(join(there, '名 å.txt'), 'theirs\n')

/** As the agent's documentation prints them; `$HERE` is the worktree. */
const common =
  '"session_id":"abc123","prompt_id":"550e","transcript_path":"/home/me/.claude/projects/x/abc123.jsonl","cwd":"$HERE"'
const bash = `{${common},"permission_mode":"default","hook_event_name":"PreToolUse","tool_name":"Bash","tool_input":{"command":"npm test","description":"Run test suite","timeout":120000,"run_in_background":false},"tool_use_id":"toolu_01ABC123"}`
const tool = (name: string, input: string): string =>
  bash.replace('"Bash"', `"${name}"`).replace(/"tool_input":\{.*?\}/, `"tool_input":${input}`)
const examples: readonly (readonly [event: string, text: string, says: string | null])[] = [
  ['pre-tool-use', bash, null],
  ['pre-tool-use', bash.replace('npm test', 'git push --no-verify'), '"permissionDecision":"deny"'],
  ['pre-tool-use', tool('PowerShell', '{"command":"git push --no-verify"}'), '"permissionDecision":"deny"'],
  ['pre-tool-use', tool('Write', '{"file_path":"$HERE/名 å.txt","content":"x"}'), 'session search has changed 名 å.txt too'],
  ['pre-tool-use', tool('Edit', '{"file_path":"$HERE/README.md","old_string":"a","new_string":"b","replace_all":false}'), null],
  ['pre-tool-use', tool('Edit', '{"file_path":"C:\\\\Users\\\\me\\\\x.ts","old_string":"a","new_string":"b"}'), null],
  ['pre-tool-use', tool('Bash', '{"command":"rm -rf C:\\\\\\\\Users\\\\\\\\me"}'), null],
  ['pre-tool-use', tool('Read', '{"file_path":"$HERE/名 å.txt"}'), null],
  [
    'session-start',
    `{"session_id":"abc123","transcript_path":"/x","cwd":"$HERE","hook_event_name":"SessionStart","source":"startup","model":"claude-sonnet-5","agent_type":"x","session_title":"t"}`,
    '- Ünïcode 目標 🎯',
  ],
  [
    'stop',
    `{${common},"hook_event_name":"Stop","stop_hook_active":true,"last_assistant_message":"…","background_tasks":[]}`,
    null,
  ],
  ['subagent-stop', `{${common},"hook_event_name":"SubagentStop","agent_id":"a1","agent_type":"Explore"}`, null],
  ['session-end', `{${common},"hook_event_name":"SessionEnd","reason":"prompt_input_exit"}`, null],
  ['worktree-remove', `{${common},"hook_event_name":"WorktreeRemove","worktree_path":"/Users/me/none"}`, null],
]

const inPlace = (text: string): string => text.replaceAll('$HERE', here)

describe.each(examples)('%s %s', (event, text, says) => {
  test('is answered in the documented form, and nothing else is', async () => {
    const { status, stdout, stderr } = await callRaw(engine, event, inPlace(text))
    expect([status, stderr]).toEqual([0, ''])
    if (says === null) expect(stdout).toBe('')
    else expect(stdout).toContain(says)
    if (says !== null) expect(Object.keys(JSON.parse(stdout) as object)).toEqual(['hookSpecificOutput'])
  })

  test('cut off anywhere it says nothing, and the agent goes on', async () => {
    const bytes = Buffer.from(inPlace(text))
    const ends = [1, Math.floor(bytes.length / 3), Math.floor(bytes.length / 2), bytes.length - 1]
    const results = await Promise.all(ends.map((end) => callRaw(engine, event, bytes.subarray(0, end).toString())))
    expect(results).toMatchObject(ends.map(() => silence))
  })
})

test('more than is read is nobody’s to answer, and is read to no end', async () => {
  const content = 'x'.repeat(33 * 1024 * 1024)
  const text = inPlace(tool('Write', `{"file_path":"$HERE/名 å.txt","content":"${content}"}`)).replace('abc123', 'another')
  expect(await callRaw(engine, 'pre-tool-use', text)).toMatchObject(silence)
})

test('a worktree that is asked for as documented is made, and its path is the last line', async () => {
  const text = `{"session_id":"abc123","transcript_path":"/x","cwd":"$MAIN","hook_event_name":"WorktreeCreate","name":"feature-auth"}`
  const { status, stdout } = await callRaw(engine, 'worktree-create', text.replace('$MAIN', engine.path))
  expect([status, stdout]).toEqual([0, `${join(engine.sessionsDir, 'feature-auth')}\n`])
})
