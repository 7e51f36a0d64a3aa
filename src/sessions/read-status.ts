import { mapSideBySide } from '../files/side-by-side.ts'
import { listBranchTips } from '../git/branches.ts'
import { readDiffStat } from '../git/diff-stat.ts'
import { changedPaths, readStatus, type WorktreeStatus } from '../git/status.ts'
import type { Context } from './context.ts'
import { type Divergence, loadDivergences } from './divergence.ts'
import { isWithin } from './find-session.ts'
import { findProcessesIn, type LiveProcess } from './live-processes.ts'
import type { RegisteredSession, SessionSet } from './load-sessions.ts'
import { type ManifestEntry, resolveManifestPath, toManifestEntry } from './manifest.ts'
import { findOverlaps } from './overlaps.ts'
import type { Changes, SessionState, SessionStatusEntry, StatusReport } from './session-status.ts'
import { isStale } from './stale.ts'

interface Probe {
  readonly entry: RegisteredSession
  /** null where git could not say. */
  readonly status: WorktreeStatus | null
  readonly changes: Changes | null
  readonly tip: string | null
  readonly base: string | null
}

/**
 * Every session as it is now: one `for-each-ref` for all, one `git status` for each worktree, side by side; one `git diff` more
 * where tracked files changed; and where commits went apart since the last look, four processes for all of them.
 */
export async function readSessions(context: Context, set: SessionSet): Promise<StatusReport> {
  const branches = set.registered.flatMap(({ session }) => [session.base, ...(session.branch === null ? [] : [session.branch])])
  const patterns = [...new Set(branches)].flatMap((branch) => [`refs/heads/${branch}`, `refs/remotes/origin/${branch}`])
  const paths = set.registered.map((entry) => entry.worktree.path)
  // before we start git in the worktrees ourselves: those would be seen as somebody at work there
  const processes = await findProcessesIn(paths, 'quick')
  const [tips, mainStatus, statuses] = await Promise.all([
    patterns.length === 0 ? undefined : listBranchTips(context.git, patterns),
    set.main.worktree.bare ? null : readStatus(context.git, context.main).catch(() => null),
    mapSideBySide(set.registered, (entry) => probeWorktree(context, entry)),
  ])
  const probes = set.registered.map((entry, index): Probe => {
    const { status, changes } = statuses[index] ?? { status: null, changes: null }
    const base = tips?.local.get(entry.session.base) ?? tips?.remote.get(`origin/${entry.session.base}`) ?? null
    return { entry, status, changes, tip: status?.head ?? entry.worktree.head, base }
  })
  const known = probes.filter((probe) => probe.tip !== null && probe.base !== null)
  const found = await loadDivergences(
    context,
    known.map((probe) => ({
      base: probe.base ?? '',
      tip: probe.tip ?? '',
      start: probe.entry.session.baseCommit,
      branch: probe.entry.session.branch,
    })),
  )
  const divergences = new Map(known.map((probe, index) => [probe.entry.session.id, found[index]]))
  const touched = probes.map((probe) => {
    const committed = divergences.get(probe.entry.session.id)?.touched ?? []
    const paths = [...committed, ...(probe.status === null ? [] : changedPaths(probe.status))]
    return { id: probe.entry.session.id, paths: paths.filter((path) => path !== probe.entry.session.sessionLog) }
  })
  const overlaps = findOverlaps(touched)
  const sessions = probes.map((probe): SessionStatusEntry => {
    const { session } = probe.entry
    const divergence = divergences.get(session.id)
    const live = processes === 'unknown' ? [] : processes.filter((live) => isWithin(probe.entry.worktree.path, live.cwd))
    return {
      ...toManifestEntry(session, context.main, probe.entry.worktree.path),
      branch: probe.status?.branch ?? session.branch,
      path: probe.entry.worktree.path,
      states: findStates(context, probe, divergence, live),
      changes: probe.changes,
      ahead: divergence?.ahead ?? null,
      behind: divergence?.behind ?? null,
      overlaps: overlaps.get(session.id) ?? [],
      conflicts:
        divergence === undefined || divergence.conflicts.length === 0
          ? []
          : [{ with: `base:${session.base}`, paths: divergence.conflicts }],
      live: live.map((process) => ({ source: 'process', detail: `${process.name} (${process.pid})` })),
    }
  })
  const branch = set.main.worktree.branch?.replace('refs/heads/', '') ?? null
  // as for the others: the log of a session in the main worktree is no change of a person's
  const log = set.registered.find((entry) => entry.worktree.main)?.session.sessionLog
  const clean = mainStatus === null ? null : changedPaths(mainStatus).every((path) => path === log)
  return { main: { path: context.main, branch, clean }, sessions: [...sessions.toSorted(byAge), ...listOrphans(context, set)] }
}

