import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { makeShimRepository, shells } from './shim-repository.ts'

describe.each(shells)('post-merge shim under $name', ({ line }) => {
  test.each([
    ['without any record nothing is started', null, 0],
    ['a session of the main worktree starts the binary', '.git/flightrules.json', 1],
    ['a recorded worktree starts the binary', '.git/worktrees/any/flightrules.json', 1],
  ])('%s', async (_, record, expected) => {
    const repo = await makeShimRepository(line)
    if (record !== null) {
      await mkdir(join(repo.path, record, '..'), { recursive: true })
      await writeFile(join(repo.path, record), '{}')
    }
    await repo.git(['branch', 'side'])
    await repo.commit('more', { more: '1\n' })
    await repo.git(['switch', '-q', 'side'])
    await repo.setStatus(5)
    await repo.git(['merge', '-q', '--ff-only', 'main'])
    expect((await repo.calls()).map((call) => call.args)).toEqual(Array(expected).fill('hook post-merge 0'))
  })
})
