import { unlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { isOutOfSight, lookAt, noSighting } from '../../../src/operations/lock-sighting.ts'
import { readOwnIdentity } from '../../../src/operations/process-identity.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'

const own = await readOwnIdentity()

async function makeHeld(holder: object = own): Promise<string> {
  const directory = await makeTemporaryDirectory('sighting')
  const owner = { ...holder, operation: 'start', since: '2026-01-02T03:04:05Z' }
  await writeFile(join(directory, 'lock.1'), JSON.stringify(owner))
  return directory
}

test('a holder that worked for long and lets go between two looks is no reason to give up', async () => {
  const directory = await makeHeld()
  const seen = await lookAt(directory, 1, noSighting(0), own, 0)
  expect([seen.liveness, isOutOfSight(seen, 50_000)]).toEqual(['alive', false])
  await unlink(join(directory, 'lock.1'))
  const gone = await lookAt(directory, 1, seen, own, 50_000)
  expect([gone.liveness, gone.since, isOutOfSight(gone, 50_000)]).toEqual(['unknown', 0, false])
})

test('one that cannot be looked at is given up on after a while, counted from the first such look', async () => {
  const directory = await makeHeld({ ...own, host: 'far-away' })
  const first = await lookAt(directory, 1, noSighting(0), own, 1_000)
  const second = await lookAt(directory, 1, first, own, 3_900)
  expect([first, second].map(({ liveness, unknownSince }) => [liveness, unknownSince])).toEqual([
    ['unknown', 1_000],
    ['unknown', 1_000],
  ])
  expect([isOutOfSight(second, 3_900), isOutOfSight(second, 4_001)]).toEqual([false, true])
  // another holder is another matter
  await writeFile(join(directory, 'lock.3'), 'half an own')
  expect(await lookAt(directory, 3, second, own, 9_000)).toMatchObject({ liveness: 'unknown', since: 9_000, unknownSince: 9_000 })
})

test('one that lived a moment ago is not asked again, and one that died is seen', async () => {
  const directory = await makeHeld()
  const seen = await lookAt(directory, 1, noSighting(0), own, 0)
  await writeFile(
    join(directory, 'lock.1'),
    JSON.stringify({ ...own, startTime: 'x', bootId: 'x', operation: 'start', since: '' }),
  )
  expect(await lookAt(directory, 1, seen, own, 499)).toBe(seen)
  if (own.bootId !== null) expect((await lookAt(directory, 1, seen, own, 500)).liveness).toBe('dead')
})
