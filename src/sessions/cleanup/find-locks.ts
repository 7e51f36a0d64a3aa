import { unlink } from 'node:fs/promises'
import { relative } from 'node:path'
import { FlightRulesError } from '../../errors.ts'
import { reachFailpoint } from '../../files/failpoint.ts'
import { type LockFile, listLockFiles, readLockFile } from '../../git/lock-files.ts'
import { appendHistory } from '../../operations/history.ts'
import { withLock } from '../../operations/lock.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { SessionSet } from '../load-sessions.ts'
import { toTimestamp } from '../timestamp.ts'
import { type CleanupFinder, nothing } from './cleanup-task.ts'
import { findLockHolder } from './lock-holder.ts'

/** Milliseconds before a lock file is worth a word: git holds one for no longer, but while somebody writes a commit's message. */
const grace = 10 * 60 * 1000

/** Lock files that a killed git left. One goes only when it is proven that nobody can be holding it. */
export const findLocks: CleanupFinder = async ({ context, set }) => {
  const locks = (await listLockFiles(commonDirOf(context))).filter(({ since }) => context.now().getTime() - since > grace)
  return Promise.all(
    locks.map(async (lock) => {
      const holder = await findLockHolder(lock, rootsOf(context, set))
      const since = `it is there since ${toTimestamp(new Date(lock.since))}, and git writes nothing it guards meanwhile`
      const about = {
        id: lock.path,
        kind: 'lock' as const,
        evidence: `${since}; ${holder ?? 'no process has it open, and no git is at work in this repository'}`,
      }
      if (holder !== null) {
        const action = 'left alone: once nobody works there, delete it yourself'
        return { ...about, ...nothing, action, verdict: 'leave' as const }
      }
      return {
        ...about,
        action: 'delete it',
        verdict: 'safe' as const,
        preview: async () => [{ kind: 'delete-git-lock', path: lock.path, undo: 'none needed: it guards nothing any more' }],
        carryOut: async (run: string) => {
          await deleteLock(context, set, lock, run)
          return { trash: null, findings: [] }
        },
      }
    }),
  )
}

async function deleteLock(context: Context, set: SessionSet, lock: LockFile, run: string): Promise<void> {
  const commonDir = commonDirOf(context)
  // under it no git of ours is at work
  await withLock(commonDir, { operation: 'cleanup', signal: context.signal, waitMs: context.lockWaitMs }, async () => {
    const holder = await findLockHolder(lock, rootsOf(context, set))
    const now = await readLockFile(lock.path)
    if (now?.inode !== lock.inode || now.since !== lock.since) throw changed(lock.path, 'it is another one by now, or gone')
    if (holder !== null) throw changed(lock.path, holder)
    reachFailpoint('unlink:git-lock')
    await unlink(lock.path)
    const details = { path: relative(commonDir, lock.path), reason: 'lock file left by a killed git', cleanup: run }
    await appendHistory(commonDir, { at: context.now().toISOString(), event: 'cleaned-up', id: '', uuid: '', ...details })
  })
}

/** Where a git that works in this repository may be. */
function rootsOf(context: Context, set: SessionSet): string[] {
  const linked = [set.main, ...set.registered, ...set.unregistered, ...set.unreadable].map(({ worktree }) => worktree.path)
  return [commonDirOf(context), ...linked]
}

function changed(path: string, why: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'busy',
    code: 'LOCK_IN_USE',
    message: `${path} was left alone: ${why}`,
    hint: 'wait for it to end, then run the command again',
    details: { path },
  })
}
