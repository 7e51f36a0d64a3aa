import { expect, it } from 'vitest'
import { startStandardSession } from '../../../src/sessions/start-standard.ts'
import { makeEngine } from './engine.ts'

const noon = (): Date => new Date('2025-01-17T12:00:30Z')

it('a new log is never one that lies in the main worktree, saved from an abandoned session', async () => {
  const engine = await makeEngine({ config: { sessionLog: { dir: 'log' } } })
  await engine.write('log/20250117_1200_session.md', 'of another session\n')
  const { context } = await engine.open()
  const { session } = await startStandardSession({ ...context, now: noon }, { name: 'release', goals: [], issue: null })
  expect(session.sessionLog).toBe('log/20250117_1200_session-2.md')
  expect(await engine.read('log/20250117_1200_session.md')).toBe('of another session\n')
})
