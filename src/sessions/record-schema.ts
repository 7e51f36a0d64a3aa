import * as z from 'zod/mini'
import { recordParts } from './record.ts'
import { isTouchGlob } from './touch.ts'

const setupSchema = z.object({
  status: z.enum(['pending', 'running', 'ok', 'failed', 'interrupted', 'skipped', 'untrusted']),
  at: z.string(),
  log: z.nullable(z.string()),
})

const inside = z.string().check(z.refine(recordParts.isInside, 'no path inside the worktree'))

/** A record as stored; fields of newer versions are kept. */
export const recordSchema = z.looseObject({
  version: z.literal(1),
  uuid: z.string().check(z.refine(recordParts.isUuid, 'no uuid')),
  id: z.string().check(z.refine(recordParts.isId, 'no name of a session')),
  branch: z.nullable(z.string()),
  startedAt: z.string(),
  sessionLog: z.nullable(inside),
  goals: z.array(z.string()),
  touch: z.optional(z.array(z.string().check(z.refine(isTouchGlob, 'no glob inside the repository')))),
  status: z.enum(['creating', 'active', 'ending', 'kept']),
  mode: z.enum(['parallel', 'standard']),
  base: z.string(),
  baseCommit: z.string().check(z.refine(recordParts.isOid, 'no commit')),
  ownsBranch: z.boolean(),
  lastSyncedAt: z.nullable(z.string()),
  syncedOnto: z.optional(z.string().check(z.refine(recordParts.isOid, 'no commit'))),
  ports: z.record(z.string(), z.number()),
  envFiles: z.array(z.object({ path: inside, sha256: z.string() })),
  setup: z.nullable(setupSchema),
  createdBy: z.enum(['cli', 'hook', 'agent']),
  issue: z.nullable(z.number()),
  pr: z.nullable(z.object({ number: z.number(), url: z.string() })),
  // records from before there were any lack it
  foreign: z.optional(
    z.object({ request: z.number(), head: z.string().check(z.refine(recordParts.isOid, 'no commit')), from: z.string() }),
  ),
})

/** What is wrong with a value that is no record. */
export function explainRecord(value: unknown): string {
  const { error } = z.safeParse(recordSchema, value)
  return error === undefined
    ? 'it is no record'
    : error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`).join('; ')
}
