import fc from 'fast-check'
import { expect, test } from 'vitest'
import { agentEvents } from '../../../src/agents/hooks/handlers.ts'
import { planClaudeSettings, removeClaudeSettings } from '../../../src/agents/settings/claude-settings.ts'

interface Settings {
  hooks: Record<string, { matcher?: string; hooks: { type: string; command: string }[] }[]>
}

const read = (text: string): Settings => JSON.parse(text) as Settings

test('a file that is not there yet has nothing but the hooks, one for each event we know', () => {
  const { hooks, ...rest } = read(planClaudeSettings(undefined))
  expect(rest).toEqual({})
  const commands = Object.values(hooks).map((groups) => groups[0]?.hooks[0]?.command ?? '')
  expect(commands.map((command) => / agent ([a-z-]+)/.exec(command)?.[1]).sort()).toEqual([...agentEvents].sort())
  expect(hooks['PreToolUse']?.[0]?.matcher).toBe('Edit|Write|MultiEdit|NotebookEdit|Bash|PowerShell')
})

const theirs = `{
    "model":   "opus",  "permissions": {"allow": ["Bash(npm *)"]},
    "hooks": {
        "Stop": [ { "hooks": [ {"type": "command", "command": "say \\"done\\" \\u00e9"} ] } ],
        "Notification": []
    },
    "zebra": 1e3
}
`

test.each([
  ['settings with hooks of somebody', theirs],
  ['settings without any', '{\n\t"a": [1, 2],\n\t"b": {}\n}'],
  ['an empty object', '{}'],
  ['lines that end as on Windows', '{\r\n  "a": 1\r\n}\r\n'],
  ['one line', '{"a":{"hooks":1},"hooks":{"Stop":[{"hooks":[]}]}}'],
  ['a mark at its beginning', '\uFEFF{\n  "a": 1\n}\n'],
])('%s get ours, keep every byte, get them once, and are as they were without them', (_what, text) => {
  const planned = planClaudeSettings(text)
  expect(planned).not.toBe(text)
  expect(planClaudeSettings(planned)).toBe(planned)
  expect(removeClaudeSettings(planned)).toBe(text)
  expect(planned.includes('\r\n')).toBe(text.includes('\r\n'))
  expect(planned.replaceAll('\r\n', '').includes('\n')).toBe(!text.includes('\r\n'))
})

test('hooks of an older version are replaced, those of others in the same group stay', () => {
  const old = planClaudeSettings(undefined).replaceAll(' agent ', ' --old agent ')
  expect(read(planClaudeSettings(old))).toEqual(read(planClaudeSettings(undefined)))
  const mixed = JSON.stringify({
    hooks: {
      Stop: [
        {
          hooks: [
            { type: 'command', command: ': flightrules; old' },
            { type: 'command', command: 'flightrules status' },
          ],
        },
      ],
    },
  })
  expect(removeClaudeSettings(mixed)).toBe('{"hooks":{"Stop":[{"hooks":[{"type":"command","command":"flightrules status"}]}]}}')
})

test('a program in a folder of a monorepo is looked for there', () => {
  expect(planClaudeSettings(undefined, 'apps/web')).toContain('$c/../apps/web/node_modules/.bin/flightrules')
})

test.each(['{ // a comment\n}', '[]', '7', '{"hooks": []}', '{"hooks": {"Stop": {}}}', '{"hooks": "x"}'])(
  '%s is refused, not changed',
  (text) => {
    expect(() => planClaudeSettings(text)).toThrow(expect.objectContaining({ code: 'AGENT_SETTINGS_INVALID' }))
  },
)

test('whatever is in it stays, and goes through any number of times', () => {
  const settings = fc.record(
    {
      a: fc.jsonValue(),
      hooks: fc.dictionary(
        fc.constantFrom('Stop', 'PreToolUse', 'Other'),
        fc.array(
          fc.record({ matcher: fc.string(), hooks: fc.array(fc.record({ type: fc.constant('command'), command: fc.string() })) }),
        ),
        { noNullPrototype: true },
      ),
      z: fc.jsonValue(),
    },
    { requiredKeys: [], noNullPrototype: true },
  )
  fc.assert(
    fc.property(settings, fc.constantFrom(undefined, 1, 2, 4, '\t'), (value, indent) => {
      const text = JSON.stringify(value, null, indent)
      const planned = planClaudeSettings(text)
      expect(planClaudeSettings(planned)).toBe(planned)
      expect(JSON.parse(removeClaudeSettings(planned))).toEqual(dropEmptied(JSON.parse(text) as Record<string, unknown>))
    }),
  )
})

/** An empty list of hooks goes with ours, and with it what held nothing else. */
function dropEmptied({ hooks, ...rest }: Record<string, unknown>): unknown {
  if (hooks === undefined) return rest
  const left = Object.entries(hooks as Record<string, unknown[]>).filter(
    ([event, groups]) => event === 'Other' || groups.length > 0,
  )
  return left.length === 0 ? rest : { ...rest, hooks: Object.fromEntries(left) }
}
