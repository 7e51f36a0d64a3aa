import { expect, test } from 'vitest'
import type { AppliedInit } from '../../../src/githooks/install/apply-init.ts'
import type { HookManager, InitPlan, WriteStep } from '../../../src/githooks/install/init-plan.ts'
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

test('many files that are much alike are one line', () => {
  const group = '7 slash commands for claude: /dev-session.start and others'
  const files = ['a.md', 'b.md'].map((name) => `.claude/commands/${name}`)
  const steps = files.map((file): WriteStep => ({
    kind: 'write',
    file: `/shop/${file}`,
    before: null,
    after: Buffer.from('x'),
    mode: 0o644,
    why: 'y',
    group,
  }))
  const said = sayInit('husky', ['.husky/pre-push', ...files], steps)
  expect(said).toContain(
    'created  .husky/pre-push\ncreated  .claude/commands    7 slash commands for claude: /dev-session.start and others\nhooks: husky',
  )
})

function sayInit(hooks: HookManager, created: readonly string[], steps: readonly WriteStep[] = []): string {
  const plan: InitPlan = {
    main: '/shop',
    commonDir: '/shop/.git',
    hooks,
    presets: [],
    agents: [],
    steps,
    kept: [],
    findings: [],
    config: null,
    taken: null,
    next: [],
  }
  const result: AppliedInit = { created, changed: [], kept: [], presets: [], hooks, agents: [], imported: [], approved: null }
  const screen = new RecordingScreen()
  showInit(screen, plan, result)
  return screen.answers.join('\n')
}
