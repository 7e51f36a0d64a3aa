import type { InitPlan } from '../githooks/install/init-plan.ts'
import type { Invocation } from './command.ts'

/**
 * Puts before whoever sits there what would be taken over from other tools' files, and asks once: those came with the repository. `unasked`:
 * there is nothing to run in it, or nobody to ask; it is then written and waits for `flightrules trust`.
 */
export async function askImport(
  { interactive, yes, dryRun, screen, signal }: Invocation,
  { config, taken, main }: InitPlan,
): Promise<'approved' | 'refused' | 'unasked'> {
  if (config?.approval !== 'taken' || taken === null || !interactive || yes || dryRun) return 'unasked'
  const [{ renderImport }, { askConfirmation }, { pathFromMain }] = await Promise.all([
    import('../ui/views/import-view.ts'),
    import('../ui/prompt.ts'),
    import('../githooks/install/init-log.ts'),
  ])
  for (const line of renderImport(taken, screen.paint)) screen.warn(line)
  const question = `These came with the repository. Take them into ${pathFromMain(main, config.file)}, and let the commands run in this copy?`
  return (await askConfirmation(question, signal)) ? 'approved' : 'refused'
}

/** The plan, with the config it writes approved. */
export function approveTaken(plan: InitPlan): InitPlan {
  if (plan.config === null) return plan
  const findings = plan.findings.filter(({ code }) => code !== 'CONFIG_NOT_TRUSTED')
  return { ...plan, config: { ...plan.config, approval: 'written' }, findings }
}
