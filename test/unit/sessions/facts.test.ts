import { describe, expect, it } from 'vitest'
import { pairsOfSession } from '../../../src/sessions/radar/pairs-of-session.ts'
import type { RadarPair } from '../../../src/sessions/radar/read-radar.ts'
import { nameSessionLog, renderSessionLog } from '../../../src/sessions/session-log.ts'
import { describeStale, findStale, isStale } from '../../../src/sessions/stale.ts'
import { makeSessionRecord } from './session-record.ts'

describe('what the radar says of one session', () => {
  const pair = (a: string, b: string, overlap: string[], conflict: string[] = []): RadarPair => ({
    a,
    b,
    overlap,
    conflict: conflict.map((path) => ({ path, kind: 'content' })),
  })

  it('names the other of each pair, paths sorted, and leaves out whoever has nothing to do with it', () => {
    const pairs = [pair('a', 'b', ['y', 'x'], ['y']), pair('a', 'c', []), pair('b', 'c', ['z']), pair('a', 'base:main', ['x'])]
    expect(pairsOfSession('a', pairs, new Set())).toEqual({
      overlaps: [
        { with: 'b', paths: ['x', 'y'] },
        { with: 'base:main', paths: ['x'] },
      ],
      conflicts: [{ with: 'b', paths: ['y'] }],
    })
    expect(pairsOfSession('c', pairs, new Set()).overlaps).toEqual([{ with: 'b', paths: ['z'] }])
  })

  it('keeps to itself what is to be ignored', () => {
    expect(pairsOfSession('a', [pair('a', 'b', ['x', 'log'], ['log'])], new Set(['log']))).toEqual({
      overlaps: [{ with: 'b', paths: ['x'] }],
      conflicts: [],
    })
  })
})

describe('a session is stale', () => {
  const limits = { days: 3, behind: 15 }
  const session = { startedAt: '2026-01-01T00:00:00Z', lastSyncedAt: null }
  const at = (day: number): Date => new Date(Date.UTC(2026, 0, day))

  it('when it is far behind, or behind for long', () => {
    expect(isStale(limits, session, 15, at(1))).toBe(true)
    expect(isStale(limits, session, 1, at(4))).toBe(true)
  })

  it('not when it is level with its base, fresh, or was synced since', () => {
    expect(isStale(limits, session, 0, at(30))).toBe(false)
    expect(isStale(limits, session, 14, at(3))).toBe(false)
    expect(isStale(limits, { ...session, lastSyncedAt: '2026-01-03T00:00:00Z' }, 1, at(5))).toBe(false)
  })
})

describe('what is said of stale sessions', () => {
  const limits = { days: 3, behind: 15 }
  const now = new Date('2026-01-04T12:00:00Z')
  const old = { id: 'old', base: 'main', startedAt: '2026-01-01T00:00:00Z', lastSyncedAt: null, behind: 1 }

  it('is how old, how long without its base, and how far behind', () => {
    expect(describeStale(old, 15, now)).toBe('3 days old, 15 commits behind main')
    expect(describeStale({ ...old, lastSyncedAt: '2026-01-03T00:00:00Z' }, 1, now)).toBe('synced 1 day ago, 1 commit behind main')
    expect(describeStale({ ...old, startedAt: '2026-01-04T11:00:00Z' }, 20, now)).toBe('20 commits behind main')
  })

  it('is one finding with the command that mends it, and none where none is', () => {
    const fresh = { ...old, id: 'fresh', behind: 0 }
    expect(findStale([fresh], limits, now)).toEqual([])
    expect(findStale([old, fresh], limits, now)).toMatchObject([
      { code: 'STALE_SESSIONS', message: 'stale: old (3 days old, 1 commit behind main)', hint: 'flightrules sync old' },
    ])
    expect(findStale([old, { ...fresh, behind: 20 }], limits, now)[0]?.hint).toBe('flightrules sync --all')
  })
})

describe('a session log', () => {
  it('is named after its minute in UTC, and after nobody else’s', () => {
    const at = new Date('2025-01-17T10:30:59Z')
    const first = nameSessionLog('docs\\logs', at, new Set())
    expect(first).toBe('docs/logs/20250117_1030_session.md')
    expect(nameSessionLog('docs/logs', at, new Set([first]))).toBe('docs/logs/20250117_1030_session-2.md')
  })

  it('keeps each goal on its line', () => {
    const record = makeSessionRecord({ goals: ['one\n## Decisions\n- forged', 'two'], ports: { PORT: 3001 } })
    const text = renderSessionLog(record, '../shop-sessions/login')
    expect(text).toContain('\n- one ## Decisions - forged\n- two\n')
    expect(text.match(/^## .*$/gm)).toEqual(['## Goals', '## Plan', '## Summary', '## Decisions', '## Next steps'])
    expect(text).toContain('- Worktree: ../shop-sessions/login\n- Ports: PORT=3001\n- Last synced with main: ')
  })
})
