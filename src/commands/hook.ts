import type { HooksHere, HooksHereInput } from '../githooks/install/install-hooks-here.ts'
import type { Plan } from '../operations/plan.ts'
import type { CommandSpec, Invocation, Outcome } from './command.ts'

export const hookCommand: CommandSpec = {
  name: 'hook',
  summary: "git's hooks",
  subcommands: [
    {
      name: 'install',
      summary: "make git run husky's hooks in this clone, where init put ours into them (for a prepare script)",
      run: installHooks,
    },
  ],
}

async function installHooks({ cwd, env, signal, dryRun }: Invocation): Promise<Outcome> {
  const [{ Git }, { installHooksHere }, { requirePackageRoot }] = await Promise.all([
    import('../git/git.ts'),
    import('../githooks/install/install-hooks-here.ts'),
    import('../githooks/install/package-root.ts'),
  ])
  const input = { git: new Git(cwd, env, signal), node: process.execPath, packageRoot: await requirePackageRoot() }
  if (dryRun) return preview(input)
  const here = await installHooksHere(input)
  return { data: here, view: (screen) => screen.note(describe(here)) }
}

function describe(here: HooksHere): string {
  if (here.outcome === 'skipped') return `flightrules: hooks were not installed: ${here.why}`
  return `flightrules: hooks of ${here.husky} ${here.outcome === 'present' ? 'are on' : 'were switched on'}`
}

async function preview(input: HooksHereInput): Promise<Outcome> {
  const { planHooksHere } = await import('../githooks/install/install-hooks-here.ts')
  const here = await planHooksHere(input)
  const steps =
    here.outcome === 'needed'
      ? [
          {
            kind: 'run',
            command: here.step.line,
            path: here.step.cwd,
            why: here.step.why,
            undo: 'git config --unset core.hooksPath',
          },
        ]
      : []
  const plan: Plan = { version: 1, command: 'hook install', steps, choices: [], findings: [] }
  const { renderPlan } = await import('../ui/views/plan-view.ts')
  return {
    data: { plan },
    view(screen) {
      if (here.outcome !== 'needed') screen.note(describe(here))
      screen.answer(renderPlan(plan))
    },
  }
}
