import { lstat } from 'node:fs/promises'
import { basename } from 'node:path'
import { listRefs } from '../../git/refs.ts'
import { listAdminDirectories } from '../../git/worktrees.ts'
import { loadHistory } from '../../operations/history.ts'
import { isOwnItem, isTrashPath, loadTrash, type TrashItem } from '../../operations/trash/item.ts'
import { type Context, commonDirOf } from '../context.ts'
import { loadRecord } from '../record.ts'

/** Something that was removed and can be brought back. */
export interface TrashEntry {
  readonly item: TrashItem
  /** `there`: the folder itself, with everything in it. `gone`: only the snapshot. */
  readonly folder: 'there' | 'gone'
  /** Commit of the snapshot; null when somebody deleted its ref. */
  readonly commit: string | null
  /** `file`: as it was noted. `ref`: the note was lost, and what is known comes from the snapshot and the history. */
  readonly known: 'file' | 'ref'
}

const prefix = 'refs/flightrules/trash/'

/** Everything in the trash, oldest first: what was noted, and snapshots and folders whose note is lost. */
export async function loadTrashEntries(context: Context): Promise<TrashEntry[]> {
  const commonDir = commonDirOf(context)
  const [items, refs, adminDirs] = await Promise.all([
    loadTrash(commonDir),
    listRefs(context.git, [prefix.slice(0, -1)]),
    listAdminDirectories(commonDir),
  ])
  const commits = new Map(refs.map(({ ref, oid }) => [ref, oid]))
  const entries: TrashEntry[] = []
  for (const item of items) {
    if (!isOwnItem(commonDir, item) || (await isBack(item, adminDirs))) continue
    const folder = (await holdsFolder(item)) ? 'there' : 'gone'
    const commit = commits.get(item.ref) ?? null
    if (folder === 'there' || commit !== null) entries.push({ item, folder, commit, known: 'file' })
  }
  const known = new Set(entries.map(({ item }) => item.ref))
  const lost = refs.filter(({ ref }) => !known.has(ref) && !items.some((item) => item.ref === ref))
  entries.push(...(await findLost(context, lost, adminDirs)))
  return entries.toSorted((a, b) => a.item.at.localeCompare(b.item.at))
}

async function holdsFolder({ path, state }: TrashItem): Promise<boolean> {
  if (state === 'purging' || state === 'purged') return false
  return (await lstat(path).catch(() => undefined))?.isDirectory() === true
}

/** Somebody took the folder out of the trash by hand: it is a session again. */
async function isBack({ gitDir, path, record }: TrashItem, adminDirs: ReadonlyMap<string, string>): Promise<boolean> {
  const place = [...adminDirs].find(([, other]) => other === gitDir)?.[0]
  if (place === undefined || place === path || isTrashPath(place)) return false
  const there = await loadRecord(gitDir)
  const uuid = typeof record === 'object' && record !== null && 'uuid' in record ? record.uuid : undefined
  return there.state === 'valid' && there.session.uuid === uuid && (await lstat(place).catch(() => undefined)) !== undefined
}

async function findLost(
  context: Context,
  refs: readonly { readonly ref: string; readonly oid: string }[],
  adminDirs: ReadonlyMap<string, string>,
): Promise<TrashEntry[]> {
  if (refs.length === 0) return []
  const history = await loadHistory(commonDirOf(context))
  return refs.flatMap(({ ref, oid }): TrashEntry[] => {
    const [id = '', time = '', ...more] = ref.slice(prefix.length).split('/')
    const at = parseTime(time)
    if (at === undefined || more.length > 0) return []
    const trash = `${id}-${time}`
    const [path, gitDir] = [...adminDirs].find(([place]) => isTrashPath(place) && basename(place) === trash) ?? []
    const said = history.findLast((entry) => entry['ref'] === ref && entry.event !== 'purged')
    const branch = said?.['branch']
    const item: TrashItem = {
      version: 1,
      trash,
      id,
      at,
      reason: typeof said?.['reason'] === 'string' ? said['reason'] : 'not known any more',
      branch: typeof branch === 'string' ? branch : null,
      head: null,
      ref,
      path: path ?? '',
      from: '',
      gitDir: gitDir ?? '',
    }
    return [{ item, folder: path === undefined ? 'gone' : 'there', commit: oid, known: 'ref' }]
  })
}

/** Reads `20250117t103000000z`. */
function parseTime(text: string): string | undefined {
  const match = /^(\d{4})(\d\d)(\d\d)t(\d\d)(\d\d)(\d\d)(\d{3})z$/.exec(text)
  if (match === null) return undefined
  const [, year, month, day, hour, minute, second, ms] = match
  const at = `${year}-${month}-${day}T${hour}:${minute}:${second}.${ms}Z`
  return Number.isNaN(Date.parse(at)) ? undefined : at
}
