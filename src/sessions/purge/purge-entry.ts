import { lstat } from 'node:fs/promises'
import { join } from 'node:path'
import { FlightRulesError } from '../../errors.ts'
import { namePaths } from '../../files/quote-path.ts'
import { holdsRepository } from '../../files/holds-repository.ts'
import { captureWorktree } from '../../git/capture/capture-worktree.ts'
import { requireWhole } from '../../git/capture/read-capture.ts'
import type { Uncaptured } from '../../git/capture/walk-tree.ts'
import { walkWorktree } from '../../git/capture/walk-worktree.ts'
import { appendHistory } from '../../operations/history.ts'
import { withLock } from '../../operations/lock.ts'
import { requireNoMount } from '../../operations/trash/before-deletion.ts'
import { discardFolder } from '../../operations/trash/discard-folder.ts'
import { requireRemovable } from '../../operations/trash/gate.ts'
import { loadTrashItem, type TrashItem } from '../../operations/trash/item.ts'
import { type Context, commonDirOf } from '../context.ts'
import { findProcessesIn, listOthers } from '../live-processes.ts'
import { isRecord } from '../record.ts'
import type { TrashEntry } from '../restore/trash-entries.ts'
import { sortIgnored } from '../spare-content.ts'
import { storeAndMark } from './purge-operation.ts'

/** `refuse`: what the snapshot cannot hold keeps the folder. `discard`: a person said that it may go. */
export type UncapturedWish = 'refuse' | 'discard'

/**
 * Stores everything a trashed folder holds in its snapshot, then deletes the folder. Nothing is deleted before the snapshot is complete,
 * under its ref, and found whole; and not if anything changed in the folder meanwhile. Call it under the purge lock.
 * @throws FlightRulesError UNCAPTURED, TRASH_IN_USE, TRASH_CHANGED, NOT_REMOVABLE; the folder is then still there.
 */
export async function purgeEntry(context: Context, entry: TrashEntry, wish: UncapturedWish): Promise<void> {
  const commonDir = commonDirOf(context)
  const { item } = entry
  const stored = await loadTrashItem(commonDir, item.trash)
  // interrupted: what is left of it is in the snapshot
  if (stored?.state === 'purging') return finish(context, stored)
  if (entry.folder === 'gone') return
  await requireRemovable({ worktree: item.path, gitDir: item.gitDir, commonDir })
  await requireNoMount(item.path)
  await requireUnused(item)
  const except = await listExcepted(context, item)
  const git = context.git.withoutSignal()
  const capture = await captureWorktree(git, {
    worktree: item.path,
    gitDir: item.gitDir,
    message: `${item.id}: ${item.reason}`,
    keep: entry.commit === null ? [] : [entry.commit],
    except,
  })
  const lost = capture.uncaptured
  if (lost.some(({ why }) => why === 'changing')) throw changed(item, 'something in it is being written')
  if (lost.length > 0 && wish === 'refuse') throw uncaptured(item, lost)
  const lock = { operation: `purge ${item.trash}`, signal: context.signal, waitMs: context.lockWaitMs }
  const marked = await withLock(commonDir, lock, async () => {
    const still = await loadTrashItem(commonDir, item.trash)
    if (still === undefined && entry.known === 'file') throw changed(item, 'it is not in the trash any more')
    const purging: TrashItem = { ...(still ?? item), state: 'purging' }
    const isAsStored = async (): Promise<void> => {
      await requireWhole(git, capture.commit)
      await requireUnused(item)
      const { state } = await walkWorktree({ worktree: item.path, gitDir: item.gitDir }, except)
      if (state !== capture.state) throw changed(item, 'something in it was changed meanwhile')
    }
    await storeAndMark(context, { item: purging, before: entry.commit, commit: capture.commit, isAsStored })
    return purging
  })
  await finish(context, marked)
}

async function finish(context: Context, item: TrashItem): Promise<void> {
  const commonDir = commonDirOf(context)
  await discardFolder(commonDir, item)
  const { record, id, trash, ref } = item
  const uuid = isRecord(record) ? record.uuid : ''
  await appendHistory(commonDir, { at: context.now().toISOString(), event: 'purged', id, uuid, trash, ref })
}

/** Folders that setup makes again, and env files nobody touched since they were copied: their values belong into no snapshot. */
export async function listExcepted(context: Context, item: TrashItem): Promise<(path: string) => boolean> {
  const envFiles = isRecord(item.record) ? item.record.envFiles : []
  const { remade } = await sortIgnored(context, { envFiles }, item.path)
  const except = new Set<string>()
  for (const name of remade) {
    const path = name.replace(/\/$/, '')
    const place = join(item.path, path)
    const isLink = (await lstat(place).catch(() => undefined))?.isSymbolicLink() === true
    if (!isLink && !(name.endsWith('/') && (await holdsRepository(place)))) except.add(path)
  }
  return (path) => except.has(path)
}

async function requireUnused({ path, trash }: TrashItem): Promise<void> {
  const inside = await findProcessesIn([path], 'thorough')
  const others = inside === 'unknown' ? [] : await listOthers(inside)
  if (others.length === 0) return
  const who = others.map(({ name, pid }) => `${name} (${pid})`).join(', ')
  throw new FlightRulesError({
    kind: 'busy',
    code: 'TRASH_IN_USE',
    message: `${trash} was not deleted: ${who} is in it`,
    hint: `leave ${path}, then run the command again`,
    details: { trash, processes: others.map(({ pid }) => pid) },
  })
}

function uncaptured(item: TrashItem, lost: readonly Uncaptured[]): FlightRulesError {
  return new FlightRulesError({
    kind: 'decision',
    code: 'UNCAPTURED',
    message: `${item.trash} was not deleted: a snapshot cannot hold ${namePaths(
      lost.map(({ path, why }) => `${path} (${why})`),
      8,
    )}`,
    hint: `look into ${item.path}`,
    choices: [
      { flag: '--keep', label: 'keep the folder for good' },
      { flag: '--discard', label: 'delete that too: nothing could bring it back' },
    ],
    details: { trash: item.trash, uncaptured: lost },
  })
}

function changed({ trash, path }: TrashItem, why: string): FlightRulesError {
  return new FlightRulesError({
    kind: 'busy',
    code: 'TRASH_CHANGED',
    message: `${trash} was not deleted: ${why}`,
    hint: 'run the command again when nobody works there any more',
    details: { trash, path },
  })
}
