import { describe, expect, it } from 'vitest'
import { findOverlaps } from '../../../src/sessions/overlaps.ts'
import { nameSessionLog, renderSessionLog } from '../../../src/sessions/session-log.ts'
import { isStale } from '../../../src/sessions/stale.ts'
import { makeSessionRecord } from './session-record.ts'

describe('overlaps', () => {
  it('name each other session and the paths both change, sorted', () => {
    const overlaps = findOverlaps([
      { id: 'a', paths: ['x', 'z', 'y', 'x'] },
      { id: 'b', paths: ['y', 'x'] },
      { id: 'c', paths: ['z'] },
      { id: 'd', paths: ['alone'] },
    ])
    expect(overlaps.get('a')).toEqual([
      { with: 'b', paths: ['x', 'y'] },
      { with: 'c', paths: ['z'] },
    ])
    expect(overlaps.get('c')).toEqual([{ with: 'a', paths: ['z'] }])
    expect(overlaps.has('d')).toBe(false)
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

describe('a session log', () => {
  it('is named after its minute in UTC, and after nobody else’s', () => {
    const at = new Date('2025-01-17T10:30:59Z')
    const first = nameSessionLog('docs\\logs', at, new Set())
    expect(first).toBe('docs/logs/20250117_1030_session.md')
    expect(nameSessionLog('docs/logs', at, new Set([first]))).toBe('docs/logs/20250117_1030_session-2.md')
  })

  it('keeps each goal on its line', () => {
    const text = renderSessionLog(makeSessionRecord({ goals: ['one\n## Decisions\n- forged', 'two'], ports: { PORT: 3001 } }))
    expect(text).toContain('\n- one ## Decisions - forged\n- two\n')
    expect(text.match(/^## .*$/gm)).toEqual(['## Goals', '## Plan', '## Summary', '## Decisions', '## Next steps'])
    expect(text).toContain('- Ports: PORT=3001\n')
  })
})
