import { join } from 'node:path'
import type { PresetName } from '../../config/types.ts'
import { FlightRulesError } from '../../errors.ts'
import type { AgentName } from '../../agents/agent-names.ts'
import { planAgents } from '../../agents/plan-agents.ts'
import { findBlockLines, placeBlock } from '../../files/marked-block.ts'
import type { Git } from '../../git/git.ts'
import { findIgnoredPaths } from '../../git/ignore.ts'
import { localConfigPattern } from './cut-ours.ts'
import { type HookFacts, chooseHookManager, detectHooks, isHuskyPath } from './detect-hook-manager.ts'
import { type Project, detectProject } from './detect-project.ts'
import { planHuskyHooks } from './husky-hooks.ts'
import { findImport, offerImport } from './import/find-import.ts'
import type { ImportWish } from './import/plan-import.ts'
import type { HookManager, InitPlan, WriteStep } from './init-plan.ts'
import { type InstallInput, type InstallPlan, emptyInstallPlan } from './installer.ts'
import { planLefthookHooks } from './lefthook-hooks.ts'
import { planNativeHooks, planPreCommitHooks } from './native-hooks.ts'
import { type ConfigPlan, planConfigFile } from './plan-config.ts'
import { readPresent } from '../../files/read-text.ts'
import { requireMainWorktree } from './require-main-worktree.ts'

export interface InitInput {
  /** Its directory is where the person stands. */
  readonly git: Git
  /** Absolute path of the node that runs now. */
  readonly node: string
  readonly packageRoot: string
  /** Default: detected. */
  readonly hooks?: HookManager
  /** Default: detected. */
  readonly presets?: readonly PresetName[]
  /** Whose files on how worktrees are set up are taken over; default: nobody's. */
  readonly take?: ImportWish
  /** Default: those the project shows signs of. */
  readonly agents?: readonly AgentName[]
}

/**
 * What `init` would do here. Changes nothing.
 * @throws FlightRulesError NOT_A_REPOSITORY, LINKED_WORKTREE, INSIDE_GIT_DIRECTORY, HOOKS_CONFLICT, and those of `findImport`.
 */
export async function planInit(input: InitInput): Promise<InitPlan> {
  const { main, commonDir, isBare } = await requireMainWorktree(input.git)
  const git = input.git.at(main)
  const project = isBare ? null : await detectProject(main, input.git.cwd)
  const facts = await detectHooks(git, project)
  const hooks = input.hooks ?? (project === null ? 'native' : chooseHookManager(project, facts))
  requirePossible(hooks, facts, isBare)
  const { taken, findings: told } =
    project === null || input.take === undefined ? { taken: undefined, findings: [] } : await findImport(main, input.take)
  const config =
    project === null ? noConfig(main) : await planConfigFile(input.git, commonDir, project, { presets: input.presets, taken })
  const offered = input.take === undefined && config.config?.isNew === true ? await offerImport(main) : []
  const installed = await planHooks(hooks, { git, main, facts, project, packageRoot: input.packageRoot, node: input.node })
  if (hooks === 'none' && input.hooks === undefined && facts.hooksPath !== null) {
    const why = `core.hooksPath of your ${facts.hooksPath.scope} git config makes git run these hooks in every repository, so they were left alone; decide with --hooks husky (this repository gets its own) or --hooks native (ours go in there)`
    installed.kept.push({ path: facts.directory, why })
  }
  const agents =
    project === null ? { agents: [], files: [], kept: [] } : await planAgents(main, project.packageFolder, input.agents)
  const settings = agents.files.map((file): WriteStep => ({ kind: 'write', ...file }))
  const own = [...(await planExclude(git, commonDir, project)), ...(await planBinFile(input, commonDir))]
  return {
    main,
    commonDir,
    hooks,
    presets: config.presets,
    agents: agents.agents,
    steps: [...config.steps, ...installed.steps, ...settings, ...own],
    kept: [...config.kept, ...installed.kept, ...agents.kept],
    findings: [...told, ...offered, ...config.findings, ...installed.findings],
    taken: taken ?? null,
    config: config.config,
    next: [...installed.next, ...adding(project)],
  }
}

