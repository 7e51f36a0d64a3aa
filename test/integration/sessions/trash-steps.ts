import { lstat } from 'node:fs/promises'
import type { Context } from '../../../src/sessions/context.ts'
import { purgeAll, type PurgeResult } from '../../../src/sessions/purge/purge-trash.ts'
import type { UncapturedWish } from '../../../src/sessions/purge/purge-entry.ts'
import { restoreSession, type Restored } from '../../../src/sessions/restore/restore-session.ts'
import { loadTrashEntries, type TrashEntry } from '../../../src/sessions/restore/trash-entries.ts'
import { type Retired, retireSession } from '../../../src/sessions/retire-session.ts'
import { siteFiles, type Site, workOn } from '../../support/situations/situation.ts'
import { type Engine, type EngineOptions, makeEngine } from './engine.ts'

/** A repository with the session `topic`, on a branch of that name, two commits on. */
export async function makeTopic(options: EngineOptions = {}): Promise<{ engine: Engine; site: Site; path: string }> {
  const engine = await makeEngine({ files: siteFiles, ...options, config: { branchPrefix: '', ...options.config } })
  const { path } = await engine.start('topic')
  return { engine, path, site: await workOn(engine, path) }
}

/** What `end --strategy abandon` does in the end. */
export async function abandon(engine: Engine, id = 'topic'): Promise<Retired> {
  const { context } = await engine.open()
  const entry = await engine.session(id)
  return retireSession(context, entry, {
    reason: 'abandoned',
    event: 'ended',
    tip: entry.worktree.head,
    content: 'any',
    deleteBranch: true,
  })
}

export async function entriesOf(engine: Engine): Promise<TrashEntry[]> {
  return loadTrashEntries((await engine.open()).context)
}

/** The newest entry of the trash. */
export async function lastEntry(engine: Engine): Promise<TrashEntry> {
  const entry = (await entriesOf(engine)).at(-1)
  if (entry === undefined) throw new Error('nothing is in the trash')
  return entry
}

export async function restoreLast(engine: Engine, as?: string | { readonly free: true }): Promise<Restored> {
  const entry = await lastEntry(engine)
  return restoreSession((await engine.open()).context, { entry, ...(as === undefined ? {} : { as }) })
}

/** Deletes the newest entry's folder. */
export async function purgeLast(engine: Engine, wish: UncapturedWish = 'refuse'): Promise<PurgeResult> {
  const [result] = await purgeAll((await engine.open()).context, [await lastEntry(engine)], wish)
  if (result === undefined) throw new Error('nothing was purged')
  return result
}

/** As another day would find it. */
export async function later(engine: Engine, milliseconds: number): Promise<Context> {
  const { context } = await engine.open()
  return { ...context, now: () => new Date(Date.now() + milliseconds) }
}

export function isThere(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    () => false,
  )
}
