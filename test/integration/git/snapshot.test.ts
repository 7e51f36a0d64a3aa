import { createHash } from 'node:crypto'
import { chmod, readFile, rm, stat, symlink, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { Git } from '../../../src/git/git.ts'
import { snapshotWorktree } from '../../../src/git/snapshot.ts'
import { makeRepository, type TestRepository } from '../../support/repository.ts'
import { runProgram } from '../../support/run-cli.ts'

const snapshot = (repository: TestRepository) =>
  snapshotWorktree(new Git(repository.path, repository.env), {
    worktree: repository.path,
    gitDir: join(repository.path, '.git'),
    message: 'kept',
  })

async function indexState(repository: TestRepository): Promise<unknown> {
  const file = join(repository.path, '.git', 'index')
  const { mtimeNs, ino, size } = await stat(file, { bigint: true })
  return {
    mtimeNs,
    ino,
    size,
    sha256: createHash('sha256')
      .update(await readFile(file))
      .digest('hex'),
  }
}

describe.concurrent('a snapshot', () => {
  it('holds what is modified, staged, untracked, deleted, executable and linked; index and files are as before', async () => {
    const files = {
      modified: '1\n',
      staged: '1\n',
      'staged-then-modified': '1\n',
      deleted: '1\n',
      unstaged: '1\n',
      script: '1\n',
      '.gitignore': 'ignored\n',
    }
    const repository = await makeRepository({ files })
    await repository.write('modified', '2\n')
    await repository.write('staged', '2\n')
    await repository.write('staged-then-modified', '2\n')
    await repository.git(['add', 'staged', 'staged-then-modified'])
    await repository.write('staged-then-modified', '3\n')
    await rm(join(repository.path, 'deleted'))
    await repository.git(['rm', '--quiet', '--cached', 'unstaged'])
    await chmod(join(repository.path, 'script'), 0o755)
    await symlink('no/such/place', join(repository.path, 'link'))
    await repository.write('dir/two\nlines – ü', 'untracked\n')
    await repository.write('intended', 'intended\n')
    await repository.git(['add', '--intent-to-add', 'intended'])
    await repository.write('ignored', 'ignored\n')
    const [before, times] = [await indexState(repository), await stat(join(repository.path, 'modified'), { bigint: true })]

    const { commit, tree, index } = await snapshot(repository)

    expect(await indexState(repository)).toEqual(before)
    expect((await stat(join(repository.path, 'modified'), { bigint: true })).mtimeNs).toBe(times.mtimeNs)
    const show = (path: string, from = commit): Promise<string> => repository.git(['show', `${from}:${path}`])
    const listed = (await repository.git(['ls-tree', '-r', '-z', tree])).split('\0').filter((line) => line !== '')
    expect(listed.map((line) => line.replace(/ blob [0-9a-f]+\t/, ' '))).toEqual([
      '100644 .gitignore',
      '100644 dir/two\nlines – ü',
      '100644 intended',
      '120000 link',
      '100644 modified',
      '100755 script',
      '100644 staged',
      '100644 staged-then-modified',
      '100644 unstaged',
    ])
    expect(await show('modified')).toBe('2')
    expect(await show('staged-then-modified')).toBe('3')
    expect(await show('intended')).toBe('intended')
    expect(await show('staged-then-modified', index ?? '')).toBe('2')
    expect(await repository.git(['rev-parse', `${commit}^1`, `${commit}^2`])).toBe(
      `${await repository.git(['rev-parse', 'HEAD'])}\n${index}`,
    )
    expect(await repository.git(['for-each-ref', 'refs/stash', 'refs/flightrules'])).toBe('')
  })

  it.each([0, 999_600_000])(
    'sees an edit of the same size in the moment of the last index write (%i ns into its second)',
    async (nanoseconds) => {
      const repository = await makeRepository({ files: { a: 'one\n' } })
      const file = join(repository.path, 'a')
      const time = 1_700_000_000 + nanoseconds / 1e9
      await utimes(file, time, time)
      await repository.git(['update-index', '--refresh'])
      // git takes the file for unchanged when its time, size and number are those of the index, and the index is younger
      await writeFile(file, 'two\n')
      await utimes(file, time, time)
      await utimes(join(repository.path, '.git', 'index'), time, time)
      const { tree } = await snapshot(repository)
      expect(await repository.git(['show', `${tree}:a`])).toBe('two')
    },
  )

  it('works in the middle of a conflict, and keeps it', async () => {
    const repository = await makeRepository({ files: { a: '1\n' } })
    await repository.git(['switch', '--quiet', '-c', 'other'])
    await repository.commit('theirs', { a: 'theirs\n' })
    await repository.git(['switch', '--quiet', 'main'])
    await repository.commit('ours', { a: 'ours\n' })
    expect((await runProgram('git', ['merge', 'other'], { cwd: repository.path, env: repository.env })).status).toBe(1)
    const [before, status] = [await indexState(repository), await repository.git(['status', '--porcelain'])]
    const { tree, index } = await snapshot(repository)
    expect(index).toBeNull()
    expect(await repository.git(['show', `${tree}:a`])).toContain('<<<<<<<')
    expect(await indexState(repository)).toEqual(before)
    expect(await repository.git(['status', '--porcelain'])).toBe(status)
  })

  it('needs neither a commit nor a name', async () => {
    const repository = await makeRepository({
      empty: true,
      env: { GIT_AUTHOR_NAME: '', GIT_COMMITTER_NAME: '', GIT_AUTHOR_EMAIL: '', GIT_COMMITTER_EMAIL: '' },
    })
    await repository.write('a', 'a\n')
    const { commit, tree } = await snapshot(repository)
    expect(await repository.git(['show', `${tree}:a`])).toBe('a')
    expect(await repository.git(['log', '-1', '--format=%an', commit])).toBe('Flight Rules')
  })

  it('runs none of the repository’s hooks', async () => {
    const repository = await makeRepository()
    await repository.write('.git/hooks/post-index-change', `#!/bin/sh\necho ran >>'${repository.parent}/ran'\n`)
    await chmod(join(repository.path, '.git/hooks/post-index-change'), 0o755)
    await repository.write('a', 'a\n')
    await snapshot(repository)
    await expect(repository.read(join(repository.parent, 'ran'))).rejects.toThrow('ENOENT')
  })
})
