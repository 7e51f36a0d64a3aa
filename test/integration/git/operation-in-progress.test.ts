import { join } from 'node:path'
import { expect, test } from 'vitest'
import { Git } from '../../../src/git/git.ts'
import { findOperationInProgress } from '../../../src/git/operation-in-progress.ts'
import { makeRepository } from '../../support/repository.ts'

const situations: readonly (readonly [string, readonly (readonly string[])[]])[] = [
  ['merge', [['merge', 'other']]],
  ['rebase', [['rebase', 'other']]],
  ['rebase', [['rebase', '--apply', 'other']]],
  ['cherry-pick', [['cherry-pick', 'other']]],
  ['revert', [['revert', '--no-edit', 'HEAD~1']]],
  ['bisect', [['bisect', 'start', 'HEAD', 'HEAD~1']]],
  [
    'am',
    [
      ['format-patch', '-1', 'other', '-o', '../patches'],
      ['am', '../patches/0001-theirs.patch'],
    ],
  ],
]

test.concurrent.each(situations)('in the middle of a %s (%j)', async (operation, commands) => {
  const repository = await makeRepository({ files: { a: '1\n' } })
  await repository.git(['branch', 'other'])
  await repository.commit('ours', { a: 'ours\n' })
  await repository.commit('more', { a: 'more\n' })
  await repository.git(['switch', '--quiet', 'other'])
  await repository.commit('theirs', { a: 'theirs\n' })
  await repository.git(['switch', '--quiet', 'main'])
  const git = new Git(repository.path, { ...repository.env, GIT_EDITOR: 'true' })
  expect(findOperationInProgress(join(repository.path, '.git'))).toBeNull()
  for (const command of commands) await git.run(command, { accept: [0, 1, 128] })
  expect(findOperationInProgress(join(repository.path, '.git'))).toBe(operation)
})
