import { expect, test } from 'vitest'
import { describeIncomplete, findIncomplete } from '../../../src/sessions/find-incomplete.ts'
import { writeRecord } from '../../../src/sessions/record.ts'
import { makeEngine } from './engine.ts'

test('a session whose setup failed is incomplete, with the ways on', async () => {
  const engine = await makeEngine()
  await engine.start('broken')
  await engine.start('fine')
  const { gitDir, session } = await engine.session('broken')
  await writeRecord(gitDir, { ...session, setup: { status: 'failed', at: session.startedAt, log: '/log' } })
  const { context, set } = await engine.open()
  const found = findIncomplete(set, context.now())
  expect(found.map(({ entry, why }) => [entry.session.id, why])).toEqual([['broken', 'setup-failed']])
  expect(found.map(describeIncomplete)).toMatchObject([
    { code: 'INCOMPLETE_SESSION', hint: expect.stringContaining('flightrules setup broken') as string, details: { log: '/log' } },
  ])
})

test('a session that is being made this moment is not, one left half made is', async () => {
  const engine = await makeEngine()
  await engine.start('half')
  const { gitDir, session } = await engine.session('half')
  await writeRecord(gitDir, { ...session, status: 'creating' })
  const { set } = await engine.open()
  const began = Date.parse(session.startedAt)
  expect(findIncomplete(set, new Date(began + 60_000))).toEqual([])
  expect(findIncomplete(set, new Date(began + 60 * 60_000)).map(({ why }) => why)).toEqual(['interrupted'])
})
