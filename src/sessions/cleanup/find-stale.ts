import { changedPaths, readStatus } from '../../git/status.ts'
import type { Context } from '../context.ts'
import { isWithin } from '../find-session.ts'
import { findLastTouch } from '../last-touch.ts'
import { findLifeSigns } from '../life-signs.ts'
import { findProcessesIn } from '../live-processes.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { loadSessionDivergences, readSessionBases } from '../session-bases.ts'
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
  const signs = await Promise.all(
    candidates.map((entry, index) => findLifeSigns(entry, processes, context.now(), looks[index]?.changed ?? [])),
  )
  return candidates.flatMap((entry, index) => {
    const { session, worktree } = entry
    const look = looks[index]
    if (look === undefined || isWithin(worktree.path, context.cwd)) return []
    if ((signs[index] ?? []).length > 0) return []
    const { ahead, behind, changed, touched } = look
    const isDue =
      staleAfter === null
        ? isStale(context.loaded.config.stale, session, behind ?? 0, context.now())
        : context.now().getTime() - touched >= staleAfter
    if (!isDue) return []
    const commits = ahead === null ? 'its commits could not be counted' : countOf(ahead, 'commit', `not in ${session.base}`)
    const files = changed === null ? 'git could not say what is uncommitted' : countOf(changed.length, 'uncommitted file', '')
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
  /** Uncommitted files, null where git could not say. */
  readonly changed: readonly string[] | null
  /** Milliseconds since 1970 of the last sign of life. */
  readonly touched: number
}

async function readLooks(context: Context, entries: readonly RegisteredSession[]): Promise<Look[]> {
  const bases = await readSessionBases(context.git, entries)
  const divergences = await loadSessionDivergences(context, bases, entries)
  const looks: Look[] = []
  for (const entry of entries) {
    const divergence = divergences.get(entry.session.id)
    const status = await readStatus(context.git, entry.worktree.path).catch(() => null)
    const changed = status === null ? null : changedPaths(status).filter((path) => path !== entry.session.sessionLog)
    looks.push({
      ahead: divergence?.ahead ?? null,
      behind: divergence?.behind ?? null,
      changed,
      touched: await findLastTouch(entry, changed ?? []),
    })
  }
  return looks
}

function countOf(count: number, what: string, where: string): string {
  return `${count === 0 ? 'no' : count} ${what}${count === 1 ? '' : 's'}${where === '' ? '' : ` ${where}`}`
}
