import { quoteForShell } from '../files/quote-for-shell.ts'
import type { Invocation, CommandSpec, Outcome } from './command.ts'
import { type Finding, FlightRulesError } from '../errors.ts'
import type { Plan } from '../operations/plan.ts'
import type { Context } from '../sessions/context.ts'
import type { Session } from '../sessions/session.ts'
import type { OpenedContext } from '../sessions/context.ts'
import type { Reconciled } from '../sessions/reconcile.ts'
import type { FetchedRequest } from '../sessions/foreign/fetch-request.ts'
import type { StartInput } from '../sessions/start-input.ts'
import {
  chooseMode,
  exclusive,
  readGoals,
  readIssue,
  readName,
  readStartInput,
  readTouch,
  refuseBeside,
} from './read-start-input.ts'

export const startCommand: CommandSpec = {
  name: 'start',
  summary: 'start a session: a worktree with branch, env files, dependencies and ports of its own',
  arguments: [{ syntax: '[name]', description: "the session's name; made from the goal when it is missing" }],
  options: [
    { flags: '--goal <text>', description: 'what it is for', repeatable: true },
    { flags: '--touch <glob>', description: 'files it is going to change: who else is at them is said', repeatable: true },
    { flags: '--base <ref>', description: 'branch, tag or commit to start from' },
    { flags: '--from-here', description: 'start from the commit checked out here, also in a linked worktree' },
    {
      flags: '--issue <n>',
      description: 'number of the issue it is about; goal and name come from its title when they are missing',
      integer: true,
    },
    {
      flags: '--pr <n>',
      description: 'check out this pull or merge request, whose setup and hooks do not run until you approve them',
      integer: true,
    },
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
    'flightrules start --issue 41',
    'flightrules start --pr 17',
    "flightrules start api --touch 'src/api/**' --touch openapi.yaml",
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
  const request = await fetchWanted(invocation, opened)
  const { settleTrust } = await import('./settle-trust.ts')
  // nothing of the config runs for somebody else's work
  const consent = request === undefined ? await settleTrust(invocation, opened) : 'as-it-is'
  // what was approved may say another mode and another place for sessions
  if (consent === 'approved') return runStart(invocation)
  const { findings: said, ...about } =
    request === undefined ? await learnAbout(invocation, opened) : aboutRequest(invocation, request)
  const read = readStartInput(invocation)
  const input: StartInput = { ...read, ...about, ...(consent === 'without' ? { setup: 'skip' } : {}) }
  if (invocation.interactive && (input.name ?? input.madeName) === undefined) await askForName(input.goals)
  if (invocation.dryRun) {
    const { previewStart } = await import('../sessions/start.ts')
    return previewOutcome(await previewStart(context, input), said)
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
    findings: [...opened.findings, ...incomplete, ...said, ...findings],
    ...(failure === undefined ? {} : { failure }),
    view: () => screen.answer(views.renderStart({ session, path, failedCommand }, screen)),
  }
  return failedCommand === null ? execute(invocation, result, context, session, path) : result
}

async function startStandard(invocation: Invocation, opened: OpenedContext & Reconciled): Promise<Outcome> {
  const { screen } = invocation
  const { context } = opened
  refuseBeside(invocation, ['base', 'fromHere', 'commit', 'stash', 'carry', 'reuseBranch'], needsWorktree)
  const { findings: said, ...about } = await learnAbout(invocation, opened)
  const input = { name: readName(invocation), issue: readIssue(invocation), touch: readTouch(invocation), ...about }
  const { previewStandardSession, startStandardSession } = await import('../sessions/start-standard.ts')
  if (invocation.dryRun) return previewOutcome(await previewStandardSession(context, input), said)
  const { session, entry, findings: advice } = await startStandardSession(context, input)
  const { renderStandard } = await import('../ui/views/start-view.ts')
  const result: Outcome = {
    data: { session: entry, path: context.main, next: [`cd ${quoteForShell(context.main)}`, 'claude'] },
    findings: [...opened.findings, ...said, ...advice],
    view: () => screen.answer(renderStandard(session, context.main)),
  }
  return execute(invocation, result, context, session, context.main)
}

/** @throws FlightRulesError USAGE for flags that mean nothing to a request, and those of `fetchRequest`. */
async function fetchWanted(
  invocation: Invocation,
  { context, set }: OpenedContext & Reconciled,
): Promise<FetchedRequest | undefined> {
  const { options, dryRun } = invocation
  const number = options['pr']
  if (typeof number !== 'number') return undefined
  const senseless = ['issue', 'base', 'fromHere', 'commit', 'stash', 'carry']
  refuseBeside(invocation, senseless, (flag) => exclusive('--pr', flag))
  const { refuseNestedStart } = await import('../sessions/check-start.ts')
  refuseNestedStart(context)
  const { fetchRequest } = await import('../sessions/foreign/fetch-request.ts')
  return fetchRequest(context, set, number, dryRun ? 'look' : 'start')
}

/** What is uncommitted in the main worktree has nothing to do with it. */
function aboutRequest(
  invocation: Invocation,
  request: FetchedRequest,
): Pick<StartInput, 'goals' | 'name' | 'request' | 'dirtyMain'> & { findings: readonly Finding[] } {
  const typed = readGoals(invocation)
  const goals = typed.length > 0 || request.goal === '' ? typed : [request.goal]
  const name = readName(invocation) ?? `pr-${request.number}`
  return { name, goals, request, dirtyMain: { kind: 'proceed' }, findings: request.findings }
}

/** What the session is for: what was typed, else what the forge says of the issue. */
async function learnAbout(
  invocation: Invocation,
  { context, set }: OpenedContext & Reconciled,
): Promise<{ goals: readonly string[]; madeName?: string; findings: readonly Finding[] }> {
  const goals = readGoals(invocation)
  const issue = readIssue(invocation)
  if (issue === null || goals.length > 0) return { goals, findings: [] }
  const { askIssue } = await import('../sessions/asking/ask-issue.ts')
  const { goal, name, findings } = await askIssue(context, set, issue, readName(invocation) === undefined)
  return { goals: goal === null ? [] : [goal], ...(name === null ? {} : { madeName: name }), findings }
}

async function previewOutcome(plan: Plan, said: readonly Finding[]): Promise<Outcome> {
  const { renderPlan } = await import('../ui/views/plan-view.ts')
  return { data: { plan }, findings: [...said, ...plan.findings], view: (screen) => screen.answer(renderPlan(plan)) }
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

function readCommand(value: unknown): string[] | undefined {
  return Array.isArray(value) && value.length > 0 ? value.map(String) : undefined
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
