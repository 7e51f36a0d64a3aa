import type { Finding } from '../errors.ts'
import { mapSideBySide } from '../files/side-by-side.ts'
import { readDiffStat } from '../git/diff-stat.ts'
import { findOperationInProgress, type GitOperation } from '../git/operation-in-progress.ts'
import { changedPaths, readStatus, type WorktreeStatus } from '../git/status.ts'
import type { Side } from '../radar/side.ts'
import type { Context } from './context.ts'
import { type Divergence, loadDivergences, type Pair } from './divergence.ts'
import { findLastTouch } from './last-touch.ts'
import { findLifeSigns, type LifeSign, mostFiles } from './life-signs.ts'
import { findProcessesIn } from './live-processes.ts'
import type { RegisteredSession, SessionSet } from './load-sessions.ts'
import { type ManifestEntry, resolveManifestPath, toManifestEntry } from './manifest.ts'
import { operationStates } from './operation-states.ts'
import { pairsOfSession } from './radar/pairs-of-session.ts'
import { isAboutBase } from './radar/radar-findings.ts'
import { type RadarReport, tryRadar } from './radar/read-radar.ts'
import { memoryKey, recallRequests } from './request-memory.ts'
import type { Changes, SessionState, SessionStatusEntry, StatusReport } from './session-status.ts'
import type { Session } from './session.ts'
import { readSessionBases, type SessionBases } from './session-bases.ts'
import { findStale, isStale } from './stale.ts'
import { toTimestamp } from './timestamp.ts'
import { findTouchOverlap, type Intent } from './touch-overlap.ts'

interface Probe {
  readonly entry: RegisteredSession
  /** null where git could not say. */
  readonly status: WorktreeStatus | null
  readonly changes: Changes | null
  readonly operation: GitOperation | null
  /** Somebody else's work that nobody approved. */
  readonly isHeld: boolean
  /** undefined where its base is not to be found. */
  readonly pair: Pair | undefined
}

export interface StatusReading {
  readonly report: StatusReport
  readonly findings: readonly Finding[]
  /** What was compared, for those who ask on; what is in its base already and has nothing more is not. */
  readonly sides: readonly Side[]
}

/**
 * Every session as it is now: one `for-each-ref` for all, one `git status` for each worktree, side by side; one `git diff` more
 * where tracked files changed; and where something went on since the last look, a few processes for all of them and two for each of those
 * that may be in another's way. What cannot be compared is a finding.
 */
