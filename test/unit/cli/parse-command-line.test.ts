import { expect, test } from 'vitest'
import { parseCommandLine } from '../../../src/cli/parse-command-line.ts'
import type { CommandSpec } from '../../../src/commands/command.ts'

const run = async () => ({ data: {} })
const table: readonly CommandSpec[] = [
  {
    name: 'start',
    summary: 'begin',
    arguments: [{ syntax: '[name]', description: 'name' }],
    options: [
      { flags: '--goal <text>', description: 'goal', repeatable: true },
      { flags: '--issue <n>', description: 'issue', integer: true },
      { flags: '--no-setup', description: 'no setup' },
      { flags: '--mode <mode>', description: 'mode', choices: ['fast', 'slow'] },
    ],
    run,
  },
  {
    name: 'run',
    summary: 'run',
    arguments: [
      { syntax: '<id>', description: 'id' },
      { syntax: '[command...]', description: 'command' },
    ],
    passThrough: true,
    run,
  },
  {
    name: 'config',
    summary: 'config',
    subcommands: [
      { name: 'show', summary: 'show', run },
      { name: 'path', summary: 'path', run },
    ],
  },
  { name: 'radar', aliases: ['conflicts'], summary: 'radar', run },
]

function parse(...argv: string[]) {
  return parseCommandLine(argv, table, { version: '1.2.3', columns: 80 })
}

function parseMistake(...argv: string[]) {
  const parsed = parse(...argv)
  if (parsed.kind !== 'mistake') throw new Error(`no mistake in ${argv.join(' ')}`)
  return { name: parsed.name, code: parsed.error.code, hint: parsed.error.hint, status: parsed.error.exitStatus }
}

test('options arrive under their camel-cased names, typed', () => {
  expect(parse('start', 'auth', '--goal', 'a', '--goal', 'b', '--issue', '12', '--no-setup')).toMatchObject({
    kind: 'command',
    name: 'start',
    arguments: ['auth'],
    options: { goal: ['a', 'b'], issue: 12, setup: false, mode: undefined },
  })
})

test('what nobody said is undefined, a --no- flag true', () => {
  expect(parse('start')).toMatchObject({ arguments: [undefined], options: { goal: undefined, setup: true } })
})

test('flags all commands take count before and after the verb, directories add up', () => {
  expect(parse('-C', 'a', '--json', 'start', '-C', 'b', '-y', '--no-color')).toMatchObject({
    globals: { directories: ['a', 'b'], json: true, yes: true, color: false, dryRun: false },
  })
  expect(parse('--no-color', 'start')).toMatchObject({ globals: { color: false } })
})

test('a directory that is called like a command is none, after flags in one word too', () => {
  expect(parse('-qC', 'start', 'run', 'x')).toMatchObject({
    kind: 'command',
    name: 'run',
    globals: { directories: ['start'], quiet: true },
  })
  expect(parse('-C', 'run', 'start')).toMatchObject({ kind: 'command', name: 'start', globals: { directories: ['run'] } })
})

test('everything after the first argument of a pass-through command belongs to the other program', () => {
  expect(parse('run', 'auth', 'npm', 'test', '--json')).toMatchObject({
    arguments: ['auth', ['npm', 'test', '--json']],
    globals: { json: false },
  })
  expect(parse('run', '--json', 'auth', '--', 'npm', '--', 'x')).toMatchObject({
    arguments: ['auth', ['npm', '--', 'x']],
    globals: { json: true },
  })
})

test('flags between the first argument of a pass-through command and the separator are ours', () => {
  expect(parse('run', 'auth', '--json', '-C', 'x', '--', 'npm', '--json')).toMatchObject({
    arguments: ['auth', ['npm', '--json']],
    globals: { json: true, directories: ['x'] },
  })
  expect(parse('run', 'auth', '--dry-run', 'npm', '--json')).toMatchObject({
    arguments: ['auth', ['npm', '--json']],
    globals: { json: false, dryRun: true },
  })
  expect(parseMistake('run', 'auth', '--jsn', '--', 'npm')).toMatchObject({ name: 'run', code: 'UNKNOWN_OPTION' })
})

