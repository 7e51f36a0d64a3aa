import { randomUUID } from 'node:crypto'
import type { StoredSnapshot } from '../../git/capture/read-snapshot.ts'
import { areHooksHeld, heldSettings } from '../../git/no-hooks.ts'
import { listBranchTips } from '../../git/branches.ts'
import { loadHistory } from '../../operations/history.ts'
import { resolveBase } from '../base-branch.ts'
import { type Context, commonDirOf } from '../context.ts'
import { foreignOfNobodyKnown } from '../foreign/lost-record.ts'
import type { SessionSet } from '../load-sessions.ts'
import { isRecord, loadRecord } from '../record.ts'
import type { Session } from '../session.ts'
import { toTimestamp } from '../timestamp.ts'
import type { TrashEntry } from './trash-entries.ts'

/** The session as it was when it was removed: from its record, wherever one is left, else from what the history says. */
export async function findStoredSession(
  context: Context,
  set: SessionSet,
  { item, folder }: TrashEntry,
  snapshot: StoredSnapshot | undefined,
): Promise<Session> {
  const there = folder === 'there' ? await loadRecord(item.gitDir) : undefined
  if (there?.state === 'valid') return there.session
  const text = await snapshot?.readAdmin('flightrules.json')
  for (const stored of [item.record, parse(text)]) {
    if (!isRecord(stored)) continue
    const { version: _version, ...session } = stored
    return session
  }
  const made = await makeUp(context, set, item, snapshot)
  const isHeld = folder === 'there' ? await areHooksHeld(item.gitDir) : (await snapshot?.readAdmin(heldSettings)) !== undefined
  return isHeld ? { ...made, ...foreignOfNobodyKnown(made.baseCommit) } : made
}

async function makeUp(
  context: Context,
  set: SessionSet,
  item: TrashEntry['item'],
  snapshot: StoredSnapshot | undefined,
): Promise<Session> {
  const said = (await loadHistory(commonDirOf(context))).findLast(
    (entry) => entry.event !== 'purged' && entry['ref'] === item.ref,
  )
  const [base, goals, ports, branch] = ['base', 'goals', 'ports', 'branch'].map((name) => said?.[name])
  const fallback = await resolveBase(context, await listBranchTips(context.git), set.main.worktree)
  return {
    uuid: said?.uuid ?? randomUUID(),
    id: item.id,
    branch: typeof branch === 'string' ? branch : (item.branch ?? `${context.loaded.config.branchPrefix}${item.id}`),
    startedAt: toTimestamp(new Date(item.at)),
    sessionLog: null,
    goals: Array.isArray(goals) ? goals.filter((goal) => typeof goal === 'string') : [],
    status: 'active',
    mode: 'parallel',
    base: typeof base === 'string' ? base : fallback.branch,
    baseCommit: item.head ?? snapshot?.head ?? fallback.oid,
    ownsBranch: false,
    lastSyncedAt: null,
    ports: isPorts(ports) ? ports : {},
    envFiles: [],
    setup: null,
    createdBy: 'cli',
    issue: null,
    pr: null,
  }
}

function isPorts(value: unknown): value is Readonly<Record<string, number>> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false
  return Object.values(value).every((port) => Number.isInteger(port))
}

function parse(text: string | undefined): unknown {
  try {
    return text === undefined ? undefined : JSON.parse(text)
  } catch {
    return undefined
  }
}