export async function readSessions(context: Context, set: SessionSet): Promise<StatusReading> {
  const paths = set.registered.map((entry) => entry.worktree.path)
  // before we start git in the worktrees ourselves: those would be seen as somebody at work there
  const processes = await findProcessesIn(paths, 'quick')
  const [bases, mainStatus, statuses] = await Promise.all([
    readSessionBases(context.git, set.registered),
    set.main.worktree.bare ? null : readStatus(context.git, context.main).catch(() => null),
    mapSideBySide(set.registered, (entry) => probeWorktree(context, entry)),
  ])
  const probes = set.registered.map((entry, index): Probe => {
    const found = statuses[index] ?? { ...unknown, isHeld: false }
    const tip = found.status?.head ?? entry.worktree.head
    return { entry, ...found, pair: bases.pairOf(entry.session, tip) }
  })
  const known = probes.flatMap(({ entry, pair }) => (pair === undefined ? [] : [{ entry, pair }]))
  const found = await loadDivergences(
    context,
    known.map(({ pair }) => pair),
  )
  const requests = await recallRequests(context)
  const divergences = new Map(
    known.map(({ entry, pair }, index) => {
      const divergence = found[index]
      const isRequested = divergence?.work === 'open' && requests.has(memoryKey(entry, pair.tip))
      return [entry.session.id, isRequested ? { ...divergence, work: 'merged' as const } : divergence]
    }),
  )
  const radar = await compareOpenWork(context, probes, divergences, bases)
  // a session's own log is nobody else's
  const logs = new Set(set.registered.flatMap(({ session }) => session.sessionLog ?? []))
  const activity = await Promise.all(
    probes.map(async ({ entry, status }) => {
      const all = status === null ? [] : changedPaths(status).filter((path) => path !== entry.session.sessionLog)
      const changed = all.slice(0, mostFiles)
      const [live, touched] = await Promise.all([
        findLifeSigns(entry, processes, context.now(), changed),
        entry.worktree.prunable === null ? findLastTouch(entry, changed) : null,
      ])
      return { live, lastActivityAt: touched === null ? null : toTimestamp(new Date(touched)) }
    }),
  )
  const sessions = probes.map((probe, index): SessionStatusEntry => {
    const { session } = probe.entry
    const divergence = divergences.get(session.id)
    const { live, lastActivityAt } = activity[index] ?? { live: [], lastActivityAt: null }
    return {
      ...toManifestEntry(session, context.main, probe.entry.worktree.path),
      branch: probe.status?.branch ?? session.branch,
      path: probe.entry.worktree.path,
      states: findStates(context, probe, divergence, live),
      changes: probe.changes,
      ahead: divergence?.ahead ?? null,
      behind: divergence?.behind ?? null,
      ...pairsOfSession(session.id, radar.pairs, logs),
      lastActivityAt,
      live,
    }
  })
  const branch = set.main.worktree.branch?.replace('refs/heads/', '') ?? null
  // as for the others: the log of a session in the main worktree is no change of a person's
  const log = set.registered.find((entry) => entry.worktree.main)?.session.sessionLog
  const clean = mainStatus === null ? null : changedPaths(mainStatus).every((path) => path === log)
  const stale = findStale(
    sessions.flatMap((entry) => (entry.states.includes('stale') ? [{ ...entry, behind: entry.behind ?? 0 }] : [])),
    context.loaded.config.stale,
    context.now(),
  )
  return {
    report: {
      sessionsDir: context.sessionsDir,
      main: { path: context.main, branch, clean },
      sessions: [...sessions.toSorted(byAge), ...listOrphans(context, set)],
    },
    findings: [
      ...radar.findings,
      ...findUnread(probes, divergences, radar.findings),
      ...findIntentions(probes, divergences, sessions),
      ...stale,
    ],
    sides: radar.sides,
  }
}

/** Everything but what is in its base already and has nothing more: that is in nobody's way. */
async function compareOpenWork(
  context: Context,
  probes: readonly Probe[],
  divergences: ReadonlyMap<string, Divergence | undefined>,
  bases: SessionBases,
): Promise<RadarReport> {
  const open = probes.filter((probe) => {
    const { sessionLog } = probe.entry.session
    const isClean = probe.status !== null && changedPaths(probe.status).every((path) => path === sessionLog)
    return !(isClean && workOf(probe, divergences.get(probe.entry.session.id)) === 'merged')
  })
  if (open.length === 0) return { pairs: [], findings: [], sides: [] }
  const statuses = new Map(open.map(({ entry, status }) => [entry.session.id, status]))
  const { pairs, findings, sides } = await tryRadar(context, { sessions: open.map(({ entry }) => entry), statuses, bases })
  // of these the state says it
  const unseen = new Set(open.flatMap(({ entry, status }) => (status === null ? [entry.session.id] : [])))
  return {
    pairs,
    sides,
    findings: findings.filter(({ code, details }) => code !== 'SESSION_UNREACHABLE' || !unseen.has(String(details?.['id']))),
  }
}

/** Sessions there is a base for, and yet no telling how they stand to it. */
function findUnread(
  probes: readonly Probe[],
  divergences: ReadonlyMap<string, Divergence | undefined>,
  told: readonly Finding[],
): Finding[] {
  const unread = probes.filter(({ pair, entry }) => pair !== undefined && divergences.get(entry.session.id) === undefined)
  return unread.flatMap(({ entry: { session } }) => {
    const { id, base } = session
    if (told.some((finding) => isAboutBase(finding, id))) return []
    const message = `git cannot read the history of session ${id} and of ${base} as a whole, so there is no telling how far it is from ${base}`
    return [{ code: 'HISTORY_UNREADABLE', message, hint: 'git fsck --connectivity-only', details: { id, base } }]
  })
}

