import { expect, test } from 'vitest'
import type { AppliedInit } from '../../../src/githooks/install/apply-init.ts'
import type { HookManager, InitPlan } from '../../../src/githooks/install/init-plan.ts'
import { showInit } from '../../../src/ui/views/init-view.ts'
import { RecordingScreen } from '../../support/recording-screen.ts'

const again = 'flightrules init    in every other clone too'

test.each([
  ['native', true],
  ['pre-commit', true],
  ['husky', false],
  ['lefthook', false],
] as const)('where %s runs the hooks, whether clones need an init of their own is said', (hooks, expected) => {
  expect(sayInit(hooks, ['flightrules.config.json']).includes(again)).toBe(expected)
})

test('a second init has nothing to say about clones', () => {
  expect(sayInit('native', [])).not.toContain(again)
})

function sayInit(hooks: HookManager, created: readonly string[]): string {
  const plan: InitPlan = {
    main: '/shop',
    commonDir: '/shop/.git',
    hooks,
    presets: [],
    steps: [],
    kept: [],
    findings: [],
    config: null,
    next: [],
  }
  const result: AppliedInit = { created, changed: [], kept: [], presets: [], hooks, agents: [], approved: null }
  const screen = new RecordingScreen()
  showInit(screen, plan, result)
  return screen.answers.join('\n')
}
