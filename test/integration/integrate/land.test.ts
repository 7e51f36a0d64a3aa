import { mkdir, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { listWorktrees } from '../../../src/git/worktrees.ts'
import { buildIntegration } from '../../../src/integrate/build-commit.ts'
import { land } from '../../../src/integrate/land.ts'
import { lines, makeSessionRepository, type SessionRepository } from './session-repository.ts'

const sides = { id: 'work', worktree: '/sessions/work', base: 'main' }

let repository: SessionRepository
let expected: string
let commit: string

beforeEach(async () => {
  repository = await makeSessionRepository()
  await repository.on('session', 'work', { 'file.txt': lines({ 2: 'work' }), 'new.txt': 'new\n' })
  await prepare()
})

async function prepare(): Promise<void> {
  expected = await repository.oid('main')
  const tip = await repository.oid('session')
  commit = (await buildIntegration(repository.runner, { method: 'merge', base: expected, tip, sides, message: 'Merge session' }))
    .commit
}

async function landIt(): ReturnType<typeof land> {
  const worktrees = await listWorktrees(repository.runner)
  return land(repository.runner, { baseBranch: 'main', expected, commit, worktrees, reason: 'flightrules end session' })
}

async function status(): Promise<string> {
  return repository.git(['status', '--porcelain', '--untracked-files=all'])
}

describe('a base nobody has checked out', () => {
  it('is moved without a worktree, with the reason in its reflog', async () => {
    await repository.git(['switch', '--quiet', '-c', 'elsewhere'])
    expect(await landIt()).toEqual({ into: 'main', oid: commit })
    expect(await repository.oid('main')).toBe(commit)
    expect(await repository.git(['reflog', '-1', '--format=%gs', 'main'])).toBe('flightrules end session')
    expect(await status()).toBe('')
  })

  it('is not moved when it moved meanwhile', async () => {
    await repository.git(['switch', '--quiet', '-c', 'elsewhere'])
    const moved = await repository.on('main', 'somebody else', { 'other.txt': 'moved\n' })
    await expect(landIt()).rejects.toMatchObject({ kind: 'failed', code: 'BASE_MOVED', details: { actual: moved } })
    expect(await repository.oid('main')).toBe(moved)
  })

  it('is not moved under a rebase of it', async () => {
    await repository.on('main', 'clash', { 'file.txt': lines({ 5: 'main' }) })
    await repository.git(['switch', '--quiet', '-c', 'upstream', 'main~1'])
    await repository.commit('upstream', { 'file.txt': lines({ 5: 'upstream' }) })
    await repository.git(['switch', '--quiet', 'main'])
    await expect(repository.git(['rebase', 'upstream'])).rejects.toThrow()
    await prepare()
    await expect(landIt()).rejects.toMatchObject({ kind: 'decision', code: 'BASE_BUSY' })
    expect(await repository.oid('main')).toBe(expected)
  })
})

describe('a base checked out in the main worktree', () => {
  it('moves with its files', async () => {
    expect(await landIt()).toEqual({ into: 'main', oid: commit })
    expect(await repository.read('file.txt')).toBe(lines({ 2: 'work' }))
    expect(await status()).toBe('')
  })

  it('keeps other dirty files exactly: staged stays staged, untracked untracked', async () => {
    await repository.write('other.txt', 'staged\n')
    await repository.write('added.txt', 'added\n')
    await repository.git(['add', '--all'])
    await repository.write('other.txt', 'staged and modified\n')
    await repository.write('note with space.txt', 'untracked\n')
    const before = await status()
    await landIt()
    expect(await status()).toBe(before)
    expect(await repository.git(['show', ':other.txt'])).toBe('staged')
    expect(await repository.read('other.txt')).toBe('staged and modified\n')
  })

  it.each([
    ['modified', async () => repository.write('file.txt', 'mine\n')],
    ['staged', async () => repository.write('file.txt', 'mine\n').then(() => repository.git(['add', 'file.txt']))],
    ['untracked', async () => repository.write('new.txt', 'mine\n')],
  ])('is refused with a %s file the merge changes, untouched', async (_, makeDirty) => {
    await makeDirty()
    const before = await status()
    await expect(landIt()).rejects.toMatchObject({
      kind: 'decision',
      code: 'BASE_DIRTY',
      choices: [{ flag: '--strategy pr' }, { flag: '--strategy keep' }],
    })
    expect(await status()).toBe(before)
    expect(await repository.oid('main')).toBe(expected)
  })

  it('is refused when an ignored file would be overwritten', async () => {
    await writeFile(join(repository.path, '.git/info/exclude'), 'new.txt\n')
    await repository.write('new.txt', 'a secret nobody else has\n')
    await expect(landIt()).rejects.toMatchObject({
      code: 'BASE_DIRTY',
      // git add would not take it
      hint: expect.stringContaining('move them away'),
      details: { paths: ['new.txt'] },
    })
    expect(await repository.read('new.txt')).toBe('a secret nobody else has\n')
  })

  it('is refused when a file of its own stands where a folder must be', async () => {
    await repository.on('session', 'folder', { 'folder/inner.txt': 'inner\n' })
    await prepare()
    await repository.write('folder', 'a file\n')
    await expect(landIt()).rejects.toMatchObject({ code: 'BASE_DIRTY', details: { paths: ['folder'] } })
  })

  it('is refused in the middle of a merge', async () => {
    await repository.git(['branch', 'third', 'main'])
    await repository.on('third', 'third', { 'third.txt': 'third\n' })
    await repository.git(['merge', '--quiet', '--no-ff', '--no-commit', 'third'])
    await expect(landIt()).rejects.toMatchObject({ code: 'BASE_BUSY', details: { operation: 'merge' } })
  })

  it('is refused when a hidden edit is in the way, and the edit survives', async () => {
    await repository.git(['update-index', '--assume-unchanged', 'file.txt'])
    await repository.write('file.txt', 'hidden edit\n')
    await expect(landIt()).rejects.toMatchObject({ code: 'LAND_FAILED' })
    expect(await repository.read('file.txt')).toBe('hidden edit\n')
    expect(await repository.oid('main')).toBe(expected)
  })

  it('says busy when git has the index locked', async () => {
    await repository.write('.git/index.lock', '')
    await expect(landIt()).rejects.toMatchObject({ kind: 'busy', code: 'LAND_FAILED' })
    await rm(join(repository.path, '.git/index.lock'))
    expect(await status()).toBe('')
  })

  it('ignores settings that would turn the fast-forward into something else', async () => {
    await repository.git(['config', 'merge.autoStash', 'true'])
    await repository.git(['config', 'merge.ff', 'false'])
    await repository.git(['config', 'branch.main.mergeOptions', '--squash --no-commit'])
    await repository.write('other.txt', 'dirty\n')
    expect(await landIt()).toEqual({ into: 'main', oid: commit })
  })

  it('tells hooks that the merge is ours', async () => {
    await mkdir(join(repository.path, '.git/hooks'), { recursive: true })
    await writeFile(
      join(repository.path, '.git/hooks/post-merge'),
      '#!/bin/sh\nprintf %s "$FLIGHTRULES_OP" > "$(git rev-parse --git-dir)/seen"\n',
      { mode: 0o755 },
    )
    await landIt()
    expect(await readFile(join(repository.path, '.git/seen'), 'utf8')).toBe('land')
  })
})

it('a base checked out in a linked worktree with an odd name moves with its files', async () => {
  await repository.git(['switch', '--quiet', '-c', 'elsewhere'])
  const linked = join(repository.parent, 'odd – name\nof two lines')
  await repository.git(['worktree', 'add', '--quiet', linked, 'main'])
  await landIt()
  expect(await readFile(join(linked, 'new.txt'), 'utf8')).toBe('new\n')
  expect(await repository.git(['status', '--porcelain'], linked)).toBe('')
})

it('a worktree that is gone does not keep its branch from moving', async () => {
  await repository.git(['switch', '--quiet', '-c', 'elsewhere'])
  const linked = join(repository.parent, 'gone')
  await repository.git(['worktree', 'add', '--quiet', linked, 'main'])
  await rm(linked, { recursive: true })
  expect(await landIt()).toEqual({ into: 'main', oid: commit })
})

it('a locked worktree that is away keeps its branch where it is', async () => {
  await repository.git(['switch', '--quiet', '-c', 'elsewhere'])
  const linked = join(repository.path, '..', 'away')
  await repository.git(['worktree', 'add', '--quiet', '--lock', linked, 'main'])
  await rm(linked, { recursive: true })
  await expect(landIt()).rejects.toMatchObject({ code: 'BASE_BUSY', hint: expect.stringContaining('git worktree unlock') })
  expect(await repository.oid('main')).toBe(expected)
})

it('two landings at once: one wins, the other is told', async () => {
  await repository.git(['switch', '--quiet', '-c', 'elsewhere'])
  const second = (
    await buildIntegration(repository.runner, {
      method: 'squash',
      base: expected,
      tip: await repository.oid('session'),
      sides,
      message: 'Second',
    })
  ).commit
  const worktrees = await listWorktrees(repository.runner)
  const input = { baseBranch: 'main', expected, worktrees, reason: 'race' }
  const results = await Promise.allSettled([commit, second].map((oid) => land(repository.runner, { ...input, commit: oid })))
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect(results.find((result) => result.status === 'rejected')?.reason).toMatchObject({ kind: 'failed' })
})
