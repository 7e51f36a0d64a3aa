import { expect, it } from 'vitest'
import type { SessionStatusEntry, StatusReport } from '../../../src/sessions/session-status.ts'
import type { Screen } from '../../../src/ui/screen.ts'
import { textWidth } from '../../../src/ui/text-width.ts'
import { renderStatus } from '../../../src/ui/views/status-view.ts'
import { RecordingScreen } from '../../support/recording-screen.ts'

const now = new Date('2025-01-17T10:30:00Z')

function entry(id: string, conflicts: readonly string[]): SessionStatusEntry {
  return {
    id,
    branch: `session/${id}`,
    worktree: `../shop-sessions/${id}`,
    startedAt: now.toISOString(),
    sessionLog: null,
    goals: ['Say what it is for in more than a few words'],
    status: 'active',
    mode: 'parallel',
    base: 'main',
    baseCommit: 'a'.repeat(40),
    lastSyncedAt: null,
    ports: { PORT: 3001 },
    envFiles: [],
    setup: { status: 'ok', at: now.toISOString(), log: null },
    createdBy: 'cli',
    issue: null,
    pr: null,
    path: `/shop-sessions/${id}`,
    states: ['active'],
    changes: { staged: 1, modified: 2, untracked: 1, insertions: 12, deletions: 3 },
    ahead: 1,
    behind: 2,
    overlaps: [],
    conflicts: conflicts.map((other) => ({ with: other, paths: ['src/prices.js'] })),
    lastActivityAt: null,
    live: [],
  }
}

const report: StatusReport = {
  sessionsDir: '/shop-sessions',
  main: { path: '/shop', branch: 'main', clean: true },
  sessions: [entry('login', ['search', 'base:main']), entry('search', ['login']), entry('prices', [])],
}

it('in a narrow terminal: no line is longer, how far from the base and how much changed stays, and conflicts come below', () => {
  const screen: Screen = Object.assign(new RecordingScreen(80), { isTerminal: true })
  const text = renderStatus(report, screen, now)
  expect(Math.max(...text.split('\n').map(textWidth))).toBeLessThanOrEqual(80)
  const [titles = '', login = ''] = text.split('\n')
  expect(titles).not.toContain('Conflicts')
  expect(login).toMatch(/^login +session\S+ +just now +4 files \+12 -3 +main \+1 -2 +3001 +active +Say/)
  expect(text).toMatch(/\n\nConflicts\nlogin +search: src\/prices\.js, main: src\/prices\.js\nsearch +login: src\/prices\.js\n\n/)
})

it('where there is room: one table', () => {
  const text = renderStatus(report, new RecordingScreen(80), now)
  expect(text.split('\n')[0]).toMatch(/^Session +Branch +Started +Changes +Base +Conflicts +Ports +State +Goals$/)
  expect(text).toContain('1 staged, 2 modified, 1 new +12 -3')
})

it('says where the worktrees are that others made, and who', () => {
  const elsewhere = [
    { ...entry('fox', []), createdBy: 'agent' as const, path: '/shop/.claude/worktrees/fox' },
    { ...entry('abc', []), createdBy: 'hook' as const, branch: null, states: ['detached' as const], path: '/home/me/w\nt/abc' },
    { ...entry('gone', []), createdBy: 'hook' as const, states: ['orphaned' as const], path: '/gone' },
    { ...entry('ours', []), createdBy: 'agent' as const },
    { ...entry('here', []), mode: 'standard' as const, path: '/shop' },
  ]
  const text = renderStatus({ ...report, sessions: [...report.sessions, ...elsewhere] }, new RecordingScreen(80), now)
  expect(text.replaceAll(/ {2,}/g, '  ')).toContain(
    '\n\nElsewhere  Made by  Worktree\nfox  an agent  /shop/.claude/worktrees/fox\nabc  git or a tool  /home/me/w\\nt/abc\n\nSwitch:',
  )
  expect(renderStatus(report, new RecordingScreen(80), now)).not.toContain('Elsewhere')
})

it('says where each sign of life was seen', () => {
  const sign = (...sources: ('files' | 'agent' | 'process' | 'lock')[]) => sources.map((source) => ({ source, detail: 'x' }))
  const sessions = [
    { ...entry('a', []), live: sign('files') },
    {
      ...entry('b', []),
      states: ['active' as const, 'in use' as const],
      live: sign('process', 'process', 'lock', 'agent', 'files'),
    },
  ]
  const lines = renderStatus({ ...report, sessions }, new RecordingScreen(80), now).split('\n')
  expect(lines[1]).toContain(' active (files) ')
  expect(lines[2]).toContain(' active, in use (process, lock, agent, files) ')
})
