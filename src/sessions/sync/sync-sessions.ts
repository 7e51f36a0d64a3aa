import type { Finding } from '../../errors.ts'
import { listUpstreams } from '../../git/upstreams.ts'
import { fetchBase } from '../../integrate/fetch-base.ts'
import type { Context } from '../context.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import type { SyncInput, Synced } from './sync-input.ts'
import { syncSession } from './sync-session.ts'

/**
 * The sessions `sync --all` is about: those that are in work, each after the one whose branch is its base. One that was kept is as it was
 * kept, one on its base has nothing to be brought onto.
 */
export function listSyncable(entries: readonly RegisteredSession[]): RegisteredSession[] {
  const waiting = new Set(
    entries.filter(({ session, worktree }) => session.status === 'active' && worktree.branch !== `refs/heads/${session.base}`),
  )
  const ordered: RegisteredSession[] = []
  const take = (entry: RegisteredSession): void => {
    if (!waiting.delete(entry)) return
    for (const other of waiting) if (other.worktree.branch === `refs/heads/${entry.session.base}`) take(other)
    ordered.push(entry)
  }
  for (const entry of waiting) take(entry)
  return ordered
}

/** Fetches what the bases of these sessions follow, each once. A base that cannot be fetched is a finding. */
export async function fetchBases(context: Context, entries: readonly RegisteredSession[]): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const base of new Set(entries.map(({ session }) => session.base))) {
    const onFetch = (): void => context.report({ event: 'fetching', base })
    const { finding } = await fetchBase(context.git, { base, onFetch })
    if (finding !== undefined) findings.push(finding)
  }
  return findings
}

/** What a preview goes by, for it fetches nothing. */
export async function findUnfetched({ git }: Context, entries: readonly RegisteredSession[]): Promise<Finding[]> {
  const upstreams = [
    ...(await listUpstreams(
      git,
      entries.map(({ session }) => session.base),
    )),
  ]
  return upstreams.map(([base, { tracking }]) => ({
    code: 'NOT_FETCHED',
    message: `nothing was fetched for this preview: ${tracking.replace('refs/remotes/', '')} counts as it was last seen`,
    hint: 'git fetch    then look again; without --dry-run it is fetched by itself',
    details: { base },
  }))
}

/**
 * Syncs sessions one after the other; one that fails keeps none of the others.
 * @throws FlightRulesError INTERRUPTED.
 */
export async function syncSessions(context: Context, entries: readonly RegisteredSession[], input: SyncInput): Promise<Synced[]> {
  const all: Synced[] = []
  for (const entry of entries) all.push(await syncSession(context, entry, input))
  return all
}
