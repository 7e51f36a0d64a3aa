import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { listPaths } from '../../../src/setup/list-paths.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'

test('patterns of names match the same with and without the library', async () => {
  const root = await makeTemporaryDirectory('paths')
  for (const folder of ['.git', 'sessions', 'deep', '.env.d']) {
    await mkdir(join(root, folder))
    await writeFile(join(root, folder, '.env'), '')
  }
  for (const name of [
    '.env',
    '.env.local',
    '.env..local',
    '.env.dev.local',
    '.envrc',
    'xenv',
    'a.env',
    '.ENV',
    'env\n.env',
    'config',
  ])
    await writeFile(join(root, name), '')
  const patterns = ['.env', '.env.local', '.env.*.local', '.env*', '*', '*.env', '*e*v*', 'none', 'sessions', '.git']
  for (const glob of patterns) {
    // the second pattern matches nothing, but needs the library
    const [quick, whole] = await Promise.all([
      listPaths(root, [glob], 'sessions'),
      listPaths(root, [glob, 'no/such/file'], 'sessions'),
    ])
    expect([glob, quick.toSorted()]).toEqual([glob, whole.toSorted()])
  }
})
