import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { purgeTrash, removeEmptySessionsDir } from '../../../src/operations/trash/delete.ts'
import type { TrashItem } from '../../../src/operations/trash/item.ts'
import { runProgram } from '../../support/run-cli.ts'
import { makeWorktreeToPutAway, moveToTrash } from './put-away.ts'

const exists = (path: string): Promise<boolean> =>
  readdir(path).then(
    () => true,
    () => false,
  )

describe.concurrent('putting a worktree away', () => {
  it('keeps every byte, and frees path and branch', async () => {
    const { repository, worktree, sessionsDir, input } = await makeWorktreeToPutAway()
    await repository.write(join(worktree, 'new'), 'untracked\n')
    await repository.write(join(worktree, 'ignored'), 'ignored\n')
    const item = await moveToTrash(input)
    expect(item).toMatchObject({
      trash: 'a-20260102t030405678z',
      ref: 'refs/flightrules/trash/a/20260102t030405678z',
      from: worktree,
    })
    expect(item.path).toBe(join(sessionsDir, '.trash', item.trash))
    expect(await readFile(join(item.path, 'ignored'), 'utf8')).toBe('ignored\n')
    expect(await repository.git(['show', `${item.ref}:new`])).toBe('untracked')
    const noted: unknown = JSON.parse(await repository.read(`.git/flightrules/trash/${item.trash}.json`))
    expect(noted).toEqual(item)
    await repository.git(['worktree', 'add', '--quiet', worktree, 'a'])
    await repository.git(['fsck', '--strict'])
  })

  it('lets git work on for a process that is still inside', async () => {
    const { repository, worktree, input } = await makeWorktreeToPutAway()
    const shell = spawn(
      '/bin/sh',
      ['-c', 'read go; echo more >late && git add late && git commit -q -m late && git status --porcelain && git rev-parse HEAD'],
      {
        cwd: worktree,
        env: repository.env,
        stdio: ['pipe', 'pipe', 'inherit'],
      },
    )
    await once(shell, 'spawn')
    const item = await moveToTrash(input)
    shell.stdin.end('go\n')
    const [output] = (await once(shell.stdout, 'data')) as [Buffer]
    const head = output.toString().trim()
    expect(await repository.git(['rev-parse', 'HEAD'], item.path)).toBe(head)
    expect(await repository.git(['rev-parse', 'a'])).toBe(input.head)
    expect(await repository.git(['cat-file', '-t', head])).toBe('commit')
  })

  it('survives git worktree prune', async () => {
    const { repository, input } = await makeWorktreeToPutAway()
    const item = await moveToTrash(input)
    await repository.git(['worktree', 'prune', '--expire', 'now'])
    expect(await repository.git(['status', '--porcelain'], item.path)).toBe('')
  })

  it('stands beside the one that was put away in the same instant', async () => {
    const { input } = await makeWorktreeToPutAway()
    await moveToTrash(input)
    const again = await makeWorktreeToPutAway()
    await again.repository.git(['update-ref', 'refs/flightrules/trash/a/20260102t030405678z', 'HEAD'])
    await expect(moveToTrash(again.input)).rejects.toMatchObject({ code: 'REF_MOVED' })
    expect(await exists(again.worktree)).toBe(true)
  })
})

describe.concurrent('purging', () => {
  it('deletes folder, note and administrative files; the snapshot stays', async () => {
    const { repository, sessionsDir, input } = await makeWorktreeToPutAway()
    const item = await moveToTrash(input)
    await purgeTrash(input.commonDir, item)
    expect(await exists(item.path)).toBe(false)
    expect(await exists(join(sessionsDir, '.trash'))).toBe(false)
    expect(await exists(item.gitDir)).toBe(false)
    expect(await readdir(join(input.commonDir, 'flightrules', 'trash'))).toEqual([])
    expect(await repository.git(['cat-file', '-t', item.ref])).toBe('commit')
    await purgeTrash(input.commonDir, item)
  })

  it('leaves administrative files alone that are about another worktree by now', async () => {
    const { repository, worktree, input } = await makeWorktreeToPutAway()
    const item = await moveToTrash(input)
    await writeFile(join(item.gitDir, 'gitdir'), `${join(worktree, '.git')}\n`)
    await purgeTrash(input.commonDir, item)
    expect(await exists(item.gitDir)).toBe(true)
    expect(await repository.git(['worktree', 'list', '--porcelain'])).toContain(worktree)
  })

  it.each([
    ['the folder around the trash', (item: TrashItem) => ({ path: `${item.path}/..` })],
    ['a relative path', (item: TrashItem) => ({ path: `.trash/${item.trash}` })],
    ['a worktree that was not put away', (item: TrashItem) => ({ path: item.from })],
    ['a path with dots in it', (item: TrashItem) => ({ path: `${item.from}/../.trash/${item.trash}` })],
    ['the trash itself', (item: TrashItem) => ({ path: item.path.replace(/\/[^/]*$/, '') })],
    ['another entry of somebody’s trash', (item: TrashItem) => ({ path: item.path.replace(/[^/]*$/, 'other') })],
    ['files of git that are no worktree’s', (item: TrashItem) => ({ gitDir: item.gitDir.replace(/\/worktrees\/.*/, '') })],
    ['a detour to files of git', (item: TrashItem) => ({ gitDir: `${item.gitDir}/..` })],
  ])('refuses %s', async (_, forge) => {
    const { input } = await makeWorktreeToPutAway()
    const item = await moveToTrash(input)
    await expect(purgeTrash(input.commonDir, { ...item, ...forge(item) })).rejects.toMatchObject({ code: 'NOT_REMOVABLE' })
    expect(await exists(item.path)).toBe(true)
    expect(await exists(input.commonDir)).toBe(true)
  })
})

it('the sessions directory goes only when nothing is in it but an empty manifest', async () => {
  const { repository, worktree, sessionsDir } = await makeWorktreeToPutAway()
  const manifest = join(sessionsDir, '.manifest.json')
  await writeFile(manifest, '{\n  "sessions": [\n    {}\n  ]\n}\n')
  await removeEmptySessionsDir(sessionsDir, manifest)
  expect(await exists(sessionsDir)).toBe(true)
  await repository.git(['worktree', 'remove', worktree])
  await writeFile(join(sessionsDir, 'mine'), '')
  await writeFile(manifest, '{\n  "sessions": []\n}\n')
  await removeEmptySessionsDir(sessionsDir, manifest)
  expect(await readdir(sessionsDir)).toEqual(['mine'])
  expect((await runProgram('git', ['status'], { cwd: repository.path, env: repository.env })).status).toBe(0)
})
