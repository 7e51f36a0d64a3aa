import { FlightRulesError } from '../errors.ts'
import type { Plan, Step } from '../operations/plan.ts'
import type { Context } from '../sessions/context.ts'
import type { PurgeResult } from '../sessions/purge/purge-trash.ts'
import type { TrashEntry } from '../sessions/restore/trash-entries.ts'
import type { CommandSpec, Invocation, Outcome } from './command.ts'

export const trashCommand: CommandSpec = {
  name: 'trash',
  summary: 'show removed sessions, delete their folders after storing what they hold, or keep them',
  arguments: [{ syntax: '[id...]', description: 'sessions, or entries by their name in --list' }],
  options: [
    { flags: '--list', description: 'show what is there (the default)' },
    { flags: '--purge', description: 'delete the folders of these sessions, or of all that are older than trash.days' },
    { flags: '--keep', description: 'never delete the folders of these sessions by age' },
    { flags: '--discard', description: 'with --purge: also what a snapshot cannot hold' },
    { flags: '--unasked', description: 'with --purge: as Flight Rules does it by itself after removing a session' },
  ],
  examples: ['flightrules trash', 'flightrules trash --purge', 'flightrules trash --keep auth'],
  run: runTrash,
}

async function runTrash(invocation: Invocation): Promise<Outcome> {
  const { purge, keep, list } = invocation.options
  if (list === true && (purge === true || keep === true)) throw conflicting()
  for (const name of ['discard', 'unasked']) if (invocation.options[name] === true && purge !== true) throw withoutPurge(name)
  const { openSessions } = await import('./open-repository.ts')
  const { context, findings } = await openSessions(invocation)
  const { loadTrashEntries } = await import('../sessions/restore/trash-entries.ts')
  const entries = await loadTrashEntries(context)
  const named = await findNamed(entries, invocation)
  // what is to be kept is not deleted, whatever else is said
  if (keep === true) return { ...(await runKeep(invocation, context, entries, named)), findings }
  if (purge === true) return { ...(await runPurge(invocation, context, entries, named)), findings }
  const [{ listTrash }, { renderTrash }] = await Promise.all([
    import('../sessions/restore/list-trash.ts'),
    import('../ui/views/trash-view.ts'),
  ])
  const items = await listTrash(context, named ?? entries)
  return { data: { items }, findings, view: (screen) => screen.answer(renderTrash(items, screen, context.now())) }
}

async function runPurge(
  { options, dryRun }: Invocation,
  context: Context,
  entries: readonly TrashEntry[],
  named: readonly TrashEntry[] | undefined,
): Promise<Outcome> {
  const { listOldEntries, purgeAll, purgeUnasked } = await import('../sessions/purge/purge-trash.ts')
  const wanted = (named ?? (await listOldEntries(context, entries))).filter(isLeft)
  if (dryRun) {
    const plan = planPurge(wanted)
    const { renderPlan } = await import('../ui/views/plan-view.ts')
    return { data: { plan }, view: (screen) => screen.answer(renderPlan(plan)) }
  }
  const wish = options['discard'] === true ? 'discard' : 'refuse'
  const results = options['unasked'] === true ? await purgeUnasked(context) : await purgeAll(context, wanted, wish)
  const refused = results.flatMap(({ error }) => (error === null ? [] : [error]))
  const [first] = refused
  if (first !== undefined && refused.length === results.length) throw refused.length === 1 ? first : together(refused, first)
  const { renderPurged } = await import('../ui/views/trash-view.ts')
  return {
    data: { results: results.map(toData) },
    ...(first === undefined ? {} : { failure: first }),
    view: (screen) => screen.answer(renderPurged(results, named === undefined ? 'old' : 'named', screen)),
  }
}

async function runKeep(
  { dryRun, options }: Invocation,
  context: Context,
  entries: readonly TrashEntry[],
  named: readonly TrashEntry[] | undefined,
): Promise<Outcome> {
  const { keepEntries, listOldEntries } = await import('../sessions/purge/purge-trash.ts')
  const wanted = named ?? (options['purge'] === true ? await listOldEntries(context, entries) : undefined)
  if (wanted === undefined)
    throw new FlightRulesError({
      kind: 'usage',
      code: 'TRASH_NEEDED',
      message: 'which sessions are to be kept?',
      hint: 'flightrules trash --keep <id>',
    })
  const names = wanted.map(({ item }) => item.trash)
  if (dryRun) {
    const plan = planKeep(names)
    const { renderPlan } = await import('../ui/views/plan-view.ts')
    return { data: { plan }, view: (screen) => screen.answer(renderPlan(plan)) }
  }
  await keepEntries(context, wanted)
  return { data: { kept: names }, view: (screen) => screen.answer(`Kept for good: ${names.join(', ')}`) }
}

/** @throws FlightRulesError TRASH_NOT_FOUND. */
async function findNamed(entries: readonly TrashEntry[], { arguments: [ids] }: Invocation): Promise<TrashEntry[] | undefined> {
  if (ids === undefined || typeof ids === 'string' || ids.length === 0) return undefined
  const { findTrashEntries, requireTrashEntry } = await import('../sessions/restore/find-trash-entry.ts')
  for (const id of ids) requireTrashEntry(entries, id)
  return [...new Set(ids.flatMap((id) => findTrashEntries(entries, id)))]
}

function isLeft({ item, folder }: TrashEntry): boolean {
  return folder === 'there' || item.state === 'purging'
}

function planKeep(names: readonly string[]): Plan {
  const steps = names.map((trash): Step => ({
    kind: 'keep-for-good',
    trash,
    undo: `flightrules trash --purge ${trash} deletes its folder all the same`,
  }))
  return { version: 1, command: 'trash', steps, choices: [], findings: [] }
}

function planPurge(entries: readonly TrashEntry[]): Plan {
  const steps = entries.flatMap(({ item }): Step[] => [
    { kind: 'store-everything', trash: item.trash, ref: item.ref, undo: 'nothing to take back: the snapshot only grows' },
    { kind: 'delete-folder', path: item.path, undo: `flightrules restore --trash ${item.trash}` },
  ])
  return { version: 1, command: 'trash', steps, choices: [], findings: [] }
}

function toData({ trash, id, outcome, error }: PurgeResult): Readonly<Record<string, unknown>> {
  return { trash, id, outcome, ...(error === null ? {} : { code: error.code, message: error.message, details: error.details }) }
}

function together(refused: readonly FlightRulesError[], first: FlightRulesError): FlightRulesError {
  return new FlightRulesError({
    kind: first.kind,
    code: first.code,
    message: refused.map(({ message }) => message).join('\n'),
    ...(first.hint === undefined ? {} : { hint: first.hint }),
    choices: first.choices,
    details: { refused: refused.map(({ code, details }) => ({ code, ...details })) },
  })
}

function withoutPurge(option: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'usage',
    code: 'USAGE',
    message: `--${option} says something about --purge, which is not there`,
    hint: `flightrules trash --purge --${option}`,
  })
}

function conflicting(): FlightRulesError {
  return new FlightRulesError({
    kind: 'usage',
    code: 'USAGE',
    message: '--list only shows; leave it out, or --purge and --keep',
    hint: 'flightrules trash --help',
  })
}
