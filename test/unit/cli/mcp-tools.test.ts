import { describe, expect, test } from 'vitest'
import * as z from 'zod'
import { commandTable } from '../../../src/cli/command-table.ts'
import { type Tool, argument, option } from '../../../src/cli/mcp/tool.ts'
import { tools } from '../../../src/cli/mcp/tools.ts'
import { parseCommandLine } from '../../../src/cli/parse-command-line.ts'

type JsonSchema = Readonly<Record<string, unknown>>

/** A value for each parameter, so that every flag of the tool is there. */
function fill(schema: JsonSchema): unknown {
  if (Array.isArray(schema['enum'])) return schema['enum'][0]
  if (schema['type'] === 'boolean') return true
  if (schema['type'] === 'integer') return 7
  return schema['type'] === 'array' ? ['--one', 'two\nlines'] : '--value'
}

const fillAll = (tool: Tool): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(z.toJSONSchema(tool.input).properties ?? {}).map(([name, schema]) => [name, fill(schema as JsonSchema)]),
  )

describe('the words of a tool', () => {
  test.each(tools.map((tool) => [tool.name, tool] as const))(
    '%s: each is known to the command line, and none becomes a flag',
    (_, tool) => {
      const input = fillAll(tool)
      expect(tool.input.safeParse(input).success).toBe(true)
      const parsed = parseCommandLine(['--json', ...tool.toArgv(input)], commandTable, { version: '1', columns: 80 })
      if (parsed.kind !== 'command') throw parsed.kind === 'mistake' ? parsed.error : new Error(parsed.kind)
      expect([parsed.globals.json, parsed.globals.yes, parsed.globals.directories]).toEqual([true, false, []])
      if ('session' in input) expect(parsed.arguments[0]).toBe('--value')
    },
  )

  test('none lets go of work, approves, or goes past a hook', () => {
    const forbidden = /^--(?:yes|strategy=abandon|discard.*|no-verify|id|digest|exec|force)\b/
    const words = tools.flatMap((tool) => tool.toArgv(fillAll(tool)))
    expect(words.filter((word) => forbidden.test(word))).toEqual([])
    const verbs = new Set(tools.map((tool) => tool.toArgv({})[0]))
    for (const verb of ['trust', 'run', 'unlock', 'undo', 'trash', 'init', 'agent', 'hook']) expect(verbs.has(verb)).toBe(false)
  })

  test('values stay with their flag', () => {
    expect(option('--goal', ['--help', 'b'])).toEqual(['--goal=--help', '--goal=b'])
    expect([option('--draft', true), option('--draft', false), option('--draft', undefined)]).toEqual([['--draft'], [], []])
    expect([argument('-x'), argument(undefined)]).toEqual([['--', '-x'], []])
  })
})
