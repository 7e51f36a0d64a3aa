import { listWorktrees } from '../../git/worktrees.ts'
import type { Facts } from '../../operations/journal.ts'
import { StrangeEntryError } from '../../operations/operation.ts'
import type { Context } from '../context.ts'
import { loadSessions, type RegisteredSession } from '../load-sessions.ts'
import { readSyncFacts, type SyncFacts } from './sync-facts.ts'

export interface FoundSync {
  /** Children of its git carry the operation's id. */
  readonly context: Context
  readonly facts: SyncFacts
  /** Undefined when the session is gone. */
  readonly entry: RegisteredSession | undefined
}

/**
 * The session a journaled sync is about, as it is now.
 * @throws StrangeEntryError where that is not at the path that was written down.
 */
export async function findSynced(context: Context, op: string, journaled: Facts): Promise<FoundSync> {
  const facts = readSyncFacts(journaled)
  const set = await loadSessions(context, await listWorktrees(context.git))
  const entry = set.registered.find(({ session }) => session.uuid === facts.uuid)
  if (entry !== undefined && entry.worktree.path !== facts.path)
    throw new StrangeEntryError(`${facts.path} is not where session ${facts.id} is`)
  return { context: { ...context, git: context.git.with({ FLIGHTRULES_OP: op }) }, facts, entry }
}