function planHooks(hooks: HookManager, input: InstallInput): Promise<InstallPlan> {
  if (hooks === 'husky') return planHuskyHooks(input)
  if (hooks === 'lefthook') return planLefthookHooks(input)
  if (hooks === 'pre-commit') return planPreCommitHooks(input)
  if (hooks === 'native') return planNativeHooks(input)
  return Promise.resolve(emptyInstallPlan())
}

function requirePossible(hooks: HookManager, facts: HookFacts, isBare: boolean): void {
  const refuse = (message: string, hint: string): never => {
    throw new FlightRulesError({ kind: 'usage', code: 'HOOKS_CONFLICT', message, hint, details: { hooks } })
  }
  if (isBare && hooks !== 'native' && hooks !== 'none') {
    refuse(`a bare repository has no files ${hooks} could be set up with`, 'flightrules init --hooks native')
  }
  if (facts.hooksPath === null) return
  const { value, scope } = facts.hooksPath
  if (hooks === 'lefthook' || hooks === 'pre-commit') {
    refuse(
      `core.hooksPath is ${value} (${scope} config), and ${hooks} refuses to work where it is set`,
      `git config --${scope} --unset core.hooksPath`,
    )
  }
  if (hooks === 'native' && isHuskyPath(value)) {
    refuse(`git runs the hooks husky generates in ${value}, where nothing else lasts`, 'flightrules init --hooks husky')
  }
}

/** Hooks and teammates find flightrules in node_modules; one that only npx brought is in nobody's. */
function adding(project: Project | null): string[] {
  if (project?.packageManager === undefined || project.package?.dependencies.has('flightrules') === true) return []
  const { packageManager, packageFolder } = project
  const add = { npm: 'npm install --save-dev', pnpm: 'pnpm add --save-dev', yarn: 'yarn add --dev', bun: 'bun add --dev' }[
    packageManager
  ]
  const root = packageManager === 'pnpm' && project.workspaces.length > 0 ? ' --workspace-root' : ''
  return [`${add}${root} flightrules${packageFolder === '' ? '' : `    in ${packageFolder}`}`]
}

function noConfig(main: string): ConfigPlan {
  const why = 'a bare repository has no main worktree for a config; the defaults apply'
  return { config: null, presets: [], steps: [], kept: [{ path: main, why }], findings: [] }
}

/** One person's overrides stay out of `git status` without a line in the project's .gitignore. */
async function planExclude(git: Git, commonDir: string, project: Project | null): Promise<WriteStep[]> {
  if (project === null) return []
  const names = ['flightrules.config.local.ts', 'flightrules.config.local.json']
  if ((await findIgnoredPaths(git, names)).size === names.length) return []
  const file = join(commonDir, 'info', 'exclude')
  const present = await readPresent(file)
  if (present === 'other') return []
  const bytes = Buffer.from(present?.bytes ?? new Uint8Array())
  const after = placeBlock(bytes, [...(findBlockLines(bytes) ?? []), localConfigPattern])
  const why = "one person's overrides of the config stay out of git status"
  return [{ kind: 'write', file, before: present?.bytes ?? null, after, mode: present?.mode ?? 0o644, why }]
}

/** Where the hooks find us when neither node_modules nor PATH has us. */
async function planBinFile(input: InitInput, commonDir: string): Promise<WriteStep[]> {
  const file = join(commonDir, 'flightrules', 'bin')
  const after = Buffer.from(`${input.node}\n${join(input.packageRoot, 'dist', 'cli.cjs')}\n`)
  const present = await readPresent(file)
  const before = present === undefined || present === 'other' ? null : present.bytes
  if (before !== null && after.equals(before)) return []
  return [
    { kind: 'write', file, before, after, mode: 0o644, why: 'where hooks find node and flightrules when nothing else says' },
  ]
}
