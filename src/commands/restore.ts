import { FlightRulesError } from '../errors.ts'
import type { SessionSet } from '../sessions/load-sessions.ts'
import type { TrashEntry } from '../sessions/restore/trash-entries.ts'
import type { CommandSpec, Invocation, Outcome } from './command.ts'

export const restoreCommand: CommandSpec = {
  name: 'restore',
  summary: 'bring back a removed session: branch, commits, index, files, goals',
  arguments: [{ syntax: '[id]', description: 'the session as it was called; its newest entry in the trash' }],
  options: [
    { flags: '--list', description: 'show what can be brought back' },
    { flags: '--trash <name>', description: 'an entry other than the newest, by its name in --list' },
    { flags: '--as <name>', description: 'bring it back under another name, in another folder, on another branch' },
  ],
  examples: ['flightrules restore auth', 'flightrules restore --list', 'flightrules restore auth --as auth-again'],
  run: runRestore,
}

async function runRestore(invocation: Invocation): Promise<Outcome> {
  const { openSessions } = await import('./open-repository.ts')
  const { context, set, findings } = await openSessions(invocation)
  const { loadTrashEntries } = await import('../sessions/restore/trash-entries.ts')
  const entries = await loadTrashEntries(context)
  if (invocation.options['list'] === true) {
    const [{ listTrash }, { renderTrash }] = await Promise.all([
      import('../sessions/restore/list-trash.ts'),
      import('../ui/views/trash-view.ts'),
    ])
    const items = await listTrash(context, entries)
    return { data: { items }, findings, view: (screen) => screen.answer(renderTrash(items, screen, context.now())) }
  }
  const entry = await chooseEntry(invocation, entries, set)
  const { as } = invocation.options
  const input = { entry, ...(typeof as === 'string' ? { as } : invocation.yes ? { as: { free: true } as const } : {}) }
  const { planRestoreSession, restoreSession } = await import('../sessions/restore/restore-session.ts')
  if (invocation.dryRun) {
    const plan = await planRestoreSession(context, input)
    const { renderPlan } = await import('../ui/views/plan-view.ts')
    return { data: { plan }, findings: plan.findings, view: (screen) => screen.answer(renderPlan(plan)) }
  }
  const { session, path, findings: said } = await restoreSession(context, input)
  const [{ toManifestEntry }, { renderRestored }] = await Promise.all([
    import('../sessions/manifest.ts'),
    import('../ui/views/trash-view.ts'),
  ])
  return {
    data: { session: toManifestEntry(session, context.main, path), path, next: [`cd ${path}`, 'claude'] },
    findings: [...findings, ...said],
    view: (screen) => screen.answer(renderRestored(session, path, screen)),
  }
}

/** @throws FlightRulesError TRASH_NOT_FOUND, TRASH_NEEDED, SESSION_EXISTS where it never was in the trash, or is back. */
async function chooseEntry(
  { arguments: [id], options }: Invocation,
  entries: readonly TrashEntry[],
  set: SessionSet,
): Promise<TrashEntry> {
  const { findTrashEntries, requireTrashEntry } = await import('../sessions/restore/find-trash-entry.ts')
  const name = options['trash'] ?? id
  if (typeof name === 'string' && findTrashEntries(entries, name).length === 0) {
    const { refuseTakenName } = await import('../sessions/check-start.ts')
    refuseTakenName(name, set)
  }
  if (typeof name === 'string') {
    const entry = requireTrashEntry(entries, name)
    if (typeof id !== 'string' || findTrashEntries(entries, id).includes(entry)) return entry
    throw new FlightRulesError({
      kind: 'usage',
      code: 'TRASH_NOT_FOUND',
      message: `${name} is not an entry of session ${id}`,
      hint: 'flightrules restore --list',
      details: { name, id },
    })
  }
  const newest = entries.toReversed().slice(0, 10)
  throw new FlightRulesError({
    kind: newest.length === 0 ? 'usage' : 'decision',
    code: 'TRASH_NEEDED',
    message: newest.length === 0 ? 'nothing is in the trash' : 'which session shall come back?',
    hint: newest.length === 0 ? 'flightrules status    shows what is there' : 'flightrules restore --list    shows all',
    choices: newest.map(({ item }) => ({
      flag: `--trash ${item.trash}`,
      label: `${item.id}, removed ${item.at.slice(0, 16).replace('T', ' ')} (${item.reason})`,
    })),
  })
}
