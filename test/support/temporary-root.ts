import { mkdtemp, realpath, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** One folder for everything a run of the tests makes, taken away at its end. */
export default async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['TEST_ROOT'] !== undefined) return undefined
  const root = await realpath(await mkdtemp(join(tmpdir(), 'flightrules-test-')))
  process.env['TEST_ROOT'] = root
  return async () => {
    delete process.env['TEST_ROOT']
    if (process.env['TEST_KEEP'] === undefined) await rm(root, { recursive: true, force: true, maxRetries: 5 })
  }
}
