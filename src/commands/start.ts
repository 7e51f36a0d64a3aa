import { quoteForShell } from '../files/quote-for-shell.ts'
import type { Invocation, CommandSpec, Outcome } from './command.ts'
import { FlightRulesError } from '../errors.ts'
import type { SessionMode } from '../config/types.ts'
import type { Plan } from '../operations/plan.ts'
import type { Context } from '../sessions/context.ts'
import type { Session } from '../sessions/session.ts'
import type { OpenedContext } from '../sessions/context.ts'
import type { Reconciled } from '../sessions/reconcile.ts'
import type { DirtyMainDecision, StartInput } from '../sessions/start-input.ts'

export const startCommand: CommandSpec = {
  name: 'start',
  summary: 'start a session: a worktree with branch, env files, dependencies and ports of its own',
  arguments: [{ syntax: '[name]', description: "the session's name; made from the goal when it is missing" }],
  options: [
    { flags: '--goal <text>', description: 'what it is for', repeatable: true },
    { flags: '--base <ref>', description: 'branch, tag or commit to start from' },
    { flags: '--from-here', description: 'start from the commit checked out here, also in a linked worktree' },
    { flags: '--issue <n>', description: 'number of the issue it is about', integer: true },
    { flags: '--parallel', description: 'in a worktree of its own' },
    { flags: '--standard', description: 'in the main worktree: a log and an entry, no worktree and no branch' },
    { flags: '--commit <message>', description: "commit the main worktree's changes first" },
    { flags: '--stash', description: "put the main worktree's changes on the stash first" },
    { flags: '--carry', description: "move the main worktree's changes into the session" },
    { flags: '--proceed', description: "leave the main worktree's changes where they are" },
    { flags: '--reuse-branch', description: 'check out the branch of this name that is there already' },
    { flags: '--no-setup', description: "do not run the project's setup commands" },
    {
      flags: '--exec <command...>',
      description: 'run this in the session when it is ready; takes the rest of the line',
      rest: true,
    },
  ],
  examples: [
    'flightrules start auth --goal "Refactor authentication"',
    'flightrules start --goal "Fix the login form" --carry',
    'flightrules start docs --exec claude',
  ],
  run: runStart,
}

async function runStart(invocation: Invocation): Promise<Outcome> {
  const { screen } = invocation
  const { openSessions } = await import('./open-repository.ts')
  const opened = await openSessions(invocation)
  const { context } = opened
  if (chooseMode(invocation, context.loaded.config.mode) === 'standard') return startStandard(invocation, opened)
  const { settleTrust } = await import('./settle-trust.ts')
  const consent = await settleTrust(invocation, opened)
  // what was approved may say another mode and another place for sessions
  if (consent === 'approved') return runStart(invocation)
  const input: StartInput = { ...readInput(invocation), ...(consent === 'without' ? { setup: 'skip' } : {}) }
  if (invocation.interactive && input.name === undefined) await askForName(input.goals)
  if (invocation.dryRun) {
    const { previewStart } = await import('../sessions/start.ts')
    return previewOutcome(await previewStart(context, input))
  }
  const { settleIncomplete } = await import('./settle-incomplete.ts')
  const incomplete = await settleIncomplete(invocation, opened)
  const { startSession } = await import('../sessions/start.ts')
  const [{ toManifestEntry }, views] = await Promise.all([import('../sessions/manifest.ts'), import('../ui/views/start-view.ts')])
  const { session, path, findings, failedCommand } = await startSession(context, input)
  const next = [`cd ${quoteForShell(path)}`, 'claude']
  const { findSetupFailure } = await import('../sessions/setup-failure.ts')
  const failure = findSetupFailure(session, failedCommand)
  const result: Outcome = {
    data: { session: toManifestEntry(session, context.main, path), path, next },
    findings: [...opened.findings, ...incomplete, ...findings],
    ...(failure === undefined ? {} : { failure }),
    view: () => screen.answer(views.renderStart({ session, path, failedCommand }, screen)),
  }
  return failedCommand === null ? execute(invocation, result, context, session, path) : result
}

async function startStandard(invocation: Invocation, { context, findings }: OpenedContext & Reconciled): Promise<Outcome> {
  const { options, screen } = invocation
  const misplaced = (['base', 'fromHere', 'commit', 'stash', 'carry', 'reuseBranch'] as const).find(
    (name) => options[name] !== undefined && options[name] !== false,
  )
  if (misplaced !== undefined) throw needsWorktree(`--${misplaced.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`)
  const [name] = invocation.arguments
  const input = { name: typeof name === 'string' ? name : undefined, goals: readGoals(invocation), issue: readIssue(invocation) }
  const { previewStandardSession, startStandardSession } = await import('../sessions/start-standard.ts')
  if (invocation.dryRun) return previewOutcome(await previewStandardSession(context, input))
  const { session, entry } = await startStandardSession(context, input)
  const { renderStandard } = await import('../ui/views/start-view.ts')
  const result: Outcome = {
    data: { session: entry, path: context.main, next: [`cd ${quoteForShell(context.main)}`, 'claude'] },
    findings,
    view: () => screen.answer(renderStandard(session, context.main)),
  }
  return execute(invocation, result, context, session, context.main)
}

