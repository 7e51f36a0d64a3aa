import { agentNames } from '../agents/agent-names.ts'
import { toolNames } from '../config/tool-names.ts'
import { presetNames } from '../config/preset-table.ts'
import type { PresetName } from '../config/types.ts'
import { FlightRulesError } from '../errors.ts'
import { hookManagers, type HookManager, type InitPlan } from '../githooks/install/init-plan.ts'
import type { CommandSpec, Invocation, Outcome } from './command.ts'

export const initCommand: CommandSpec = {
  name: 'init',
  summary: 'set this repository up: config and git hooks',
  options: [
    { flags: '--preset <name>', description: 'preset to use, instead of those detected', choices: presetNames, repeatable: true },
    { flags: '--hooks <manager>', description: 'who runs the git hooks, instead of the one detected', choices: hookManagers },
    {
      flags: '--agents <list>',
      description: `agents that get slash commands and hooks, with commas between, or none: ${agentNames.join(', ')}; default: those in use`,
    },
    {
      flags: '--import [tools]',
      description: `take over how worktrees are set up from files of other tools, once: those that are there, or of these, with commas between: ${toolNames.join(', ')}, all`,
    },
    { flags: '--remove', description: 'take out exactly what init put in' },
  ],
  examples: [
    'flightrules init --dry-run',
    'flightrules init --preset pnpm --preset compose',
    'flightrules init --import',
    'flightrules init --remove',
  ],
  run: (invocation) => (invocation.options['remove'] === true ? remove(invocation) : init(invocation)),
}

async function init(invocation: Invocation): Promise<Outcome> {
  const { options, dryRun } = invocation
  const git = await openGit(invocation)
  const [{ planInit }, { requirePackageRoot }, { approveTaken, askImport }, views] = await Promise.all([
    import('../githooks/install/plan-init.ts'),
    import('../githooks/install/package-root.ts'),
    import('./settle-import.ts'),
    import('../ui/views/init-view.ts'),
  ])
  const { hooks, preset, agents } = options
  const { parseAgents } = await import('../agents/plan-agents.ts')
  const { parseImportWish } = await import('../githooks/install/import/parse-wish.ts')
  const take = options['import'] === undefined ? undefined : parseImportWish(options['import'] as string | true)
  const input = {
    git,
    node: process.execPath,
    packageRoot: await requirePackageRoot(),
    ...(hooks === undefined ? {} : { hooks: hooks as HookManager }),
    ...(typeof agents === 'string' ? { agents: parseAgents(agents) } : {}),
    ...(Array.isArray(preset) && preset.length > 0 ? { presets: preset as PresetName[] } : {}),
  }
  const found = await planInit(take === undefined ? input : { ...input, take })
  const answer = await askImport(invocation, found)
  const plan = answer === 'refused' ? await planInit(input) : answer === 'approved' ? approveTaken(found) : found
  if (dryRun) {
    const { initAsPlan } = await import('../githooks/install/describe-plan.ts')
    return { data: { plan: initAsPlan(plan) }, findings: plan.findings, view: (screen) => views.showInitPlan(screen, plan) }
  }
  const { applyInit } = await import('../githooks/install/apply-init.ts')
  const result = await applyInit(git, plan, await askApproval(invocation, plan))
  const findings = plan.findings.filter(({ code }) => result.approved === null || code !== 'CONFIG_NOT_TRUSTED')
  // whoever was asked has just seen what is taken over
  const shown = answer === 'approved' ? { ...plan, taken: null } : plan
  return { data: result, findings, view: (screen) => views.showInit(screen, shown, result) }
}

/** Shows a config that came with the repository to whoever sits there. The digest they approved; undefined: nobody did. */
async function askApproval(invocation: Invocation, plan: InitPlan): Promise<string | undefined> {
  const { config, main, commonDir } = plan
  if (config?.approval !== 'wanted' || config.isNew || !invocation.interactive || invocation.yes) return undefined
  const [{ describeTrust }, { readTrustEnvironment }, { showTrust }, { askConfirmation }] = await Promise.all([
    import('../config/describe-trust.ts'),
    import('../config/trust-environment.ts'),
    import('../ui/views/trust-view.ts'),
    import('../ui/prompt.ts'),
  ])
  const report = await describeTrust({ main, commonDir, ...readTrustEnvironment(invocation.env) })
  if (report === undefined) return undefined
  showTrust(invocation.screen, report)
  const question = 'This config came with the repository. May it be loaded, and its commands run, in this copy?'
  return (await askConfirmation(question, invocation.signal)) ? report.digest : undefined
}

async function remove(invocation: Invocation): Promise<Outcome> {
  const { options, dryRun } = invocation
  if (
    options['hooks'] !== undefined ||
    options['agents'] !== undefined ||
    options['import'] !== undefined ||
    (Array.isArray(options['preset']) && options['preset'].length > 0)
  ) {
    throw new FlightRulesError({
      kind: 'usage',
      code: 'USAGE',
      message: '--remove takes out whatever init put in; --hooks, --agents, --import and --preset say nothing then',
      hint: 'flightrules init --remove',
    })
  }
  const git = await openGit(invocation)
  const [{ planRemoval }, views] = await Promise.all([
    import('../githooks/install/plan-removal.ts'),
    import('../ui/views/init-view.ts'),
  ])
  if (!dryRun) {
    const { takeOverInterruptedInits } = await import('../githooks/install/init-journal.ts')
    const { requireMainWorktree } = await import('../githooks/install/require-main-worktree.ts')
    const { main, commonDir } = await requireMainWorktree(git)
    await takeOverInterruptedInits(git, main, commonDir)
  }
  const plan = await planRemoval({ git })
  if (dryRun) {
    const { removalAsPlan } = await import('../githooks/install/describe-plan.ts')
    return { data: { plan: removalAsPlan(plan) }, view: (screen) => views.showRemovalPlan(screen, plan) }
  }
  const { applyRemoval } = await import('../githooks/install/apply-removal.ts')
  const result = await applyRemoval(git, plan)
  return {
    data: { created: [], presets: [], hooks: 'none', agents: [], imported: [], ...result },
    view: (screen) => views.showRemoval(screen, result),
  }
}

async function openGit({ cwd, env, signal }: Invocation) {
  const [{ Git }, { requireGitVersion }] = await Promise.all([import('../git/git.ts'), import('../git/version.ts')])
  const git = new Git(cwd, env, signal)
  await requireGitVersion(git)
  return git
}
