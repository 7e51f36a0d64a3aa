import { chmod, rename, rm, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { expect, test } from 'vitest'
import { holdHooks, releaseHooks } from '../../../src/git/held-hooks.ts'
import { Git } from '../../../src/git/git.ts'
import { areHooksHeld } from '../../../src/git/no-hooks.ts'
import { makeRepository, type TestRepository } from '../../support/repository.ts'

async function makeWorktree(name?: string): Promise<{ repo: TestRepository; path: string; gitDir: string; commonDir: string }> {
  const repo = await makeRepository(name === undefined ? {} : { name })
  const path = join(repo.parent, 'theirs')
  await repo.git(['worktree', 'add', '--quiet', '-b', 'theirs', path])
  await repo.write(join(path, '.hooks/pre-commit'), '#!/bin/sh\nexit 1\n')
  await chmod(join(path, '.hooks/pre-commit'), 0o755)
  await repo.git(['config', 'core.hooksPath', '.hooks'])
  const gitDir = await repo.git(['rev-parse', '--absolute-git-dir'], path)
  return { repo, path, gitDir, commonDir: await repo.git(['rev-parse', '--path-format=absolute', '--git-common-dir']) }
}

const commits = async (repo: TestRepository, path: string): Promise<boolean> =>
  repo.git(['commit', '--quiet', '--allow-empty', '--message', 'x'], path).then(
    () => true,
    () => false,
  )

test.each([undefined, 'a\nb', 'a [b] *c* ?d \\e "f"'])(
  'a worktree in which git runs no hook, and runs them again: %s',
  async (name) => {
    const { repo, path, gitDir, commonDir } = await makeWorktree(name)
    const before = await repo.git(['config', '--local', '--list'])
    expect(await commits(repo, path)).toBe(false)
    for (let time = 1; time <= 2; time += 1) await holdHooks(new Git(repo.path, repo.env), commonDir, gitDir)
    expect([await areHooksHeld(gitDir), await commits(repo, path)]).toEqual([true, true])
    expect(await repo.git(['config', 'core.hooksPath'])).toBe('.hooks')
    expect(await repo.git(['config', 'core.fsmonitor'], path)).toBe('false')
    for (let time = 1; time <= 2; time += 1) await releaseHooks(new Git(repo.path, repo.env), gitDir)
    expect([await areHooksHeld(gitDir), await commits(repo, path)]).toEqual([false, false])
    expect(await repo.git(['config', '--local', '--list'])).toBe(before)
  },
)

test('what is left of a worktree that is gone means nothing to the next one of its name, and goes with the next that is held', async () => {
  const { repo, path, gitDir, commonDir } = await makeWorktree()
  await holdHooks(new Git(repo.path, repo.env), commonDir, gitDir)
  await repo.git(['config', '--local', 'includeIf.gitdir:/elsewhere/.path', 'own.gitconfig'])
  await repo.git(['worktree', 'remove', '--force', path])
  await repo.git(['worktree', 'add', '--quiet', path, 'theirs'])
  expect(await repo.git(['config', 'core.hooksPath'], path)).toBe('.hooks')
  const other = join(repo.parent, 'other')
  await repo.git(['worktree', 'add', '--quiet', '-b', 'other', other])
  const next = await repo.git(['rev-parse', '--absolute-git-dir'], other)
  await holdHooks(new Git(repo.path, repo.env), commonDir, next)
  expect((await repo.git(['config', '--local', '--name-only', '--get-regexp', '^includeif'])).split('\n')).toEqual([
    'includeif.gitdir:/elsewhere/.path',
    `includeif.gitdir:./worktrees/${basename(next)}.path`,
  ])
  await rm(other, { recursive: true })
})

test('a setting that counts more is an error, not a worktree that only looks safe', async () => {
  const { repo, path, gitDir, commonDir } = await makeWorktree()
  await repo.git(['config', 'extensions.worktreeConfig', 'true'])
  await repo.git(['config', '--worktree', 'core.hooksPath', '.hooks'], path)
  await expect(holdHooks(new Git(repo.path, repo.env), commonDir, gitDir)).rejects.toMatchObject({ code: 'HOOKS_NOT_HELD' })
})

test('a project that was moved holds them still', async () => {
  const { repo, path, gitDir, commonDir } = await makeWorktree('before')
  await holdHooks(new Git(repo.path, repo.env), commonDir, gitDir)
  const after = join(repo.parent, 'after [1]')
  await rename(repo.path, after)
  await repo.git(['worktree', 'repair', path], after)
  expect([await commits(repo, path), await commits(repo, after)]).toEqual([true, true])
  expect(await repo.git(['config', 'core.hooksPath'], path)).toContain('no-hooks')
})

test('a configuration that is a link to elsewhere holds them as well', async () => {
  const { repo, path, gitDir, commonDir } = await makeWorktree()
  const elsewhere = join(repo.parent, 'configuration')
  await rename(join(commonDir, 'config'), elsewhere)
  await symlink(elsewhere, join(commonDir, 'config'))
  await holdHooks(new Git(repo.path, repo.env), commonDir, gitDir)
  expect(await commits(repo, path)).toBe(true)
  await releaseHooks(new Git(repo.path, repo.env), gitDir)
  expect(await commits(repo, path)).toBe(false)
})
