import { appendFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { appendHistory, appendHistoryOnce, loadHistory } from '../../../src/operations/history.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'

const entry = { at: 't', event: 'started', uuid: '' } as const

test('many writers at once leave one whole line each', async () => {
  const commonDir = await makeTemporaryDirectory('history')
  await Promise.all(Array.from({ length: 50 }, (_, index) => appendHistory(commonDir, { ...entry, id: `s${index}` })))
  expect(new Set((await loadHistory(commonDir)).map(({ id }) => id)).size).toBe(50)
})

test('a line torn by a full disk costs itself only', async () => {
  const commonDir = await makeTemporaryDirectory('history')
  await appendHistory(commonDir, { ...entry, id: 'whole', op: '1' })
  await appendFile(join(commonDir, 'flightrules', 'history.jsonl'), '{"at":"t","event":"star')
  await appendHistory(commonDir, { ...entry, id: 'later', op: '2' })
  expect((await loadHistory(commonDir)).map(({ id }) => id)).toEqual(['whole', 'later'])
  await appendHistoryOnce(commonDir, { ...entry, id: 'later', op: '2' })
  await appendHistoryOnce(commonDir, { ...entry, event: 'ended', id: 'later', op: '2' })
  expect((await loadHistory(commonDir)).map(({ event }) => event)).toEqual(['started', 'started', 'ended'])
})