async function previewOutcome(plan: Plan): Promise<Outcome> {
  const { renderPlan } = await import('../ui/views/plan-view.ts')
  return { data: { plan }, findings: plan.findings, view: (screen) => screen.answer(renderPlan(plan)) }
}

/** Runs what --exec says, with the answer before it. */
async function execute(
  invocation: Invocation,
  result: Outcome,
  context: Context,
  session: Session,
  path: string,
): Promise<Outcome> {
  const command = readCommand(invocation.options['exec'])
  if (command === undefined) return result
  if (!invocation.json) result.view?.(invocation.screen)
  const { runInSession } = await import('../sessions/run-in-session.ts')
  return {
    data: result.data,
    findings: result.findings ?? [],
    exitStatus: await runInSession(context, session, path, command, invocation.json ? 'stderr' : 'inherit'),
  }
}

/** What the flags say, else the config. `ask` without a terminal, or with --yes, is what this program is for: parallel. */
function chooseMode({ options, interactive, yes }: Invocation, configured: SessionMode): 'parallel' | 'standard' {
  if (options['parallel'] === true && options['standard'] === true) throw exclusive('--parallel', '--standard')
  if (options['standard'] === true) return 'standard'
  if (options['parallel'] === true) return 'parallel'
  if (configured !== 'ask') return configured
  if (!interactive || yes) return 'parallel'
  throw new FlightRulesError({
    kind: 'decision',
    code: 'MODE_NEEDED',
    message: 'Where do you want to work?',
    choices: [
      { flag: '--parallel', label: 'in a worktree of its own, beside other sessions' },
      { flag: '--standard', label: 'in the main worktree' },
    ],
  })
}

function readInput(invocation: Invocation): StartInput {
  const { options } = invocation
  const [name] = invocation.arguments
  return {
    name: typeof name === 'string' ? name : undefined,
    goals: readGoals(invocation),
    base: typeof options['base'] === 'string' ? options['base'] : undefined,
    fromHere: options['fromHere'] === true,
    issue: readIssue(invocation),
    dirtyMain: readDirtyMain(invocation),
    reuseBranch: options['reuseBranch'] === true,
    setup: options['setup'] === false ? 'skip' : 'run',
  }
}

function readDirtyMain({ options, yes, answered }: Invocation): DirtyMainDecision {
  // whoever was told that the first choice cannot be, and then chose this, means this
  if (answered === true && options['proceed'] === true) return { kind: 'proceed' }
  const given: DirtyMainDecision[] = []
  if (typeof options['commit'] === 'string') given.push({ kind: 'commit', message: options['commit'] })
  for (const kind of ['stash', 'carry', 'proceed'] as const) if (options[kind] === true) given.push({ kind })
  const [first, second] = given
  if (first !== undefined && second !== undefined) throw exclusive(`--${first.kind}`, `--${second.kind}`)
  // the safe default: nothing of the person's is touched
  return first ?? (yes ? { kind: 'proceed' } : { kind: 'refuse' })
}

function readGoals({ options }: Invocation): string[] {
  const goals = options['goal']
  return Array.isArray(goals) ? goals.map(String) : []
}

function readIssue({ options }: Invocation): number | null {
  return typeof options['issue'] === 'number' ? options['issue'] : null
}

function readCommand(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.length > 0 ? value.map(String) : undefined
}

function exclusive(one: string, other: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'usage',
    code: 'USAGE',
    message: `${one} and ${other} exclude each other`,
    hint: 'flightrules start --help',
  })
}

/** Without a terminal the engine refuses both as a mistake of usage. */
async function askForName(goals: readonly string[]): Promise<void> {
  if (goals.length === 0) throw needsGoal()
  const { nameFromGoal, nameNeeded } = await import('../sessions/name.ts')
  if (goals.some((goal) => nameFromGoal(goal) !== undefined)) return
  const { code, message, hint, details } = nameNeeded(goals)
  const choices = [{ flag: '<name>', label: 'give it a name' }]
  throw new FlightRulesError({ kind: 'decision', code, message, choices, details, ...(hint === undefined ? {} : { hint }) })
}

function needsGoal(): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'NAME_NEEDED',
    message: 'A session needs a name, or a goal to make one from',
    hint: 'flightrules start <name> --goal "what it is for"',
    choices: [{ flag: '--goal <what it is for>', label: 'name it after its goal' }],
  })
}

function needsWorktree(flag: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'usage',
    code: 'USAGE',
    message: `${flag} is for a session in a worktree of its own; --standard works in the main worktree as it is`,
    hint: 'flightrules start --parallel',
  })
}
