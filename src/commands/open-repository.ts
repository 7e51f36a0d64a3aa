import { loadConfig } from '../config/load-config.ts'
import { FlightRulesError, type Finding } from '../errors.ts'
import type { OpenedContext } from '../sessions/context.ts'
import { openContext } from '../sessions/open-context.ts'
import { type Reconciled, reconcile } from '../sessions/reconcile.ts'
import { progressWriter } from '../ui/progress-writer.ts'
import type { Invocation } from './command.ts'

/** The repository a command runs in, not yet reconciled. */
export function openRepository(invocation: Invocation): Promise<OpenedContext> {
  const trustDigest = invocation.env['FLIGHTRULES_TRUST']
  return openContext({
    cwd: invocation.cwd,
    env: invocation.env,
    signal: invocation.signal,
    loadConfig: (place) => loadConfig({ ...place, ...(trustDigest === undefined ? {} : { trustDigest }) }),
    report: progressWriter(invocation.screen),
  })
}

/** The repository with its sessions, brought in line with git; what was found out on the way comes as findings. */
export async function openSessions(invocation: Invocation): Promise<OpenedContext & Reconciled> {
  const opened = await openRepository(invocation)
  // a preview changes nothing, not even the manifest
  if (invocation.dryRun) {
    const { loadSessions } = await import('../sessions/load-sessions.ts')
    return { ...opened, set: await loadSessions(opened.context, opened.worktrees), findings: [] }
  }
  const { set, findings } = await reconcile(opened.context, opened.worktrees)
  return { ...opened, set, findings: [...findTrustProblem(opened), ...findings] }
}

/** Reading commands go on with an unapproved config, and say so. */
function findTrustProblem({ context }: OpenedContext): Finding[] {
  const { trust, file } = context.loaded
  if (trust !== 'unapproved') return []
  return [
    {
      code: 'CONFIG_NOT_TRUSTED',
      message: `${file ?? 'the config'} has changed since a person approved it, or never was; what was approved last applies, or the defaults`,
      hint: 'flightrules trust',
    },
  ]
}

/**
 * Stops a command that would run the project's own commands from a config nobody approved.
 * @throws FlightRulesError CONFIG_NOT_TRUSTED (exit 6).
 */
export function refuseUnapproved({ context }: OpenedContext, withoutSetup: boolean): void {
  if (withoutSetup || context.loaded.trust !== 'unapproved') return
  const { file, digest } = context.loaded
  throw new FlightRulesError({
    kind: 'untrusted',
    code: 'CONFIG_NOT_TRUSTED',
    message: `${file ?? 'the config'} has changed since a person approved it, or never was, so its commands do not run; nothing was done`,
    hint: 'flightrules trust    shows what it would run and asks',
    choices: [{ flag: '--no-setup', label: 'go on without running its commands' }],
    details: { file, digest },
  })
}
