import { describe, expect, it } from 'vitest'
import { isDue, isOldEnough, maySlim, needsMark } from '../../../src/sessions/purge/due.ts'
import type { TrashEntry } from '../../../src/sessions/restore/trash-entries.ts'

const entry = (at: string, more: Partial<TrashEntry['item']> = {}): TrashEntry => ({
  item: {
    version: 1,
    trash: 'a-x',
    id: 'a',
    at,
    reason: 'test',
    branch: null,
    head: null,
    ref: '',
    path: '/s/.trash/a-x',
    from: '/s/a',
    gitDir: '/r/.git/worktrees/a',
    ...more,
  },
  folder: 'there',
  commit: null,
  known: 'file',
})

const clock = (now: string, newest = '2026-01-01T00:00:00Z') => ({ now: new Date(now), days: 14, newest: new Date(newest) })
const old = entry('2026-01-01T00:00:00Z')

describe('a folder is old enough', () => {
  it('after the days that are configured, not a moment before', () => {
    expect(isOldEnough(old, clock('2026-01-14T23:59:59Z'))).toBe(false)
    expect(isOldEnough(old, clock('2026-01-15T00:00:00Z'))).toBe(true)
  })

  it('never when it comes from the future, has no date, or is to be kept', () => {
    expect(isOldEnough(entry('2026-03-01T00:00:00Z'), clock('2026-02-01T00:00:00Z'))).toBe(false)
    expect(isOldEnough(entry('yesterday'), clock('2026-02-01T00:00:00Z'))).toBe(false)
    expect(isOldEnough(entry('2026-01-01T00:00:00Z', { keep: true }), clock('2026-02-01T00:00:00Z'))).toBe(false)
  })

  it('never by a clock that is behind what was noted last', () => {
    expect(isOldEnough(old, clock('2026-02-01T00:00:00Z', '2026-02-02T00:00:00Z'))).toBe(false)
    expect(maySlim(old, clock('2026-02-01T00:00:00Z', '2026-02-02T00:00:00Z'))).toBe(false)
  })
})

describe('a folder is due', () => {
  it('a day after it was first found old: a clock that jumped ahead finds everything old at once', () => {
    const now = clock('2026-01-15T12:00:00Z')
    expect([isDue(old, now), needsMark(old, now)]).toEqual([false, true])
    const marked = entry('2026-01-01T00:00:00Z', { dueSince: '2026-01-15T12:00:00Z' })
    expect([isDue(marked, clock('2026-01-16T11:59:59Z')), isDue(marked, clock('2026-01-16T12:00:00Z'))]).toEqual([false, true])
  })

  it('anew when the mark is from the future, and not at all when it is not old any more', () => {
    const marked = entry('2026-01-01T00:00:00Z', { dueSince: '2026-02-15T00:00:00Z' })
    expect([isDue(marked, clock('2026-01-20T00:00:00Z')), needsMark(marked, clock('2026-01-20T00:00:00Z'))]).toEqual([
      false,
      true,
    ])
    expect(needsMark(marked, clock('2026-01-02T00:00:00Z'))).toBe(true)
  })
})
