import { randomUUID } from 'node:crypto'
import type { Json } from '../../operations/plan.ts'
import type { ManifestEntry } from '../manifest.ts'
import { isRecord } from '../record.ts'

/**
 * A record made from what the manifest remembers of a session whose own is gone; null where that is not enough. It owns no branch and
 * has no copies of env files: neither can be known any more.
 */
export function toRememberedRecord(entry: ManifestEntry, tip: string): Json {
  const record = {
    version: 1,
    uuid: randomUUID(),
    id: entry.id,
    branch: entry.branch,
    startedAt: entry.startedAt,
    sessionLog: entry.sessionLog ?? null,
    goals: entry.goals,
    status: 'active',
    mode: 'parallel',
    base: entry.base,
    baseCommit: entry.baseCommit ?? tip,
    ownsBranch: false,
    lastSyncedAt: entry.lastSyncedAt ?? null,
    ports: entry.ports,
    envFiles: [],
    setup: null,
    createdBy: entry.createdBy ?? 'cli',
    issue: entry.issue ?? null,
    pr: entry.pr ?? null,
  }
  return isRecord(record) ? (record as unknown as Json) : null
}
