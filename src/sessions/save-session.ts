import { readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { type Finding, FlightRulesError } from '../errors.ts'
import { listWorktrees, type Worktree } from '../git/worktrees.ts'
import { withLock } from '../operations/lock.ts'
import { isTrashPath } from '../operations/trash/item.ts'
import { type Context, commonDirOf } from './context.ts'
import { loadSessions } from './load-sessions.ts'
import { changeRecord } from './record.ts'
import type { Session } from './session.ts'
import { isManifestStale, projectManifest, writeManifest } from './write-manifest.ts'

/**
 * Stores a changed session: its record, then the manifest, under the lock.
 * @throws FlightRulesError SESSION_CHANGED when it ended meanwhile; nothing is written then.
 */
export async function saveSession(context: Context, gitDir: string, session: Session): Promise<Finding[]> {
  return (await changeSession(context, gitDir, session, () => session)).findings
}

/** As `saveSession`, for who has worked long on a session: only what `change` says differs from what is stored by now. */
export async function changeSession(
  context: Context,
  gitDir: string,
  { id, uuid }: Pick<Session, 'id' | 'uuid'>,
  change: (current: Session) => Session,
): Promise<{ session: Session; findings: Finding[] }> {
  return withLock(
    commonDirOf(context),
    { operation: `save ${id}`, waitMs: context.lockWaitMs, signal: context.signal },
    async () => {
      const session = (await isPutAway(gitDir)) ? undefined : await changeRecord(gitDir, uuid, change)
      if (session === undefined) throw ended(id)
      return { session, findings: await refreshManifest(context) }
    },
  )
}

/** A worktree in the trash still has its record, for a restore. */
async function isPutAway(gitDir: string): Promise<boolean> {
  const line = await readFile(join(gitDir, 'gitdir'), 'utf8').catch(() => '')
  return isTrashPath(dirname(line.trim()))
}

function ended(id: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'failed',
    code: 'SESSION_CHANGED',
    message: `session ${id} was ended while this command still worked on it; nothing more was stored about it`,
    hint: 'flightrules status    shows what is there now',
    details: { id },
  })
}

/** Rewrites the manifest from the records where it says something else. Call it only under the lock. */
export async function refreshManifest(
  context: Context,
  ended: ReadonlySet<string> = new Set(),
  worktrees?: readonly Worktree[],
): Promise<Finding[]> {
  const set = await loadSessions(context, worktrees ?? (await listWorktrees(context.git)))
  const projected = projectManifest(context, set.registered, set.manifest)
  const manifest = { ...projected, sessions: projected.sessions.filter((entry) => !ended.has(entry.id)) }
  return isManifestStale(manifest, set.manifest) ? writeManifest(context, manifest, set.manifest) : []
}
