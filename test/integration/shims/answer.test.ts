import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { runProgram } from '../../support/run-cli.ts'
import { makeShimRepository, shells } from './shim-repository.ts'

describe.each(shells)('a hook that doctor asks, under $name', ({ line }) => {
  test.each(['post-checkout', 'pre-push', 'post-merge'])(
    '%s says what it would start and runs nothing, neither ours nor what follows',
    async (hook) => {
      const repo = await makeShimRepository(line, 'touch "$0.ran"\n')
      await repo.git(['worktree', 'add', '-q', '-b', 'one', '../one'])
      const calls = await repo.calls()
      for (const [cwd, program] of [
        [repo.path, './node_modules/.bin/flightrules'],
        [join(repo.parent, 'one'), `${repo.path}/node_modules/.bin/flightrules`],
      ] as const) {
        const run = await runProgram('git', ['hook', 'run', hook, '--', '0'.repeat(40), 'x', '1'], {
          cwd,
          env: { ...repo.env, FLIGHTRULES_DOCTOR: 'word', FLIGHTRULES: '0' },
        })
        expect(run).toEqual({ status: 0, stdout: '', stderr: `flightrules-doctor word ${hook}\n${program}\n\n` })
      }
      expect(await repo.calls()).toEqual(calls)
      await expect(repo.read(`.git/hooks/${hook}.ran`)).rejects.toThrow('ENOENT')
    },
  )
})
