import { expect, test } from 'vitest'
import { type Asker, decide, findSettings } from '../../../src/cli/decide.ts'
import { runCommand } from '../../../src/cli/run-command.ts'
import type { CommandSpec, Invocation } from '../../../src/commands/command.ts'
import { FlightRulesError } from '../../../src/errors.ts'
import { RecordingScreen } from '../../support/recording-screen.ts'

const spec: CommandSpec = {
  name: 'end',
  summary: 'end',
  options: [
    { flags: '--stash', description: '' },
    { flags: '--commit <message>', description: '' },
    { flags: '--strategy <name>', description: '', choices: ['pr', 'keep'] },
    { flags: '--sync [method]', description: '' },
    { flags: '--no-setup', description: '' },
    { flags: '--goal <text>', description: '', repeatable: true },
  ],
  async run({ options }) {
    if (options['stash'] === true || options['commit'] !== undefined || options['strategy'] !== undefined)
      return { data: options }
    throw new FlightRulesError({
      kind: 'decision',
      code: 'DIRTY',
      message: 'there are changes',
      choices: [
        { flag: '--stash', label: 'Stash' },
        { flag: '--commit <message>', label: 'Commit' },
        { flag: 'flightrules cleanup', label: 'Something else' },
        { flag: '--strategy keep', label: 'Keep' },
      ],
    })
  },
}

function makeInvocation(changes: Partial<Invocation> = {}): Invocation {
  return {
    arguments: [],
    options: { setup: true },
    cwd: '/',
    env: {},
    signal: new AbortController().signal,
    json: false,
    yes: false,
    dryRun: false,
    interactive: true,
    screen: new RecordingScreen(),
    ...changes,
  }
}

function makeAsker(pick: number | undefined, typed?: string): Asker & { asked: string[] } {
  const asked: string[] = []
  return {
    asked,
    async choice(_, choices) {
      asked.push(...choices.map(({ label }) => label))
      return pick
    },
    async text(question) {
      asked.push(question)
      return typed
    },
  }
}

test('a choice of a flag runs the command again with it', async () => {
  const asker = makeAsker(0)
  expect(await runCommand(spec, makeInvocation(), asker)).toEqual({ data: { setup: true, stash: true } })
  expect(asker.asked).toEqual(['Stash', 'Commit', 'Keep', 'Stop here'])
})

test('a choice with a value asks for it', async () => {
  const asker = makeAsker(1, 'my words')
  expect(await runCommand(spec, makeInvocation(), asker)).toEqual({ data: { setup: true, commit: 'my words' } })
  expect(asker.asked).toContain('Commit: message')
})

test('a choice with its value given asks nothing more', async () => {
  expect(await runCommand(spec, makeInvocation(), makeAsker(2))).toEqual({ data: { setup: true, strategy: 'keep' } })
})

test('a choice that is an argument asks for it', async () => {
  const start: CommandSpec = {
    name: 'start',
    summary: '',
    arguments: [{ syntax: '[name]', description: '' }],
    async run({ arguments: [name] }) {
      if (name !== undefined) return { data: name }
      throw new FlightRulesError({
        kind: 'decision',
        code: 'NAME_NEEDED',
        message: 'no name',
        choices: [{ flag: '<name>', label: 'Name it' }],
      })
    },
  }
  const asker = makeAsker(0, 'login')
  expect(await runCommand(start, makeInvocation({ arguments: [undefined] }), asker)).toEqual({ data: 'login' })
  expect(asker.asked).toEqual(['Name it', 'Stop here', 'Name it: name'])
})

test.each([
  ['stopping', makeAsker(3), {}],
  ['Escape', makeAsker(undefined), {}],
  ['Escape at the text', makeAsker(1, undefined), {}],
  ['no terminal', makeAsker(0), { interactive: false }],
  ['--yes', makeAsker(0), { yes: true }],
])('%s leaves the refusal as it is', async (_, asker, changes) => {
  await expect(runCommand(spec, makeInvocation(changes), asker)).rejects.toMatchObject({ code: 'DIRTY', exitStatus: 3 })
})

test('flags of a choice are read as the command line would', () => {
  const read = (flag: string) => findSettings({ flag, label: '' }, spec)?.map(({ attribute, value }) => [attribute, value])
  expect(read('--no-setup')).toEqual([['setup', false]])
  expect(read('--sync rebase')).toEqual([['sync', 'rebase']])
  expect(read('--sync')).toEqual([['sync', true]])
  expect(read('--strategy keep --commit <msg>')).toEqual([
    ['strategy', 'keep'],
    ['commit', undefined],
  ])
  expect(read('--unknown')).toBeUndefined()
})

test('what only a person can know is not what a bare Enter takes', async () => {
  const asker = makeAsker(undefined)
  const choices = [{ flag: '--stash', label: 'Stash', risky: true }] as const
  const error = new FlightRulesError({ kind: 'decision', code: 'DIRTY', message: 'there are changes', choices: [...choices] })
  expect(await decide(error, spec, makeInvocation(), asker)).toBeUndefined()
  expect(asker.asked).toEqual(['Stop here', 'Stash'])
})