/** The main worktree's own first, then as they were started: a row stays where it was when others come. */
function byAge(a: SessionStatusEntry, b: SessionStatusEntry): number {
  const keys = [a, b].map((entry) => `${entry.mode === 'standard' ? 0 : 1} ${entry.startedAt} ${entry.id}`)
  return (keys[0] ?? '') < (keys[1] ?? '') ? -1 : 1
}

async function probeWorktree(
  context: Context,
  { worktree, session }: RegisteredSession,
): Promise<{ status: WorktreeStatus | null; changes: Changes | null }> {
  if (worktree.prunable !== null) return { status: null, changes: null }
  const status = await readStatus(context.git, worktree.path).catch(() => null)
  if (status === null) return { status: null, changes: null }
  const hasTracked = status.staged.length > 0 || status.modified.length > 0 || status.unmerged.length > 0
  const lines = hasTracked ? await readDiffStat(context.git, worktree.path).catch(() => null) : { insertions: 0, deletions: 0 }
  // the session's own log is never what keeps a session from being pushed or ended
  const untracked = status.untracked.filter((path) => path !== session.sessionLog)
  const counts = {
    staged: status.staged.length,
    modified: status.modified.length + status.unmerged.length,
    untracked: untracked.length,
  }
  return { status, changes: lines === null ? null : { ...counts, ...lines } }
}

function findStates(
  context: Context,
  probe: Probe,
  divergence: Divergence | undefined,
  live: readonly LiveProcess[],
): SessionState[] {
  const { session, worktree } = probe.entry
  if (worktree.prunable !== null) return ['orphaned']
  const states: SessionState[] = []
  if (session.status === 'creating') states.push('incomplete')
  if (session.setup?.status === 'failed') states.push('setup failed')
  if (session.setup?.status === 'interrupted') states.push('incomplete')
  if (session.status === 'kept') states.push('kept')
  if (probe.status === null) states.push('unreadable')
  if (worktree.branch === null) states.push('detached')
  // without a branch of its own it has nothing that could have been merged
  if (divergence?.integrated === true && session.branch !== null && session.branch !== session.base) states.push('merged')
  else if (isStale(context.loaded.config.stale, session, divergence?.behind ?? 0, context.now())) states.push('stale')
  if (live.length > 0) states.push('in use')
  return states.every((state) => state === 'in use') ? ['active', ...states] : states
}

/** What the manifest remembers and git knows no more. */
function listOrphans(context: Context, set: SessionSet): SessionStatusEntry[] {
  if (set.manifest.state !== 'valid') return []
  const known = new Set(set.registered.map((entry) => entry.session.id))
  const entries = set.manifest.manifest.sessions.filter((entry) => !known.has(entry.id)) as unknown as ManifestEntry[]
  return entries.map((entry) => ({
    ...entry,
    path: resolveManifestPath(context.main, entry),
    states: ['orphaned'],
    changes: null,
    ahead: null,
    behind: null,
    overlaps: [],
    conflicts: [],
    live: [],
  }))
}
