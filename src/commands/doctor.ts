import type { Diagnosis } from '../doctor/diagnose.ts'
import type { FactsInput } from '../doctor/facts.ts'
import { FlightRulesError } from '../errors.ts'
import type { CommandSpec, Invocation, Outcome } from './command.ts'

export const doctorCommand: CommandSpec = {
  name: 'doctor',
  summary: 'look for what is wrong here: git, hooks in every worktree, config, sessions, interrupted operations, disk',
  options: [{ flags: '--fix', description: 'repair what can be repaired without losing anything, and say how to take it back' }],
  examples: ['flightrules doctor', 'flightrules doctor --fix --dry-run', 'flightrules doctor --fix'],
  run: runDoctor,
}

async function runDoctor(invocation: Invocation): Promise<Outcome> {
  const { options, dryRun, screen } = invocation
  const [{ diagnose, mend, planMending }, { withProgress }] = await Promise.all([
    import('../doctor/diagnose.ts'),
    import('../ui/progress.ts'),
  ])
  const input = await describeWorld(invocation)
  if (dryRun) {
    const plan = await planMending(input)
    const { renderPlan } = await import('../ui/views/plan-view.ts')
    return { data: { plan }, view: (shown) => shown.answer(renderPlan(plan)) }
  }
  const diagnosis = await withProgress(screen, 'looking at the repository', () =>
    options['fix'] === true ? mend(input) : diagnose(input),
  )
  const [{ renderDoctor }, { checkGroups }] = await Promise.all([
    import('../ui/views/doctor-view.ts'),
    import('../doctor/check.ts'),
  ])
  const failure = findFailure(diagnosis)
  return {
    data: {
      checks: diagnosis.checks.map(({ id, group, status, message, remedy, repair }) => {
        return { id, group, status, message, fix: remedy ?? null, repairable: repair !== undefined }
      }),
      mended: diagnosis.mended,
    },
    ...(failure === undefined ? {} : { failure }),
    view: (shown) => shown.answer(renderDoctor(diagnosis.checks, diagnosis.mended, checkGroups, shown)),
  }
}

async function describeWorld(invocation: Invocation): Promise<FactsInput> {
  const { cwd, env, signal } = invocation
  const [{ requirePackageRoot }, { openRepository }, { readFile }, { join }] = await Promise.all([
    import('../githooks/install/package-root.ts'),
    import('./open-repository.ts'),
    import('node:fs/promises'),
    import('node:path'),
  ])
  const packageRoot = await requirePackageRoot()
  const { version } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as { version: string }
  return {
    cwd,
    env,
    signal,
    node: { path: process.execPath, version: process.versions.node },
    packageRoot,
    version,
    open: () => openRepository(invocation),
  }
}

function findFailure({ checks }: Diagnosis): FlightRulesError | undefined {
  const failed = [...new Set(checks.flatMap(({ id, status }) => (status === 'fail' ? [id] : [])))]
  if (failed.length === 0) return undefined
  return new FlightRulesError({
    kind: 'failed',
    code: 'CHECKS_FAILED',
    message: `something does not work here: ${failed.join(', ')}`,
    hint: 'each check names what to do; flightrules doctor --fix does what is safe',
    details: { failed },
  })
}
