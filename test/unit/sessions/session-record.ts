import type { Session } from '../../../src/sessions/session.ts'

/** A session with everything in it. */
export function makeSessionRecord(fields: Partial<Session> = {}): Session {
  return {
    uuid: '00000000-0000-4000-8000-000000000001',
    id: 'auth',
    branch: 'session/auth',
    startedAt: '2026-01-02T03:04:05Z',
    sessionLog: 'docs/session_logs/20260102_0304_session.md',
    goals: ['Refactor authentication'],
    status: 'active',
    mode: 'parallel',
    base: 'main',
    baseCommit: 'a'.repeat(40),
    ownsBranch: true,
    lastSyncedAt: null,
    ports: { PORT: 3001 },
    envFiles: [{ path: '.env', sha256: 'b'.repeat(64) }],
    setup: { status: 'ok', at: '2026-01-02T03:04:06Z', log: null },
    createdBy: 'cli',
    issue: null,
    pr: null,
    ...fields,
  }
}
