import { expect, test } from 'vitest'
import { splitRest } from '../../../src/cli/split-rest.ts'
import type { CommandSpec } from '../../../src/commands/command.ts'

const table: CommandSpec[] = [
  {
    name: 'start',
    aliases: ['new'],
    summary: '',
    options: [
      { flags: '--goal <text>', description: '' },
      { flags: '--exec <command...>', description: '', rest: true },
    ],
  },
  { name: 'status', summary: '' },
]
const split = (line: string) => splitRest(line.split(' '), table)

test('everything after the flag is another program, its flags too', () => {
  expect(split('start a --goal x --exec sh -c --json')).toEqual({
    argv: ['start', 'a', '--goal', 'x'],
    rest: { attribute: 'exec', words: ['sh', '-c', '--json'] },
  })
})

test('a separator after the flag is not a word of it', () => {
  expect(split('new --exec -- claude --exec').rest?.words).toEqual(['claude', '--exec'])
})

test('the verb is found behind global flags and their values', () => {
  expect(split('-C start --json start --exec ls').rest?.words).toEqual(['ls'])
})

test.each(['start a --exec', 'start a --exec --', 'start a -- --exec ls', 'status --exec ls', 'nope --exec ls', ''])(
  'nothing is taken off %j',
  (line) => {
    const argv = line.split(' ')
    expect(splitRest(argv, table)).toEqual({ argv, rest: undefined })
  },
)
