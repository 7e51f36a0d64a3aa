import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { listBranchTips } from '../../git/branches.ts'
import { changedPaths, readStatus } from '../../git/status.ts'
import type { Context } from '../context.ts'
import { loadDivergences } from '../divergence.ts'
import { isWithin } from '../find-session.ts'
import { findProcessesIn } from '../live-processes.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { isStale } from '../stale.ts'
import { toTimestamp } from '../timestamp.ts'
import type { CleanupFinder } from './cleanup-task.ts'
import { retireTask } from './retire-task.ts'

/** Sessions that have gone without a sign of life, or without their base, for longer than the project or the caller allows. */
export const findStale: CleanupFinder = async ({ context, set, staleAfter }) => {
  const candidates = set.registered.filter(
    ({ session, worktree }) => !worktree.main && worktree.prunable === null && (staleAfter !== null || session.status !== 'kept'),
  )
  const paths = candidates.map((entry) => entry.worktree.path)
  const [processes, looks] = await Promise.all([findProcessesIn(paths, 'quick'), readLooks(context, candidates)])
  return candidates.flatMap((entry, index) => {
    const { session, worktree } = entry
    const look = looks[index]
    if (look === undefined || isWithin(worktree.path, context.cwd)) return []
    if (processes !== 'unknown' && processes.some(({ cwd }) => isWithin(worktree.path, cwd))) return []
    const { ahead, behind, changed, touched } = look
    const isDue =
      staleAfter === null
        ? isStale(context.loaded.config.stale, session, behind ?? 0, context.now())
        : context.now().getTime() - touched >= staleAfter
    if (!isDue) return []
    const commits = ahead === null ? 'its commits could not be counted' : countOf(ahead, 'commit', `not in ${session.base}`)
    const files = changed === null ? 'git could not say what is uncommitted' : countOf(changed, 'uncommitted file', '')
    const distance = behind === null || behind === 0 ? '' : `, ${countOf(behind, 'commit', `behind ${session.base}`)}`
    return [
      {
        id: session.id,
        kind: 'stale' as const,
        evidence: `nothing has happened in it since ${toTimestamp(new Date(touched))}: ${commits}, ${files}${distance}`,
        action: `remove its worktree${session.ownsBranch ? ' and its branch' : ''}; all it holds goes into the trash`,
        verdict: 'ask' as const,
        ...retireTask(context, entry, { reason: 'stale', content: 'any', deleteBranch: session.ownsBranch }),
      },
    ]
  })
}

interface Look {
  readonly ahead: number | null
  readonly behind: number | null
  /** Number of uncommitted files, null where git could not say. */
  readonly changed: number | null
  /** Milliseconds since 1970 of the last sign of life. */
  readonly touched: number
}

async function readLooks(context: Context, entries: readonly RegisteredSession[]): Promise<Look[]> {
  const tips = await listBranchTips(context.git, ['refs/heads'])
  const pairs = entries.map(({ session, worktree }) => ({
    base: tips.local.get(session.base) ?? worktree.head ?? '',
    tip: worktree.head ?? '',
    start: session.baseCommit,
    branch: session.branch,
  }))
  const known = pairs.map((pair, index) => pair.tip !== '' && tips.local.has(entries[index]?.session.base ?? ''))
  const divergences = await loadDivergences(
    context,
    pairs.filter((_pair, index) => known[index]),
  )
  const looks: Look[] = []
  let next = 0
  for (const [index, entry] of entries.entries()) {
    const divergence = known[index] === true ? divergences[next++] : undefined
    const status = await readStatus(context.git, entry.worktree.path).catch(() => null)
    const changed = status === null ? null : changedPaths(status).filter((path) => path !== entry.session.sessionLog)
    looks.push({
      ahead: divergence?.ahead ?? null,
      behind: divergence?.behind ?? null,
      changed: changed?.length ?? null,
      touched: await findLastTouch(entry, changed ?? []),
    })
  }
  return looks
}

/** When it was last worked in, as far as files tell: a commit, a checkout, something staged, an uncommitted file. */
async function findLastTouch({ session, worktree, gitDir }: RegisteredSession, changed: readonly string[]): Promise<number> {
  const files = [join(gitDir, 'logs', 'HEAD'), join(gitDir, 'HEAD'), ...changed.map((path) => join(worktree.path, path))]
  const times = await Promise.all(
    files.map((file) =>
      lstat(file).then(
        (stats) => stats.mtimeMs,
        () => 0,
      ),
    ),
  )
  const noted = [session.startedAt, session.lastSyncedAt ?? '', session.setup?.at ?? ''].map((time) => Date.parse(time) || 0)
  return Math.max(...times, ...noted)
}

function countOf(count: number, what: string, where: string): string {
  return `${count === 0 ? 'no' : count} ${what}${count === 1 ? '' : 's'}${where === '' ? '' : ` ${where}`}`
}
