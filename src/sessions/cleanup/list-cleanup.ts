import { foldName } from '../name.ts'
import type { CleanupFinder, CleanupInput, CleanupKind, CleanupTask } from './cleanup-task.ts'
import { findBranches } from './find-branches.ts'
import { findHalfMade } from './find-half-made.ts'
import { findInterrupted } from './find-interrupted.ts'
import { findLocks } from './find-locks.ts'
import { findMerged } from './find-merged.ts'
import { findOrphaned } from './find-orphaned.ts'
import { findStale } from './find-stale.ts'

/** In the order of the kinds: what is found first counts. */
const finders: readonly { readonly kinds: readonly CleanupKind[]; readonly find: CleanupFinder }[] = [
  { kinds: ['lock'], find: findLocks },
  { kinds: ['interrupted'], find: findInterrupted },
  { kinds: ['orphaned'], find: findOrphaned },
  { kinds: ['half-made'], find: findHalfMade },
  { kinds: ['merged', 'nothing-to-lose'], find: findMerged },
  { kinds: ['stale'], find: findStale },
  { kinds: ['branch'], find: findBranches },
]

/** Kinds that are about sessions: of each session only the first that applies is said. */
const aboutSessions: readonly CleanupKind[] = ['orphaned', 'half-made', 'merged', 'nothing-to-lose', 'stale']

/** Everything of these kinds that is left over, each thing once. Changes nothing. */
export async function listCleanup(input: CleanupInput, wanted: ReadonlySet<CleanupKind>): Promise<CleanupTask[]> {
  const tasks: CleanupTask[] = []
  const named = new Set<string>()
  for (const { kinds, find } of finders) {
    if (!kinds.some((kind) => wanted.has(kind))) continue
    for (const task of await find(input)) {
      if (!wanted.has(task.kind)) continue
      const name = foldName(task.id)
      const isSession = aboutSessions.includes(task.kind)
      if (isSession && named.has(name)) continue
      if (isSession) named.add(name)
      tasks.push(task)
    }
  }
  return tasks
}
