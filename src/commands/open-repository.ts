import { loadConfig } from '../config/load-config.ts'
import { readTrustEnvironment } from '../config/trust-environment.ts'
import type { Finding } from '../errors.ts'
import { hasMainFiles } from '../git/has-main-files.ts'
import type { OpenedContext } from '../sessions/context.ts'
import { openContext } from '../sessions/open-context.ts'
import type { Access } from '../sessions/load-sessions.ts'
import { type Reconciled, reconcile } from '../sessions/reconcile.ts'
import { progressWriter } from '../ui/progress-writer.ts'
import type { Invocation } from './command.ts'

/** The repository a command runs in, not yet reconciled. */
export function openRepository(invocation: Invocation): Promise<OpenedContext> {
  return openContext({
    cwd: invocation.cwd,
    env: invocation.env,
    signal: invocation.signal,
    loadConfig: (place) => loadConfig({ ...place, ...readTrustEnvironment(invocation.env) }),
    recoveries: async (context) => (await import('../githooks/install/recover-init.ts')).initRecoveries(context),
    report: progressWriter(invocation.screen),
  })
}

/**
 * The repository with its sessions, brought in line with git; what was found out on the way comes as findings.
 * @throws FlightRulesError MANIFEST_NEWER for commands that change something.
 */
export async function openSessions(invocation: Invocation, access: Access = 'change'): Promise<OpenedContext & Reconciled> {
  const opened = await openRepository(invocation)
  // a preview changes nothing, not even the manifest
  if (invocation.dryRun) {
    const { loadSessions } = await import('../sessions/load-sessions.ts')
    const set = await loadSessions(opened.context, opened.worktrees, access)
    return { ...opened, set, findings: await findProblems(opened) }
  }
  const { set, findings } = await reconcile(opened.context, opened.worktrees, access)
  return { ...opened, set, findings: [...(await findProblems(opened)), ...findings] }
}

async function findProblems(opened: OpenedContext): Promise<Finding[]> {
  return [...(await findFalseBare(opened)), ...findTrustProblem(opened)]
}

async function findFalseBare({ context }: OpenedContext): Promise<Finding[]> {
  if (!context.bare || !(await hasMainFiles(context.location.commonDir))) return []
  return [
    {
      code: 'CORE_BARE',
      message: 'core.bare is true, although the repository has files: git refuses to work in the main directory',
      hint: 'flightrules doctor --fix',
    },
  ]
}

/** Reading commands go on with an unapproved config, and say so. */
function findTrustProblem({ context }: OpenedContext): Finding[] {
  const { trust, file, digest, doubts = [] } = context.loaded
  if (trust !== 'unapproved') return []
  return [
    {
      code: 'CONFIG_NOT_TRUSTED',
      message: `${file ?? 'the config'} has changed since a person approved it, or never was; what was approved last applies, or the defaults`,
      hint: 'flightrules trust',
      details: { digest },
    },
    ...doubts,
  ]
}
