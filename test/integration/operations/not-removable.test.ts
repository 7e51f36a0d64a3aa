import { execFileSync } from 'node:child_process'
import { mkdir, readFile, readdir, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { requireMissing } from '../../../src/operations/trash/gate.ts'
import { makeWorktreeToPutAway, moveToTrash, type PutAway, type TrashInput } from './put-away.ts'

/** What is done to the worktree before it is put away, and what is then said about it. */
const disguises: readonly (readonly [string, (away: PutAway) => Promise<Partial<TrashInput>>, RegExp])[] = [
  [
    'a symbolic link to it',
    async ({ worktree }) => {
      await rename(worktree, `${worktree}-moved`)
      await symlink(`${worktree}-moved`, worktree)
      return {}
    },
    /not a directory/,
  ],
  [
    'in a folder that is a symbolic link',
    async ({ sessionsDir, worktree }) => {
      await rename(sessionsDir, `${sessionsDir}-moved`)
      await symlink(`${sessionsDir}-moved`, sessionsDir)
      return { worktree }
    },
    /symbolic link/,
  ],
  [
    'a clone somebody put in its place',
    async ({ repository, worktree }) => {
      await rename(worktree, `${worktree}-moved`)
      await repository.git(['clone', '--quiet', repository.path, worktree])
      return {}
    },
    /\.git does not name/,
  ],
  [
    'a worktree of another name',
    async ({ repository, worktree }) => {
      await repository.git(['worktree', 'add', '--quiet', '-b', 'b', `${worktree}-b`])
      return { worktree: `${worktree}-b` }
    },
    /\.git does not name/,
  ],
  [
    'the main worktree',
    async ({ repository, input }) => ({ worktree: repository.path, gitDir: input.commonDir }),
    /not a linked worktree/,
  ],
  ['the main worktree under a borrowed name', async ({ repository }) => ({ worktree: repository.path }), /\.git does not name/],
  ['the home of everything', async () => ({ worktree: '/' }), /\.git does not name|symbolic link/],
  [
    'somewhere else by now',
    async ({ repository, worktree, input }) => {
      await writeFile(join(input.gitDir, 'gitdir'), `${join(repository.parent, 'elsewhere', '.git')}\n`)
      return { worktree }
    },
    /another place/,
  ],
  [
    'gone',
    async ({ worktree }) => {
      await rename(worktree, `${worktree}-moved`)
      return {}
    },
    /not a directory/,
  ],
]

describe.concurrent('a worktree that is', () => {
  it.each(disguises)('%s is refused, and nothing happens', async (_, disguise, why) => {
    const away = await makeWorktreeToPutAway()
    const input = { ...away.input, ...(await disguise(away)) }
    await expect(moveToTrash(input)).rejects.toMatchObject({
      kind: 'decision',
      code: 'NOT_REMOVABLE',
      details: { why: expect.stringMatching(why) },
    })
    expect(await away.repository.git(['for-each-ref', 'refs/flightrules'])).toBe('')
    expect(await readdir(join(input.commonDir, 'flightrules', 'trash')).catch(() => [])).toEqual([])
    expect(await readFile(join(away.repository.path, 'a.txt'), 'utf8')).toBe('a\n')
  })
})

it('a mount point is refused, and what is mounted there stays', async ({ skip }) => {
  const { repository, worktree, input } = await makeWorktreeToPutAway()
  const moved = `${worktree}-moved`
  await rename(worktree, moved)
  await mkdir(worktree)
  try {
    execFileSync('mount', ['--bind', moved, worktree], { stdio: 'ignore' })
  } catch {
    skip('mounting is not allowed here')
  }
  try {
    await expect(moveToTrash(input)).rejects.toMatchObject({ code: 'NOT_REMOVABLE' })
    expect(await readdir(join(input.commonDir, 'flightrules', 'trash')).catch(() => [])).toEqual([])
    expect(await readFile(join(worktree, 'a.txt'), 'utf8')).toBe('a\n')
    expect(await repository.git(['status', '--porcelain'], worktree)).toBe('')
  } finally {
    execFileSync('umount', [worktree])
  }
})

describe.concurrent('a worktree', () => {
  it('is not gone when it is there, or when even the folder around it is gone', async () => {
    const { repository, sessionsDir, input } = await makeWorktreeToPutAway()
    await expect(requireMissing(input)).rejects.toMatchObject({ code: 'NOT_REMOVABLE' })
    await rename(sessionsDir, join(repository.parent, 'unmounted'))
    await expect(requireMissing(input)).rejects.toMatchObject({
      code: 'NOT_REMOVABLE',
      details: { why: expect.stringContaining('mounted') },
    })
    await expect(requireMissing({ ...input, gitDir: input.commonDir })).rejects.toMatchObject({ code: 'NOT_REMOVABLE' })
    expect(await readdir(input.gitDir)).toContain('HEAD')
  })
})
