import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Git } from '../../../src/git/git.ts'
import { findRepositoryLocation, readGitEntry } from '../../../src/git/locate-repository.ts'
import { readStatus } from '../../../src/git/status.ts'
import { listAdminDirectories, listWorktrees } from '../../../src/git/worktrees.ts'
import { makeRepository } from '../../support/repository.ts'

describe.concurrent('worktrees', () => {
  it('are found in a path with spaces, a newline and more, each with its own files', async () => {
    const repository = await makeRepository({ name: ' pro\nject – 文' })
    const commonDir = join(repository.path, '.git')
    const paths = ['-dash', 'two\nlines', 'ü "quoted"'].map((name) => join(repository.parent, 'sessions dir', name))
    for (const [index, path] of paths.entries())
      await repository.git(['worktree', 'add', '--quiet', '-b', `b${index}`, '--', path])
    const git = new Git(repository.path, repository.env)
    expect((await listWorktrees(git)).map(({ path, main }) => [path, main])).toEqual([
      [repository.path, true],
      ...paths.map((path) => [path, false]),
    ])
    const admin = await listAdminDirectories(commonDir)
    expect([...admin.keys()].toSorted()).toEqual(paths.toSorted())
    for (const path of paths) {
      const found = await findRepositoryLocation(path)
      expect(found).toEqual({ worktree: path, gitDir: admin.get(path), commonDir })
      expect((await readStatus(git, path)).untracked).toEqual([])
    }
  })

  it('that are gone, locked or detached say so', async () => {
    const repository = await makeRepository()
    const add = (name: string, ...more: string[]) =>
      repository.git(['worktree', 'add', '--quiet', ...more, join(repository.parent, name)])
    await add('gone', '-b', 'gone')
    await add('locked', '--detach', '--lock', '--reason', 'in\nuse')
    await rm(join(repository.parent, 'gone'), { recursive: true })
    const [, gone, locked] = await listWorktrees(new Git(repository.path, repository.env))
    expect(gone).toMatchObject({ branch: 'refs/heads/gone', prunable: expect.stringContaining('non-existent') })
    expect(locked).toMatchObject({ branch: null, locked: 'in\nuse', prunable: null })
    expect([...(await listAdminDirectories(join(repository.path, '.git'))).keys()]).toContain(join(repository.parent, 'gone'))
  })
})

describe.concurrent('where a directory stands', () => {
  it('is seen from any folder below a worktree, and from the git directory', async () => {
    const { path } = await makeRepository({ files: { 'a/b/c': '' } })
    const commonDir = join(path, '.git')
    expect(await findRepositoryLocation(join(path, 'a/b'))).toEqual({ worktree: path, gitDir: commonDir, commonDir })
    expect(await findRepositoryLocation(join(commonDir, 'refs'))).toEqual({ worktree: null, gitDir: commonDir, commonDir })
  })

  it('is the submodule, not the repository around it', async () => {
    const inner = await makeRepository()
    const outer = await makeRepository()
    await outer.git(['submodule', '--quiet', 'add', inner.path, 'sub'])
    const gitDir = join(outer.path, '.git/modules/sub')
    expect(await findRepositoryLocation(join(outer.path, 'sub'))).toEqual({
      worktree: join(outer.path, 'sub'),
      gitDir,
      commonDir: gitDir,
    })
  })

  it('is nowhere outside, and something called .git is not enough', async () => {
    const { parent } = await makeRepository()
    await mkdir(join(parent, 'plain/.git'), { recursive: true })
    expect(await findRepositoryLocation(join(parent, 'plain'))).toBeUndefined()
    expect(await readGitEntry(join(parent, 'plain/.git'))).toBeUndefined()
    expect(await readGitEntry(join(parent, 'none/.git'))).toBeUndefined()
  })

  it('is a bare repository', async () => {
    const { remotePath } = await makeRepository({ remote: true })
    expect(await findRepositoryLocation(remotePath ?? '')).toEqual({ worktree: null, gitDir: remotePath, commonDir: remotePath })
  })
})
