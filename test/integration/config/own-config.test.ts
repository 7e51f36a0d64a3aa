import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { approveConfig } from '../../../src/config/trust.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'

const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))))

test("this repository's own config loads", async () => {
  const commonDir = await makeTemporaryDirectory('own')
  const loaded = await approveConfig({ main: root, commonDir, stateDirectory: join(commonDir, 'state'), by: 'trust' })
  expect(loaded).toMatchObject({
    trust: 'approved',
    config: { base: 'main', dependencies: { paths: ['node_modules'] }, end: { merge: 'squash' } },
    origins: { 'dependencies.paths': 'preset:npm', base: 'flightrules.config.ts' },
  })
})
