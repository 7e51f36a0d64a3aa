import { readdir, readFile, unlink } from 'node:fs/promises'
import { basename, dirname, isAbsolute, join, resolve } from 'node:path'
import { reachFailpoint } from '../../files/failpoint.ts'
import { replaceFile } from '../../files/replace-file.ts'
import { hasFields, isFlag, isListOf, isOneOf, isText, orAbsent, orNull } from '../../files/shape.ts'
import type { Json } from '../plan.ts'
import { isAdminDirectory } from './gate.ts'

/** A worktree that was put away: where it is now, and where everything it held can be found. */
export interface TrashItem {
  readonly version: 1
  /** Name of this entry. */
  readonly trash: string
  readonly id: string
  readonly at: string
  readonly reason: string
  readonly branch: string | null
  /** Commit that was checked out. */
  readonly head: string | null
  /** Ref of the snapshot: HEAD, index, tracked and untracked files. */
  readonly ref: string
  readonly path: string
  readonly from: string
  readonly gitDir: string
  /** `whole`: the folder is there. `purging`: it is being deleted, only the snapshot counts. `purged`: it is gone. Absent: whole. */
  readonly state?: 'whole' | 'purging' | 'purged'
  /** Never deleted by age. */
  readonly keep?: boolean
  /** What git's lock of the worktree said before, null when it was not locked. Absent: not known. */
  readonly lock?: string | null
  /** Folders setup makes again that were deleted from it since, to save room. */
  readonly dropped?: readonly string[]
  /** When it was first seen to have been here long enough: one look at the clock does not make it old. */
  readonly dueSince?: string
  /** The session's record: git's administrative directory, where it is otherwise, goes with the folder. */
  readonly record?: Json
}

export const isTrashItem = hasFields({
  version: isOneOf(1),
  trash: isText,
  id: isText,
  at: isText,
  reason: isText,
  branch: orNull(isText),
  head: orNull(isText),
  ref: isText,
  path: isText,
  from: isText,
  gitDir: isText,
  state: orAbsent(isOneOf('whole', 'purging', 'purged')),
  keep: orAbsent(isFlag),
  lock: orAbsent(orNull(isText)),
  dropped: orAbsent(isListOf(isText)),
  dueSince: orAbsent(isText),
})

/** Whether an entry asks for nothing but what we put away ourselves: it is read from a file anybody may have written. */
export function isOwnItem(commonDir: string, item: TrashItem): boolean {
  return (
    isTrashPath(item.path) &&
    basename(item.path) === item.trash &&
    isAbsolute(item.from) &&
    resolve(item.from) === item.from &&
    isAdminDirectory(commonDir, item.gitDir) &&
    item.trash.startsWith(`${item.id}-`) &&
    item.ref === `refs/flightrules/trash/${item.id}/${item.trash.slice(item.id.length + 1)}` &&
    (item.head === null || /^[0-9a-f]{40,64}$/.test(item.head))
  )
}

/** Every readable entry of the trash, oldest first; one that is not exactly an entry is left alone. */
export async function loadTrash(commonDir: string): Promise<TrashItem[]> {
  const names = await readdir(trashDirectory(commonDir)).catch(() => [])
  const items = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map((name) => loadTrashItem(commonDir, basename(name, '.json'))),
  )
  return items.flatMap((item) => (item === undefined ? [] : [item])).toSorted((a, b) => a.at.localeCompare(b.at))
}

/** One entry; undefined when there is none of that name that can be read. */
export async function loadTrashItem(commonDir: string, trash: string): Promise<TrashItem | undefined> {
  try {
    const content: unknown = JSON.parse(await readFile(itemFile(commonDir, trash), 'utf8'))
    return isTrashItem(content) && (content as TrashItem).trash === trash ? (content as TrashItem) : undefined
  } catch {
    return undefined
  }
}

export async function writeTrashItem(commonDir: string, item: TrashItem): Promise<void> {
  await replaceFile(itemFile(commonDir, item.trash), `${JSON.stringify(item, null, 2)}\n`)
}

/** Forgets an entry, whose folder and snapshot are somebody else's matter by now. */
export async function removeTrashItem(commonDir: string, trash: string): Promise<void> {
  reachFailpoint('unlink:trash-item')
  await unlink(itemFile(commonDir, trash)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}

/** Whether a path is an entry of a trash of ours. */
export function isTrashPath(path: string): boolean {
  return isAbsolute(path) && resolve(path) === path && ['.trash', '.flightrules-trash'].includes(basename(dirname(path)))
}

/** A time as part of a ref's name and a folder's. */
export function trashTime(now: Date): string {
  return now.toISOString().replace(/[-:.]/g, '').toLowerCase()
}

function itemFile(commonDir: string, trash: string): string {
  return join(trashDirectory(commonDir), `${trash}.json`)
}

function trashDirectory(commonDir: string): string {
  return join(commonDir, 'flightrules', 'trash')
}
