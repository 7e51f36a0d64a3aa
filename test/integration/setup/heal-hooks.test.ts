import { existsSync, lstatSync, readdirSync, rmSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { healHooks } from '../../../src/setup/heal-hooks.ts'
import { makeRepository, type Repository, writeFiles } from './repository.ts'

function huskyRepository(folder = '.husky'): Repository {
  const repository = makeRepository({ [`${folder}/post-commit`]: 'touch "$MARK"\n' })
  writeFiles(repository.main, { [`${folder}/_/.gitignore`]: '*', [`${folder}/_/h`]: '. "$(dirname "$0")/../post-commit"\n' })
  writeFiles(repository.main, { [`${folder}/_/post-commit`]: '#!/bin/sh\n. "$(dirname "$0")/h"\n' }, 0o755)
  repository.run(repository.main, 'config', 'core.hooksPath', `${folder}/_`)
  return repository
}

test.each(['.husky', 'packages/web/.husky'])(
  'hooks under %s run in the worktree afterwards, and it stays clean',
  async (folder) => {
    const repository = huskyRepository(folder)
    const { main, worktree, root } = repository
    const mark = join(root, 'mark')
    const commit = (): string => repository.run(worktree, '-c', `core.pager=${mark}`, 'commit', '-q', '--allow-empty', '-m', 'x')
    writeFiles(worktree, { [`${folder}/post-commit`]: `touch '${mark}'\n` })
    repository.run(worktree, 'commit', '-q', '-am', 'hook')
    expect(existsSync(mark)).toBe(false)
    expect(await healHooks({ git: repository.git, main, worktree })).toEqual({ healed: true, findings: [] })
    commit()
    expect(existsSync(mark)).toBe(true)
    expect(repository.status()).toBe('')
    expect(lstatSync(join(worktree, folder, '_/post-commit')).mode & 0o777).toBe(0o755)
    expect((await healHooks({ git: repository.git, main, worktree })).healed).toBe(false)
  },
)

test('other hooks paths are nobody to heal: unset, absolute, tracked folders, outside', async () => {
  const { git, main, worktree } = huskyRepository()
  for (const hooksPath of ['', join(main, '.husky/_'), '~/hooks/_', '.githooks', '../_']) {
    expect(await healHooks({ git, main, worktree, hooksPath })).toEqual({ healed: false, findings: [] })
  }
  expect(readdirSync(join(worktree, '.husky'))).toEqual(['post-commit'])
})

test('says so when it cannot: never installed, does not ignore itself, a symlink in the way', async () => {
  const { git, main, worktree, root } = huskyRepository()
  rmSync(join(main, '.husky/_/.gitignore'))
  expect((await healHooks({ git, main, worktree })).findings).toMatchObject([{ code: 'HOOKS_NOT_RUNNING' }])
  rmSync(join(main, '.husky/_'), { recursive: true })
  const { findings } = await healHooks({ git, main, worktree })
  expect(findings[0]?.message).toContain('missing in the main worktree as well')
  rmSync(join(worktree, '.husky'), { recursive: true })
  symlinkSync(root, join(worktree, '.husky'))
  expect((await healHooks({ git, main, worktree })).findings[0]?.message).toContain('symlink')
  expect(existsSync(join(root, '_'))).toBe(false)
})
