import { FlightRulesError } from '../errors.ts'
import { listBranchTips } from '../git/branches.ts'
import { listWorktrees } from '../git/worktrees.ts'
import { appendHistory } from '../operations/history.ts'
import { withLock } from '../operations/lock.ts'
import { resolveBase } from './base-branch.ts'
import { refuseNestedStart, refuseTakenName } from './check-start.ts'
import { type Context, commonDirOf } from './context.ts'
import { loadSessions } from './load-sessions.ts'
import { type ManifestEntry, toManifestEntry } from './manifest.ts'
import { firstFreeName, nameFromGoal, requireName } from './name.ts'
import { makeSession } from './new-session.ts'
import { writeRecord } from './record.ts'
import { refreshManifest } from './save-session.ts'
import { createSessionLog } from './session-log.ts'
import type { Session } from './session.ts'
import { toTimestamp } from './timestamp.ts'

/**
 * Registers work in the main worktree itself: a log and an entry, no worktree and no branch.
 * @throws FlightRulesError STANDARD_EXISTS, NESTED_SESSION, NO_COMMITS, BARE_REPOSITORY.
 */
export async function startStandardSession(
  context: Context,
  input: { name: string | undefined; goals: readonly string[]; issue: number | null },
): Promise<{ session: Session; entry: ManifestEntry }> {
  refuseNestedStart(context, context.location.worktree !== null && context.location.worktree !== context.main)
  if (context.bare) {
    throw new FlightRulesError({ kind: 'usage', code: 'BARE_REPOSITORY', message: `${context.main} is a bare repository: it has no main worktree to work in`, hint: 'flightrules start --parallel' })
  }
  return withLock(commonDirOf(context), { operation: 'start --standard', signal: context.signal }, async () => {
    const set = await loadSessions(context, await listWorktrees(context.git))
    const running = set.registered.find((entry) => entry.worktree.main)
    if (running !== undefined) throw standardExists(running.session.id)
    const { worktree } = set.main
    const base = await resolveBase(context, await listBranchTips(context.git), worktree)
    const ids = new Set(set.registered.map((entry) => entry.session.id))
    const fromGoal = input.goals.map(nameFromGoal).find((name) => name !== undefined)
    const id = input.name === undefined ? firstFreeName(fromGoal ?? 'standard', (name) => ids.has(name)) : requireName(input.name)
    refuseTakenName(id, set)
    const branch = worktree.branch?.replace('refs/heads/', '') ?? null
    const made = await makeSession(context, set, {
      id,
      branch,
      base: branch ?? base.branch,
      baseCommit: worktree.head ?? base.oid,
      startsAt: worktree.head ?? base.oid,
      ownsBranch: false,
      goals: input.goals,
      mode: 'standard',
      createdBy: 'cli',
      issue: input.issue,
    })
    const session: Session = { ...made, status: 'active', setup: { status: 'skipped', at: toTimestamp(context.now()), log: null } }
    await writeRecord(set.main.gitDir, session)
    await refreshManifest(context)
    await createSessionLog(context.main, session)
    const { uuid, startedAt } = session
    await appendHistory(commonDirOf(context), { at: startedAt, event: 'started', id, uuid, branch, base: session.base, mode: 'standard' })
    return { session, entry: toManifestEntry(session, context.main, context.main) }
  })
}

function standardExists(id: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'STANDARD_EXISTS',
    message: `there is a standard session in the main worktree already: ${id}`,
    hint: `flightrules end ${id}`,
    choices: [{ flag: '--parallel', label: 'start in a worktree of its own' }],
    details: { id },
  })
}
