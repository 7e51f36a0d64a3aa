import { randomUUID } from 'node:crypto'
import { lstat, readFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { FlightRulesError } from '../../errors.ts'
import { isAncestor } from '../../git/ancestry.ts'
import { listBranchTips } from '../../git/branches.ts'
import { readSnapshot } from '../../git/capture/read-snapshot.ts'
import { readRef } from '../../git/refs.ts'
import { requireRemovable } from '../../operations/trash/gate.ts'
import type { TrashItem } from '../../operations/trash/item.ts'
import { type Context, commonDirOf } from '../context.ts'
import type { SessionSet } from '../load-sessions.ts'
import { firstFreeName, requireName } from '../name.ts'
import { isConversationLock, lockReason } from '../lock-reason.ts'
import { isLockedPlace } from '../locked-place.ts'
import { choosePorts } from './choose-ports.ts'
import { findObstacles, type Place } from './find-obstacles.ts'
import type { RestoreFacts } from './restore-facts.ts'
import { findStoredSession } from './stored-session.ts'
import type { TrashEntry } from './trash-entries.ts'

export interface RestoreInput {
  readonly entry: TrashEntry
  /** Name, and with it folder and branch, other than it had. `free`: the next free one, where its own is taken. */
  readonly as?: string | { readonly free: true }
}

/**
 * Everything about bringing an entry back, read as it is now; changes nothing. Call it under the lock.
 * @throws FlightRulesError RESTORE_OCCUPIED, NOT_RESTORABLE, NOT_REMOVABLE where the folder is not what was put away.
 */
export async function decideRestore(context: Context, set: SessionSet, { entry, as }: RestoreInput): Promise<RestoreFacts> {
  const commonDir = commonDirOf(context)
  const { folder, commit } = entry
  if (folder === 'there') await requireRemovable({ worktree: entry.item.path, gitDir: entry.item.gitDir, commonDir })
  const snapshot = commit === null ? undefined : await readSnapshot(context.git, commit)
  const stored = await findStoredSession(context, set, entry, snapshot)
  const item = completeItem(context, entry, stored.branch, snapshot?.head ?? null)
  const head = await findHead(context, item, folder)
  const wanted: Place = {
    id: item.id,
    path: item.from,
    branch: head.kind === 'branch' ? item.branch : null,
    tip: head.tip,
    earlier: item.head,
  }
  const place = await choosePlace(context, set, wanted, as)
  const ports = await choosePorts(context, set, stored)
  const isSame = place === wanted && JSON.stringify(ports) === JSON.stringify(stored.ports)
  const isTwice = set.registered.some(({ session }) => session.uuid === stored.uuid)
  const branch = place.branch ?? (place === wanted ? stored.branch : null)
  const session = {
    ...stored,
    id: place.id,
    uuid: isTwice ? randomUUID() : stored.uuid,
    status: stored.status === 'ending' || stored.status === 'creating' ? ('active' as const) : stored.status,
    branch,
    ownsBranch: stored.ownsBranch || (place !== wanted && place.branch !== null),
    ports,
  }
  return {
    item,
    folder,
    commit,
    gitDir: folder === 'there' ? item.gitDir : await chooseAdminDirectory(commonDir, place.path),
    path: place.path,
    session,
    branch: place.branch,
    tip: place.tip,
    branchBefore: place.branch === null ? null : await readRef(context.git, `refs/heads/${place.branch}`),
    lock: await chooseLock(context, item, place, place === wanted),
    // to somebody else's work `setup` writes, once it is approved
    envBlock: stored.foreign !== undefined || (isSame && folder === 'there') ? 'same' : 'write',
  }
}

/** Its own place, or another one where that was asked for. */
async function choosePlace(context: Context, set: SessionSet, wanted: Place, as: RestoreInput['as']): Promise<Place> {
  const another = (id: string): Place => ({
    ...wanted,
    id,
    path: join(context.sessionsDir, id),
    branch: wanted.branch === null ? null : `${context.loaded.config.branchPrefix}${id}`,
    earlier: null,
  })
  const place = typeof as === 'string' ? another(requireName(as)) : wanted
  const obstacles = await findObstacles(context, set, place)
  if (obstacles.length === 0) return place
  const free = await findFreeName(context, set, place.id, another)
  if (typeof as === 'object') return another(free)
  throw new FlightRulesError({
    kind: 'decision',
    code: 'RESTORE_OCCUPIED',
    message: `session ${place.id} cannot come back as it was: ${obstacles.join('; ')}; nothing was changed`,
    hint: 'nothing that is there is overwritten; take another name, or make room first',
    choices: [
      { flag: `--as ${free}`, label: `bring it back as ${free}${wanted.branch === null ? '' : `, on ${another(free).branch}`}` },
    ],
    details: { id: place.id, path: place.path, branch: place.branch, obstacles, as: free },
  })
}

async function findFreeName(context: Context, set: SessionSet, id: string, another: (id: string) => Place): Promise<string> {
  const tips = await listBranchTips(context.git, ['refs/heads'])
  const refused = new Set<string>([id])
  for (;;) {
    const name = firstFreeName(id, (candidate) => refused.has(candidate))
    if ((await findObstacles(context, set, another(name), tips)).length === 0) return name
    refused.add(name)
  }
}

/** What a note that was lost would have said. */
function completeItem(context: Context, { item, known }: TrashEntry, branch: string | null, head: string | null): TrashItem {
  if (known === 'file') return item.head === null ? { ...item, head } : item
  const trashed = join(context.sessionsDir, '.trash', item.trash)
  return {
    ...item,
    branch: item.branch ?? branch,
    head: item.head ?? head,
    path: item.path || trashed,
    from: join(context.sessionsDir, item.id),
    gitDir: item.gitDir || join(commonDirOf(context), 'worktrees', item.trash),
  }
}

/** The commit to go on from. Who went on working in the trashed folder may have committed there. */
async function findHead(
  context: Context,
  item: TrashItem,
  folder: TrashEntry['folder'],
): Promise<{ kind: 'branch' | 'as-it-is'; tip: string | null }> {
  if (item.head === null) return { kind: 'as-it-is', tip: null }
  if (folder === 'gone') return { kind: 'branch', tip: item.head }
  const present = (await readFile(join(item.gitDir, 'HEAD'), 'utf8')).trim()
  if (present === item.head) return { kind: 'branch', tip: item.head }
  if (!/^[0-9a-f]{40,64}$/.test(present)) return { kind: 'as-it-is', tip: item.head }
  return (await isAncestor(context.git, item.head, present))
    ? { kind: 'branch', tip: present }
    : { kind: 'as-it-is', tip: present }
}

/** git reuses the names of administrative directories. */
async function chooseAdminDirectory(commonDir: string, path: string): Promise<string> {
  for (let counter = 0; ; counter += 1) {
    const gitDir = join(commonDir, 'worktrees', `${basename(path)}${counter === 0 ? '' : counter}`)
    if ((await lstat(gitDir).catch(() => undefined)) === undefined) return gitDir
  }
}

/** A lock somebody else had put on it comes back as it was, none too; where it is a new place, or an agent's conversation is over, the place decides. */
async function chooseLock(
  context: Context,
  { lock }: TrashItem,
  { id, path }: Place,
  isOldPlace: boolean,
): Promise<string | null> {
  if (lock === null && isOldPlace) return null
  if (lock === null || isConversationLock(lock ?? '')) return (await isLockedPlace(context, path)) ? lockReason(id) : null
  return lock === undefined || lock.startsWith('flightrules ') ? lockReason(id) : lock
}
