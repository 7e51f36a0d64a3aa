import { foldName } from '../name.ts'
import { type CleanupFinder, type CleanupInput, type CleanupKind, cleanupKinds, type CleanupTask } from './cleanup-task.ts'
import { findBranches } from './find-branches.ts'
import { findHalfMade } from './find-half-made.ts'
import { findInterrupted } from './find-interrupted.ts'
import { findLocks } from './find-locks.ts'
import { findMerged } from './find-merged.ts'
import { findOrphaned } from './find-orphaned.ts'
import { findStale } from './find-stale.ts'

const finders: Readonly<Record<CleanupKind, CleanupFinder>> = {
  orphaned: findOrphaned,
  'half-made': findHalfMade,
  merged: findMerged,
  stale: findStale,
  interrupted: findInterrupted,
  branch: findBranches,
  lock: findLocks,
}

/** Kinds that are about sessions: of each session only the first that applies is said. */
const aboutSessions: readonly CleanupKind[] = ['orphaned', 'half-made', 'merged', 'stale']

/** Everything of these kinds that is left over, each thing once. Changes nothing. */
export async function listCleanup(input: CleanupInput, wanted: ReadonlySet<CleanupKind>): Promise<CleanupTask[]> {
  const tasks: CleanupTask[] = []
  const named = new Set<string>()
  for (const kind of cleanupKinds) {
    if (!wanted.has(kind)) continue
    for (const task of await finders[kind](input)) {
      const name = foldName(task.id)
      if (aboutSessions.includes(kind) && named.has(name)) continue
      if (aboutSessions.includes(kind)) named.add(name)
      tasks.push(task)
    }
  }
  return tasks
}
