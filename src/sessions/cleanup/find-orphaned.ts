import { lstat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { isGone } from '../../operations/trash/gate.ts'
import type { Context } from '../context.ts'
import { dropOrphan, listOrphans, previewDrop } from '../drop-orphan.ts'
import { findMoved } from '../find-moved.ts'
import type { RegisteredSession } from '../load-sessions.ts'
import { type ManifestEntry, resolveManifestPath } from '../manifest.ts'
import { previewMissing, retireMissing } from '../retire-missing.ts'
import { type CleanupFinder, type CleanupTask, historyDetails, nothing } from './cleanup-task.ts'
import { repairTask } from './repair-task.ts'

/** Sessions whose folder is not where it was, and entries of the manifest that git knows no worktree of. */
export const findOrphaned: CleanupFinder = async ({ context, set }) => {
  const missing = set.registered.filter(({ worktree }) => !worktree.main && worktree.prunable !== null)
  return Promise.all([
    ...missing.map((entry) => judgeMissing(context, entry)),
    ...listOrphans(context, set).map((entry) => judgeEntry(context, entry)),
  ])
}

async function judgeMissing(context: Context, entry: RegisteredSession): Promise<CleanupTask> {
  const { session, worktree } = entry
  const { path } = worktree
  const item = { id: session.id, kind: 'orphaned' as const }
  const places = await findMoved(context, entry)
  const [place, second] = places
  if (second !== undefined)
    return {
      ...item,
      ...nothing,
      evidence: `${path} is gone, and there are copies of it: ${places.join(', ')}`,
      action: 'left alone: only you know which of them it is; tell git: git worktree repair <that one>',
      verdict: 'leave',
    }
  if (place !== undefined)
    return {
      ...item,
      evidence: `it was moved from ${path} to ${place}, and git does not know`,
      action: 'tell git where it is now (git worktree repair)',
      verdict: 'ask',
      ...repairTask(context, entry, place),
    }
  const stats = await lstat(path).catch((error: NodeJS.ErrnoException) => error)
  if (stats instanceof Error && stats.code !== 'ENOENT' && stats.code !== 'ENOTDIR')
    return {
      ...item,
      ...nothing,
      evidence: `${path} cannot be looked at: ${stats.message}`,
      action: 'left alone',
      verdict: 'leave',
    }
  if (!(stats instanceof Error) && !stats.isDirectory())
    return { ...item, ...nothing, evidence: `something else is at ${path} now`, action: 'left alone', verdict: 'leave' }
  if (!(stats instanceof Error))
    return {
      ...item,
      evidence: `the .git file of ${path} is gone`,
      action: 'write it again (git worktree repair)',
      verdict: 'ask',
      ...repairTask(context, entry, null),
    }
  if (await isGone(dirname(path)))
    return {
      ...item,
      ...nothing,
      evidence: `${path} is gone, and so is the folder it was in: its disk may not be mounted, or it belongs to another machine`,
      action: 'left alone',
      verdict: 'leave',
    }
  const retirement = { reason: 'its folder was gone', event: 'cleaned-up' as const, deleteBranch: session.ownsBranch }
  return {
    ...item,
    evidence: `${path} is gone; git still has its commits and what was staged`,
    action: `let it go${session.ownsBranch ? ' with its branch' : ''}; what git has of it goes into the trash`,
    verdict: 'ask',
    preview: () => previewMissing(context, entry, retirement),
    async carryOut(run) {
      const retired = await retireMissing(context, entry, { ...retirement, details: historyDetails(run) })
      return { trash: retired.item.trash, findings: retired.findings }
    },
  }
}

async function judgeEntry(context: Context, entry: ManifestEntry): Promise<CleanupTask> {
  const path = resolveManifestPath(context.main, entry)
  const isThere = !(await isGone(path))
  const branch = entry.branch === null ? '' : `; its branch ${entry.branch} stays if it is there`
  return {
    id: entry.id,
    kind: 'orphaned',
    evidence: isThere
      ? `git knows no worktree of it, but ${path} is there`
      : 'only the manifest remembers it: its folder is gone, and git knows no worktree of it',
    action: `drop the entry${branch}${isThere ? `; ${path} is left alone` : ''}`,
    verdict: isThere ? 'ask' : 'safe',
    preview: () => previewDrop(context, entry),
    carryOut: (run) => dropOrphan(context, entry, { event: 'cleaned-up', details: historyDetails(run) }),
  }
}