/** Who changes what another was said to touch, before both have: then it is an overlap. */
function findIntentions(
  probes: readonly Probe[],
  divergences: ReadonlyMap<string, Divergence | undefined>,
  sessions: readonly SessionStatusEntry[],
): Finding[] {
  if (probes.every(({ entry }) => (entry.session.touch ?? []).length === 0)) return []
  const intents = probes.map((probe): Intent => {
    const { id, touch = [], sessionLog } = probe.entry.session
    const divergence = divergences.get(id)
    const committed = workOf(probe, divergence) === 'merged' ? [] : (divergence?.touched ?? [])
    const paths = [...committed, ...(probe.status === null ? [] : changedPaths(probe.status))]
    return { id, touch, touched: paths.filter((path) => path !== sessionLog) }
  })
  return intents.flatMap((intent) => {
    const overlaps = sessions.find(({ id }) => id === intent.id)?.overlaps ?? []
    const known = (other: string): readonly string[] => overlaps.find((one) => one.with === other)?.paths ?? []
    const others = intents.filter(({ id }) => id !== intent.id)
    return intent.touch.length === 0 ? [] : findTouchOverlap(intent, others, { known })
  })
}

/** What is in the middle of something, or has no branch of its own, has nothing that could have been merged. */
function workOf({ entry: { session }, operation }: Probe, divergence: Divergence | undefined): Divergence['work'] {
  if (operation !== null) return 'open'
  return session.branch === null || session.branch === session.base ? 'open' : (divergence?.work ?? 'open')
}

/** The main worktree's own first, then as they were started: a row stays where it was when others come. */
function byAge(a: SessionStatusEntry, b: SessionStatusEntry): number {
  const keys = [a, b].map((entry) => `${entry.mode === 'standard' ? 0 : 1} ${entry.startedAt} ${entry.id}`)
  return (keys[0] ?? '') < (keys[1] ?? '') ? -1 : 1
}

const unknown = { status: null, changes: null, operation: null }

async function probeWorktree(
  context: Context,
  { worktree, session, gitDir }: RegisteredSession,
): Promise<Omit<Probe, 'entry' | 'pair'>> {
  if (worktree.prunable !== null) return { ...unknown, isHeld: false }
  const operation = findOperationInProgress(gitDir)
  const status = await readStatus(context.git, worktree.path).catch(() => null)
  const isHeld = await findHeld(context, session, status?.head ?? null)
  if (status === null) return { ...unknown, operation, isHeld }
  // the session's own log is never what keeps a session from being pushed or ended
  const count = (paths: readonly string[]): number => paths.filter((path) => path !== session.sessionLog).length
  const counts = {
    staged: count(status.staged),
    modified: count(status.modified) + count(status.unmerged),
    untracked: count(status.untracked),
  }
  const hasTracked = counts.staged + counts.modified > 0
  const lines = hasTracked
    ? await readDiffStat(context.git, worktree.path, session.sessionLog).catch(() => null)
    : { insertions: 0, deletions: 0 }
  return { status, operation, isHeld, changes: lines === null ? null : { ...counts, ...lines } }
}

/** Most sessions are one's own; what cannot be told is held. */
async function findHeld(context: Context, session: Session, head: string | null): Promise<boolean> {
  if (session.foreign === undefined) return false
  const { readHold } = await import('./foreign/is-held.ts')
  return readHold(context, session, head).then(
    ({ held }) => held,
    () => true,
  )
}

function findStates(
  context: Context,
  probe: Probe,
  divergence: Divergence | undefined,
  live: readonly LifeSign[],
): SessionState[] {
  const { session, worktree } = probe.entry
  if (worktree.prunable !== null) return ['orphaned']
  const states: SessionState[] = []
  if (session.status === 'creating') states.push('incomplete')
  if (session.setup?.status === 'failed') states.push('setup failed')
  if (session.setup?.status === 'interrupted') states.push('incomplete')
  if (probe.isHeld) states.push('held')
  if (session.status === 'kept') states.push('kept')
  if (probe.status === null || (probe.pair !== undefined && divergence === undefined)) states.push('unreadable')
  if (probe.operation !== null) states.push(operationStates[probe.operation])
  else if (worktree.branch === null) states.push('detached')
  const work = workOf(probe, divergence)
  if (work !== 'open') states.push(work === 'net-zero' ? 'nothing to lose' : work)
  else if (isStale(context.loaded.config.stale, session, divergence?.behind ?? 0, context.now())) states.push('stale')
  // a file may have been changed by somebody who has gone on since
  if (live.some(({ source }) => source !== 'files')) states.push('in use')
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
    lastActivityAt: null,
    live: [],
  }))
}
