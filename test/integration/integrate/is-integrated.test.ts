import { beforeEach, describe, expect, it } from 'vitest'
import type { Integration } from '../../../src/integrate/integration.ts'
import { findIntegration } from '../../../src/integrate/is-integrated.ts'
import { lines, makeSessionRepository, type SessionRepository } from './session-repository.ts'

let repository: SessionRepository
let start: string

beforeEach(async () => {
  repository = await makeSessionRepository()
  start = await repository.oid('main')
})

async function verdict(options: { ref?: string; start?: string | null } = {}): Promise<string | null> {
  const [base, tip] = [await repository.oid('main'), await repository.oid('session')]
  const integration: Integration = await findIntegration(repository.runner, { base, tip, start, ...options })
  return typeof integration === 'object' && integration !== null ? integration.how : integration
}

/** What a squash merge leaves: one commit on main with the session's files. */
async function squash(files: Readonly<Record<string, string | null>>): Promise<void> {
  await repository.on('main', 'squashed session', files)
}

describe('a session nobody committed in', () => {
  it('is empty, not merged, although its tip is an ancestor of the base', async () => {
    await repository.on('main', 'base moves', { 'other.txt': 'moved\n' })
    expect(await verdict()).toBe('empty')
  })

  it('is empty after it was reset to before its start', async () => {
    start = await repository.on('main', 'later start', { 'other.txt': 'moved\n' })
    expect(await verdict()).toBe('empty')
  })

  it('is empty when nobody knows where it started and its tip is in the base', async () => {
    await repository.on('main', 'base moves', { 'other.txt': 'moved\n' })
    expect(await verdict({ start: null })).toBe('empty')
  })

  it('is empty after it was fast-forwarded to a newer base', async () => {
    await repository.on('main', 'base moves', { 'other.txt': 'moved\n' })
    const linked = `${repository.parent}/linked`
    await repository.git(['worktree', 'add', '--quiet', linked, 'session'])
    await repository.git(['merge', '--quiet', '--ff-only', 'main'], linked)
    await repository.on('main', 'base moves on', { 'other.txt': 'moved on\n' })
    await repository.git(['pull', '--quiet', '--rebase', '.', 'main'], linked)
    expect(await verdict({ ref: 'refs/heads/session' })).toBe('empty')
  })
})

describe('work that is in the base', () => {
  beforeEach(async () => {
    await repository.on('session', 'work', { 'file.txt': lines({ 2: 'work' }) })
  })

  it('by fast-forward', async () => {
    await repository.git(['merge', '--quiet', '--ff-only', 'session'])
    expect(await verdict()).toBe('ancestor')
    expect(await verdict({ ref: 'refs/heads/session' })).toBe('ancestor')
  })

  it('by a merge commit', async () => {
    await repository.on('main', 'base moves', { 'other.txt': 'moved\n' })
    await repository.git(['merge', '--quiet', '--no-edit', 'session'])
    expect(await verdict()).toBe('ancestor')
  })

  it('by a squash of an unchanged base', async () => {
    await squash({ 'file.txt': lines({ 2: 'work' }) })
    expect(await verdict()).toBe('same-tree')
  })

  it('by a squash after the base moved elsewhere', async () => {
    await repository.on('main', 'base moves', { 'other.txt': 'moved\n' })
    await squash({ 'file.txt': lines({ 2: 'work' }) })
    expect(await verdict()).toBe('same-tree')
  })

  it('by a squash whose lines were rewritten later', async () => {
    await squash({ 'file.txt': lines({ 2: 'work' }) })
    const landed = await repository.oid('main')
    await repository.on('main', 'rewritten', { 'file.txt': lines({ 2: 'rewritten' }) })
    const tip = await repository.oid('session')
    expect(await findIntegration(repository.runner, { base: await repository.oid('main'), tip, start })).toEqual({
      how: 'walk',
      into: landed,
    })
  })

  it('by a squash after the base changed the lines around it', async () => {
    await repository.on('main', 'near context', { 'file.txt': lines({ 4: 'near' }) })
    await squash({ 'file.txt': lines({ 2: 'work', 4: 'near' }) })
    expect(await verdict()).toBe('same-tree')
  })

  it('by such a squash, rewritten afterwards', async () => {
    await repository.on('main', 'near context', { 'file.txt': lines({ 4: 'near' }) })
    await squash({ 'file.txt': lines({ 2: 'work', 4: 'near' }) })
    await repository.on('main', 'rewritten', { 'file.txt': lines({ 2: 'rewritten', 4: 'near' }) })
    expect(await verdict()).toBe('walk')
  })

  it('by a rebase merge, also when rewritten later', async () => {
    await repository.on('session', 'more work', { 'file.txt': lines({ 2: 'work', 8: 'more' }) })
    await repository.on('main', 'base moves', { 'other.txt': 'moved\n' })
    await repository.on('main', 'work', { 'file.txt': lines({ 2: 'work' }) })
    await repository.on('main', 'more work', { 'file.txt': lines({ 2: 'work', 8: 'more' }) })
    expect(await verdict()).toBe('same-tree')
    await repository.on('main', 'rewritten', { 'file.txt': lines({ 2: 'rewritten', 8: 'more' }) })
    expect(await verdict()).toBe('walk')
  })

  it('by a squash that brought another file along', async () => {
    await squash({ 'file.txt': lines({ 2: 'work' }), 'extra.txt': 'extra\n' })
    expect(await verdict()).toBe('same-tree')
  })

  it('and was reverted there', async () => {
    await squash({ 'file.txt': lines({ 2: 'work' }) })
    await repository.on('main', 'revert', { 'file.txt': lines() })
    expect(await verdict()).toBe('reverted')
  })

  it('because somebody made the same change', async () => {
    await repository.on('main', 'the same by chance', { 'file.txt': lines({ 2: 'work' }), 'more.txt': 'more\n' })
    expect(await verdict()).toBe('same-tree')
  })

  it('by a squash, after the session had merged its base', async () => {
    await repository.on('main', 'base moves', { 'other.txt': 'moved\n' })
    await mergeBaseIntoSession()
    await squash({ 'file.txt': lines({ 2: 'work' }) })
    expect(await verdict()).toBe('same-tree')
  })

  it('by a squash, before the session merged its base again', async () => {
    await squash({ 'file.txt': lines({ 2: 'work' }) })
    await mergeBaseIntoSession()
    expect(await verdict()).toBe('same-tree')
  })

  async function mergeBaseIntoSession(): Promise<void> {
    const linked = `${repository.parent}/linked`
    await repository.git(['worktree', 'add', '--quiet', linked, 'session'])
    await repository.git(['merge', '--quiet', '--no-edit', 'main'], linked)
  }
})

