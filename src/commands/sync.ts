import type { SyncMethod } from '../config/types.ts'
import { type Finding, FlightRulesError } from '../errors.ts'
import type { Plan } from '../operations/plan.ts'
import type { Context } from '../sessions/context.ts'
import type { RegisteredSession } from '../sessions/load-sessions.ts'
import type { SyncInput, Synced } from '../sessions/sync/sync-input.ts'
import type { CommandSpec, Invocation, Outcome } from './command.ts'

export const syncCommand: CommandSpec = {
  name: 'sync',
  summary: 'bring a session up to date with its base; uncommitted changes stay what they are',
  arguments: [{ syntax: '[id]', description: 'the session; default: the one this directory is in' }],
  options: [
    { flags: '--all', description: 'every session in work, past those that cannot be synced' },
    {
      flags: '--method <method>',
      description: 'how; default: end.sync of the config, else rebase',
      choices: ['rebase', 'merge'],
    },
    { flags: '--leave-conflicts', description: 'on conflicts leave the rebase or merge in progress, for you to resolve' },
    {
      flags: '--dropped <what>',
      description: 'of a rewritten base: what becomes of commits it dropped and the session stands on',
      choices: ['leave-out', 'keep'],
    },
    { flags: '--no-fetch', description: 'go by what was last seen of the base' },
  ],
  examples: ['flightrules sync', 'flightrules sync auth --method merge', 'flightrules sync --all'],
  run: runSync,
}

async function runSync(invocation: Invocation): Promise<Outcome> {
  const { options, dryRun } = invocation
  const [id] = invocation.arguments
  const all = options['all'] === true
  if (all && typeof id === 'string') throw bothNamed(id)
  if (all && options['leaveConflicts'] === true) throw oneAtATime()
  const { openSessions } = await import('./open-repository.ts')
  const { context, set, findings } = await openSessions(invocation)
  const { requireSession } = await import('../sessions/find-session.ts')
  const { fetchBases, findUnfetched, listSyncable, syncSessions } = await import('../sessions/sync/sync-sessions.ts')
  const entries = all ? listSyncable(set.registered) : [requireSession(context, set, typeof id === 'string' ? id : undefined)]
  const input: SyncInput = {
    method: (options['method'] ?? null) as SyncMethod | null,
    leaveConflicts: options['leaveConflicts'] === true,
    dropped: (options['dropped'] ?? 'ask') as SyncInput['dropped'],
  }
  if (dryRun) return preview(context, entries, input, options['fetch'] === false ? [] : await findUnfetched(context, entries))
  const fetched = options['fetch'] === false ? [] : await fetchBases(context, entries)
  const done = await syncSessions(context, entries, input)
  const failure = all ? sumUp(done) : (done[0]?.error ?? undefined)
  // a person is told, or asked; for programs there is the data beside it
  if (failure !== undefined && !all && !invocation.json) throw failure
  const { renderSync } = await import('../ui/views/sync-view.ts')
  const results = done.map(({ result }) => result)
  return {
    data: { results },
    findings: unique([...findings, ...fetched, ...done.flatMap((one) => one.findings)]),
    ...(failure === undefined ? {} : { failure }),
    view: (screen) => screen.answer(renderSync(results, screen)),
  }
}

/** Prints what would be done; nothing is fetched. */
async function preview(
  context: Context,
  entries: readonly RegisteredSession[],
  input: SyncInput,
  unfetched: readonly Finding[],
): Promise<Outcome> {
  const { planSync } = await import('../sessions/sync/plan-sync.ts')
  const found = await planSync(context, entries, input)
  const plan: Plan = { ...found, findings: [...unfetched, ...found.findings] }
  const { renderPlan } = await import('../ui/views/plan-view.ts')
  return { data: { plan }, findings: plan.findings, view: (screen) => screen.answer(renderPlan(plan)) }
}

/** What several sessions say of one base is said once. */
function unique<T>(findings: readonly T[]): T[] {
  return [...new Map(findings.map((finding) => [JSON.stringify(finding), finding])).values()]
}

function sumUp(done: readonly Synced[]): FlightRulesError | undefined {
  const named = (outcome: string): string[] => done.flatMap(({ result }) => (result.outcome === outcome ? [result.id] : []))
  const [conflicts, failed] = [named('conflict'), named('failed')]
  if (conflicts.length + failed.length === 0) return undefined
  const parts = [
    ...(conflicts.length === 0 ? [] : [`${conflicts.join(', ')} would conflict`]),
    ...(failed.length === 0 ? [] : [`${failed.join(', ')} could not be synced`]),
  ]
  return new FlightRulesError({
    kind: conflicts.length > 0 ? 'conflict' : 'failed',
    code: conflicts.length > 0 ? 'SYNC_CONFLICTS' : 'SYNC_FAILED',
    message: `${parts.join('; ')}; ${conflicts.length + failed.length === 1 ? 'it is' : 'they are'} as before`,
    hint: `flightrules sync ${conflicts[0] ?? failed[0] ?? ''}    says more of one`,
    details: { conflicts, failed },
  })
}

function bothNamed(id: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'usage',
    code: 'USAGE',
    message: `either one session or --all, not both ${JSON.stringify(id)} and --all`,
    hint: 'flightrules sync --all',
  })
}

function oneAtATime(): FlightRulesError {
  return new FlightRulesError({
    kind: 'usage',
    code: 'USAGE',
    message: '--leave-conflicts is for one session at a time: a person has to go there',
    hint: 'flightrules sync --all, then flightrules sync <id> --leave-conflicts for one that conflicts',
  })
}
