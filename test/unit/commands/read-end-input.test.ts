import { expect, test } from 'vitest'
import type { Invocation, OptionValue } from '../../../src/commands/command.ts'
import { readEndInput } from '../../../src/commands/read-end-input.ts'
import { defaultConfig } from '../../../src/config/defaults.ts'
import type { EndStrategy } from '../../../src/config/types.ts'
import { RecordingScreen } from '../../support/recording-screen.ts'

function read(configured: EndStrategy, options: Readonly<Record<string, OptionValue>>, answered = false) {
  const invocation: Invocation = {
    arguments: [],
    options,
    cwd: '/here',
    env: {},
    signal: new AbortController().signal,
    json: false,
    yes: false,
    dryRun: false,
    interactive: false,
    answered,
    screen: new RecordingScreen(),
  }
  const config = defaultConfig
  return readEndInput(invocation, { ...config, end: { ...config.end, strategy: configured } })
}

test.each([{ pushOnly: true }, { draft: true }, { title: 'x' }, { bodyFile: 'x.md' }])(
  '%j asks for a request, whatever strategy is configured',
  (options) => {
    expect(read('merge', options).strategy).toBe('pr')
    expect(read('keep', options).strategy).toBe('pr')
  },
)

test.each([
  ['merge', { pushOnly: true }, '--push-only'],
  ['keep', { draft: true }, '--draft'],
  ['merge', { title: 'x' }, '--title'],
  ['abandon', { bodyFile: 'x.md' }, '--body-file'],
  ['keep', { proceed: true }, '--proceed'],
  ['merge', { saveLog: true }, '--save-log'],
  ['pr', { saveLog: true }, '--save-log'],
  ['keep', { message: 'x' }, '--message'],
  ['pr', { merge: 'squash' }, '--merge'],
  ['abandon', { keepWorktree: true }, '--keep-worktree'],
  ['abandon', { sync: 'rebase' }, '--sync'],
] as const)('strategy %s with %j is a mistake that names %s', (strategy, options, flag) => {
  const refusal = expect.objectContaining({
    kind: 'usage',
    code: 'USAGE',
    message: expect.stringMatching(`^${flag} .* is ${strategy}$`),
  })
  expect(() => read('pr', { ...options, strategy })).toThrow(refusal)
  expect(read('pr', { ...options, strategy }, true).strategy).toBe(strategy)
})

test('a flag of merging does not ask for a merge where another strategy is configured', () => {
  expect(() => read('pr', { message: 'x' })).toThrow('--message is for --strategy merge, but the strategy is pr')
  expect(read('merge', { message: 'x', merge: 'squash' })).toMatchObject({ strategy: 'merge', message: 'x', merge: 'squash' })
})

test('what is left as it is anyway may be asked for', () => {
  expect(read('keep', { keepWorktree: true, keepBranch: true, saveLog: true }).strategy).toBe('keep')
  expect(read('pr', { keepWorktree: true, keepBranch: true }).strategy).toBe('pr')
  expect(read('pr', { strategy: 'abandon', keepBranch: true, saveLog: true }).strategy).toBe('abandon')
})

test('a file for the text is found from where the command runs', () => {
  expect(read('pr', { bodyFile: 'text.md' }).bodyFile).toBe('/here/text.md')
})