test('an alias is the command', () => {
  expect(parse('conflicts')).toMatchObject({ kind: 'command', name: 'radar' })
})

test('a command inside another is named with it', () => {
  expect(parse('config', 'show')).toMatchObject({ kind: 'command', name: 'config show' })
})

test.each([
  [['strat'], { name: 'flightrules', code: 'UNKNOWN_COMMAND', hint: 'did you mean start? See flightrules --help' }],
  [['strat', '--help'], { name: 'flightrules', code: 'UNKNOWN_COMMAND', hint: 'did you mean start? See flightrules --help' }],
  [
    ['start', '--gaol', 'x'],
    { name: 'start', code: 'UNKNOWN_OPTION', hint: 'did you mean --goal? See flightrules start --help' },
  ],
  [['sta'], { name: 'flightrules', code: 'UNKNOWN_COMMAND', hint: 'did you mean start? See flightrules --help' }],
  [['conflict'], { name: 'flightrules', code: 'UNKNOWN_COMMAND', hint: 'did you mean conflicts? See flightrules --help' }],
  [['rum'], { name: 'flightrules', code: 'UNKNOWN_COMMAND', hint: 'did you mean run? See flightrules --help' }],
  [['foo'], { name: 'flightrules', code: 'UNKNOWN_COMMAND', hint: 'see flightrules --help' }],
  [['--josn'], { name: 'flightrules', code: 'UNKNOWN_OPTION', hint: 'did you mean --json? See flightrules --help' }],
  [['config'], { name: 'config', code: 'MISSING_SUBCOMMAND', hint: 'see flightrules config --help' }],
  [['config', 'shwo'], { name: 'config', code: 'UNKNOWN_COMMAND', hint: 'did you mean show? See flightrules config --help' }],
  [['start', 'a', 'b'], { name: 'start', code: 'TOO_MANY_ARGUMENTS', hint: 'see flightrules start --help' }],
  [['start', '--issue', '-3'], { name: 'start', code: 'INVALID_VALUE', hint: 'see flightrules start --help' }],
  [['start', '--issue', '0x1f'], { name: 'start', code: 'INVALID_VALUE', hint: 'see flightrules start --help' }],
  [['start', '--mode', 'fats'], { name: 'start', code: 'INVALID_VALUE', hint: 'see flightrules start --help' }],
  [['start', '--goal'], { name: 'start', code: 'MISSING_VALUE', hint: 'see flightrules start --help' }],
  [['run'], { name: 'run', code: 'MISSING_ARGUMENT', hint: 'see flightrules run --help' }],
  [['help', 'strat'], { name: 'flightrules', code: 'UNKNOWN_COMMAND', hint: 'did you mean start? See flightrules --help' }],
])('%j is a mistake and nothing runs', (argv, expected) => {
  expect(parseMistake(...argv)).toEqual({ ...expected, status: 2 })
})

test.each([[[]], [['--help']], [['-h']], [['help']]])('%j gives the general help', (argv: string[]) => {
  const parsed = parse(...argv)
  expect(parsed).toMatchObject({ kind: 'text', name: 'help' })
  expect(parsed.kind === 'text' && parsed.text).toContain('Every command takes')
})

test('help for a command is the same asked either way', () => {
  const asked = parse('help', 'start')
  expect(asked).toMatchObject({ kind: 'text', name: 'help start' })
  expect(asked).toEqual(parse('start', '--help'))
  expect(parse('help', 'start', '--json', '--no-color')).toEqual(asked)
  expect(parse('--json', 'help', 'start')).toEqual(asked)
})

test('the version', () => {
  expect(parse('--version')).toEqual({ kind: 'text', name: 'version', text: '1.2.3' })
})
