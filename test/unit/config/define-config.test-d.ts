/** Checked by the compiler, not run: what an editor completes and what it marks as wrong. */
import { type HookContext, type PresetName, defineConfig, definePreset } from '../../../src/index.ts'

defineConfig({})
defineConfig({ extends: ['pnpm', 'one-of-our-own', definePreset({ name: 'ours', ports: { WEB: 1 } })] })
defineConfig({
  ports: { PORT: 3000, API: { from: 1, to: 2 } },
  postCreateHook: async ({ ports, worktree }) => void [ports['PORT'], worktree],
})
defineConfig({ sessionLog: false, end: { sync: 'rebase' }, hooks: { postMerge: { cleanup: false } } })

export const everyPreset: readonly PresetName[] = [
  'npm',
  'pnpm',
  'yarn',
  'bun',
  'python-uv',
  'python-venv',
  'rust',
  'go',
  'compose',
  'monorepo',
]
export const isNumber = (context: HookContext): number | undefined => context.ports['PORT']

// @ts-expect-error a misspelt key
defineConfig({ sesionsDir: '.sessions' })
// @ts-expect-error a misspelt key further down
defineConfig({ end: { pr: { label: [] } } })
// @ts-expect-error a value that is not among the choices
defineConfig({ end: { strategy: 'rebase' } })
// @ts-expect-error a port is a number or a range
defineConfig({ ports: { PORT: '3000' } })
// @ts-expect-error a range needs both ends
defineConfig({ ports: { PORT: { from: 1 } } })
// @ts-expect-error a log is switched off by false, not on by true
defineConfig({ sessionLog: true })
// @ts-expect-error a preset has a name
definePreset({ ports: { WEB: 1 } })
// @ts-expect-error a preset extends nothing
definePreset({ name: 'ours', extends: ['npm'] })