describe('files renamed, added and deleted', () => {
  it('are in the base after a squash, also when edited later', async () => {
    await repository.on('session', 'rename', { 'file.txt': null, 'renamed.txt': lines(), 'new.txt': 'new\n' })
    await squash({ 'file.txt': null, 'renamed.txt': lines(), 'new.txt': 'new\n' })
    expect(await verdict()).toBe('same-tree')
    await repository.on('main', 'edited', { 'renamed.txt': lines({ 5: 'edited' }), 'new.txt': null })
    expect(await verdict()).toBe('walk')
  })

  it('with a newline, a space and letters of other scripts in their names', async () => {
    const odd = 'ein ordner/zeile\nzwei – 文件.txt'
    await repository.on('session', 'odd name', { [odd]: 'one\n' })
    await squash({ [odd]: 'one\n' })
    await repository.on('main', 'edited', { [odd]: 'two\n' })
    expect(await verdict()).toBe('walk')
  })
})

it('the answer is the same from a folder of the worktree', async () => {
  await repository.on('session', 'work', { 'folder/[a]*.txt': 'work\n' })
  await squash({ 'folder/[a]*.txt': 'work\n' })
  await repository.on('main', 'edited', { 'folder/[a]*.txt': 'edited\n' })
  const question = { base: await repository.oid('main'), tip: await repository.oid('session'), start }
  expect(await findIntegration(repository.runner.at(`${repository.path}/folder`), question)).toMatchObject({ how: 'walk' })
})

it('a merge driver that always keeps the base proves nothing', async () => {
  await repository.on('main', 'attributes', { '.gitattributes': 'folder/*.lock merge=ours\n', 'folder/a.lock': 'a\n' })
  await repository.git(['update-ref', 'refs/heads/session', 'main'])
  start = await repository.oid('main')
  await repository.git(['config', 'merge.ours.driver', 'true'])
  await repository.on('session', 'work', { 'folder/a.lock': 'work\n' })
  await repository.on('main', 'base', { 'folder/a.lock': 'base\n' })
  expect(await verdict()).toBeNull()
  const question = { base: await repository.oid('main'), tip: await repository.oid('session'), start }
  expect(await findIntegration(repository.runner.at(`${repository.path}/folder`), question)).toBeNull()
})

describe('commits that change nothing together', () => {
  it('are net zero when one takes the other back', async () => {
    await repository.on('session', 'work', { 'file.txt': lines({ 2: 'work' }) })
    await repository.on('session', 'back', { 'file.txt': lines() })
    expect(await verdict()).toBe('net-zero')
  })

  it('are net zero when they are empty', async () => {
    await repository.on('session', 'empty')
    await repository.on('main', 'base moves', { 'other.txt': 'moved\n' })
    expect(await verdict()).toBe('net-zero')
  })
})

describe('work that is not, or not wholly, in the base', () => {
  beforeEach(async () => {
    await repository.on('session', 'work', { 'file.txt': lines({ 2: 'work' }) })
  })

  it('is not integrated when nobody merged it', async () => {
    await repository.on('main', 'base moves', { 'other.txt': 'moved\n' })
    expect(await verdict()).toBeNull()
  })

  it('is not integrated when a maintainer edited it while merging', async () => {
    await squash({ 'file.txt': lines({ 2: 'work, edited' }) })
    expect(await verdict()).toBeNull()
  })

  it('is not integrated when one of two commits landed', async () => {
    await repository.on('session', 'second', { 'file.txt': lines({ 2: 'work', 8: 'second' }) })
    await squash({ 'file.txt': lines({ 2: 'work' }) })
    expect(await verdict()).toBeNull()
  })

  it('is not integrated when the session went on after the squash', async () => {
    await squash({ 'file.txt': lines({ 2: 'work' }) })
    await repository.on('session', 'second', { 'file.txt': lines({ 2: 'work', 8: 'second' }) })
    expect(await verdict()).toBeNull()
  })

  it('is not integrated into a base with another history', async () => {
    const tree = await repository.oid('session^{tree}')
    const orphan = await repository.git(['commit-tree', tree, '-m', 'rewritten history'])
    const tip = await repository.oid('session')
    expect(await findIntegration(repository.runner, { base: orphan, tip, start })).toBeNull()
  })
})
