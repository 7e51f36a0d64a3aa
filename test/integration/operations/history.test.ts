import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { appendHistory } from '../../../src/operations/history.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'

test('many writers at once leave one whole line each', async () => {
  const commonDir = await makeTemporaryDirectory('history')
  const entry = (number: number) =>
    ({ at: '2026-01-02T03:04:05Z', event: 'started', id: `s${number}`, uuid: 'u', goal: `${'ä\n'.repeat(2000)}` }) as const
  await Promise.all(Array.from({ length: 50 }, (_, number) => appendHistory(commonDir, entry(number))))
  const lines = (await readFile(join(commonDir, 'flightrules', 'history.jsonl'), 'utf8')).split('\n')
  expect(lines.pop()).toBe('')
  expect(new Set(lines.map((line) => (JSON.parse(line) as { id: string }).id)).size).toBe(50)
})
