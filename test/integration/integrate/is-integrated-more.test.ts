import { chmod } from 'node:fs/promises'
import { beforeEach, describe, expect, it } from 'vitest'
import type { Integration } from '../../../src/integrate/integration.ts'
import { findIntegration, findIntegrations } from '../../../src/integrate/is-integrated.ts'
import { judgeWork } from '../../../src/integrate/judge-work.ts'
import { lines, makeSessionRepository, type SessionRepository } from './session-repository.ts'

let repository: SessionRepository
let start: string

beforeEach(async () => {
  repository = await makeSessionRepository()
  start = await repository.oid('main')
})

const nameOf = (found: Integration): string | null => (typeof found === 'object' && found !== null ? found.how : found)

async function verdict(branch = 'session', base = 'main'): Promise<string | null> {
  const question = { base: await repository.oid(base), tip: await repository.oid(branch), start }
  return nameOf(await findIntegration(repository.runner, question))
}

/** Commits entries as git stores them: `mode,object,path`. */
async function onEntries(branch: string, entries: readonly string[]): Promise<void> {
  const env = { GIT_INDEX_FILE: `${repository.parent}/index-of-entries` }
  await repository.runner.run(['read-tree', branch], { env })
  for (const entry of entries) await repository.runner.run(['update-index', '--add', '--cacheinfo', entry], { env })
  const tree = await repository.runner.readLine(['write-tree'], { env })
  const commit = await repository.git(['commit-tree', tree, '-p', branch, '-m', 'entries'])
  if (branch === 'main') await repository.git(['merge', '--quiet', '--ff-only', commit])
  else await repository.git(['update-ref', `refs/heads/${branch}`, commit])
}

const blob = (content: string): Promise<string> =>
  repository.runner.readLine(['hash-object', '-w', '--stdin'], { input: content })
const work = { 'file.txt': lines({ 2: 'work' }) }

describe('work that came into the base in other ways', () => {
  it('commit by commit after the base changed the lines around it', async () => {
    await repository.on('session', 'one', work)
    await repository.on('session', 'two', { 'file.txt': lines({ 2: 'work', 8: 'two' }) })
    await repository.on('main', 'near', { 'file.txt': lines({ 4: 'near' }) })
    await repository.on('main', 'one', { 'file.txt': lines({ 2: 'work', 4: 'near' }) })
    await repository.on('main', 'two', { 'file.txt': lines({ 2: 'work', 4: 'near', 8: 'two' }) })
    expect(await verdict()).toBe('same-tree')
  })

  it('by cherry-picks with -x, in another order and with others between them', async () => {
    await repository.on('session', 'one', { 'one.txt': '1\n' })
    await repository.on('session', 'two', { 'two.txt': '2\n' })
    await repository.on('main', 'elsewhere', { 'other.txt': 'moved\n' })
    await repository.git(['cherry-pick', '-x', 'session'])
    expect(await verdict()).toBeNull()
    await repository.on('main', 'between', { 'file.txt': lines({ 9: 'between' }) })
    await repository.git(['cherry-pick', '-x', 'session^'])
    expect(await verdict()).toBe('same-tree')
  })

  it('by an octopus merge', async () => {
    await repository.git(['branch', 'second', 'main'])
    await repository.on('session', 'one', { 'one.txt': '1\n' })
    await repository.on('second', 'two', { 'two.txt': '2\n' })
    await repository.on('main', 'elsewhere', { 'other.txt': 'moved\n' })
    await repository.git(['merge', '--quiet', '--no-edit', 'session', 'second'])
    expect([await verdict(), await verdict('second')]).toEqual(['ancestor', 'ancestor'])
  })

  it('by a merge, whose base was rewritten onto other commits since', async () => {
    await repository.on('session', 'work', work)
    await repository.git(['merge', '--quiet', '--no-ff', '--no-edit', 'session'])
    const tree = await repository.oid('main^{tree}')
    const rewritten = await repository.git(['commit-tree', tree, '-p', start, '-m', 'all in one'])
    await repository.git(['update-ref', 'refs/heads/main', rewritten])
    expect(await verdict()).toBe('same-tree')
  })

  it('but not when the base was forced back behind it', async () => {
    await repository.on('session', 'work', work)
    await repository.git(['merge', '--quiet', '--no-ff', '--no-edit', 'session'])
    await repository.git(['update-ref', 'refs/heads/main', start])
    expect(await verdict()).toBeNull()
  })

  it('with another branch that had taken it in and was squashed', async () => {
    await repository.git(['branch', 'child', 'main'])
    await repository.on('session', 'work', work)
    await repository.on('child', 'own', { 'own.txt': 'own\n' })
    const linked = `${repository.parent}/linked`
    await repository.git(['worktree', 'add', '--quiet', linked, 'child'])
    await repository.git(['merge', '--quiet', '--no-edit', 'session'], linked)
    await repository.on('main', 'squash of child', { ...work, 'own.txt': 'own\n' })
    expect([await verdict(), await verdict('child')]).toEqual(['same-tree', 'same-tree'])
  })

  it('into a base that merged another branch over it: the walk goes along the first parents', async () => {
    await repository.on('session', 'work', work)
    await repository.on('main', 'squash', work)
    await repository.git(['branch', 'side', 'main'])
    await repository.on('side', 'rewritten', { 'file.txt': lines({ 2: 'rewritten' }) })
    await repository.git(['merge', '--quiet', '--no-ff', '--no-edit', 'side'])
    expect(await verdict()).toBe('walk')
  })

  it('with files added there and deleted since, while others stayed', async () => {
    await repository.on('session', 'work', { ...work, 'new.txt': 'new\n' })
    await repository.on('main', 'squash', { ...work, 'new.txt': 'new\n' })
    await repository.on('main', 'deleted', { 'new.txt': null })
    expect(await verdict()).toBe('walk')
    await repository.on('main', 'added again', { 'new.txt': 'another\n' })
    expect(await verdict()).toBe('walk')
  })
})

describe('changes that are not lines of text', () => {
  const zeros = '0'.repeat(40)
  const submodule = (last: string): string => `160000,${zeros.slice(1)}${last},module`

  it.each([
    [
      'a mode',
      async () => [`100755,${await blob(lines())},file.txt`],
      async () => [`100644,${await blob('changed\n')},file.txt`],
    ],
    ['a binary file', async () => [`100644,${await blob('\0one')},bin`], async () => [`100644,${await blob('\0two')},bin`]],
    [
      'a symbolic link',
      async () => [`120000,${await blob('file.txt')},link`],
      async () => [`120000,${await blob('other.txt')},link`],
    ],
    ['a submodule', async () => [submodule('1')], async () => [submodule('2')]],
  ])('%s is found when it was squashed, also when it was changed since', async (_what, entries, later) => {
    await onEntries('session', await entries())
    await repository.on('main', 'elsewhere', { 'other.txt': 'moved\n' })
    expect(await verdict()).toBeNull()
    await onEntries('main', await entries())
    expect(await verdict()).toBe('same-tree')
    await onEntries('main', await later())
    expect(await verdict()).toBe('walk')
  })

  it('another pointer of the same submodule is other work', async () => {
    await onEntries('main', [submodule('a')])
    await repository.git(['update-ref', 'refs/heads/session', 'main'])
    start = await repository.oid('main')
    await onEntries('session', [submodule('1')])
    await onEntries('main', [submodule('2')])
    expect(await verdict()).toBeNull()
  })
})

describe('work that was taken back', () => {
  it.each(['--no-ff', '--ff-only', '--squash'])(
    'after a merge with %s is not in the base, and is again when that is taken back',
    async (how) => {
      await repository.on('session', 'work', { ...work, 'new.txt': 'new\n' })
      await repository.git(['merge', '--quiet', how, 'session'])
      if (how === '--squash') await repository.git(['commit', '--quiet', '-m', 'squashed'])
      const before = await verdict()
      await repository.git(['revert', '--no-edit', ...(how === '--no-ff' ? ['-m', '1'] : []), 'HEAD'])
      await repository.on('main', 'elsewhere', { 'other.txt': 'moved\n' })
      expect([before === null, await verdict()]).toEqual([false, 'reverted'])
      await repository.git(['revert', '--no-edit', 'HEAD^'])
      expect(await verdict()).toBe(before)
    },
  )

  it('in part is work that the base went on from', async () => {
    await repository.on('session', 'work', { ...work, 'new.txt': 'new\n' })
    await repository.on('main', 'squash', { ...work, 'new.txt': 'new\n' })
    await repository.on('main', 'half of it', { 'new.txt': null })
    expect(await verdict()).toBe('walk')
  })
})

describe('merge drivers', () => {
  async function configure(attributes: string): Promise<void> {
    await repository.on('main', 'attributes', { '.gitattributes': attributes, 'log.md': lines() })
    await repository.git(['update-ref', 'refs/heads/session', 'main'])
    start = await repository.oid('main')
  }

  it('that keep lines of both sides hide no deletion', async () => {
    await configure('*.md merge=union\n')
    await repository.on('session', 'deletes a line', { 'log.md': lines().replace('line 5\n', '') })
    await repository.on('main', 'changes the line after it', { 'log.md': lines({ 6: 'changed' }) })
    expect(await verdict()).toBeNull()
  })

  it('that keep lines of both sides do not keep what was only appended from being found', async () => {
    await configure('*.md merge=union\n')
    await repository.on('session', 'mine', { 'log.md': `${lines()}mine\n` })
    await repository.on('main', 'theirs', { 'log.md': `${lines()}theirs\n` })
    expect(await verdict()).toBeNull()
    await repository.on('main', 'squash', { 'log.md': `${lines()}theirs\nmine\n` })
    expect(await verdict()).toBe('same-tree')
  })

  it.skipIf(process.platform === 'win32')(
    'of the project are not believed, and not needed where the work is plainly there',
    async () => {
      const driver = `${repository.parent}/keep-ours`
      await repository.write(driver, '#!/bin/sh\nexit 0\n')
      await chmod(driver, 0o755)
      await repository.git(['config', 'merge.keep.driver', `${driver} %A`])
      await configure('*.md merge=keep\n')
      await repository.on('session', 'work', { 'log.md': lines({ 2: 'work' }) })
      await repository.on('main', 'other', { 'log.md': lines({ 2: 'other' }) })
      expect(await verdict()).toBeNull()
      await repository.on('main', 'squash', { 'log.md': lines({ 2: 'work' }) })
      await repository.on('main', 'elsewhere', { 'log.md': lines({ 2: 'work', 9: 'elsewhere' }) })
      expect(await verdict()).toBe('same-tree')
    },
  )
})

describe('many questions at once', () => {
  it('are answered as each alone, whatever they are about, also with commits that are not there', async () => {
    const names = ['squashed', 'rewritten', 'open', 'merged', 'nothing', 'fresh', 'back']
    for (const name of names) await repository.git(['branch', name, 'main'])
    for (const name of names.filter((one) => one !== 'fresh'))
      await repository.on(name, name, { [`${name}.txt`]: lines({ 1: name }) })
    await repository.on('nothing', 'back', { 'nothing.txt': null })
    for (const name of ['squashed', 'rewritten', 'back'])
      await repository.on('main', name, { [`${name}.txt`]: lines({ 1: name }) })
    await repository.git(['merge', '--quiet', '--no-ff', '--no-edit', 'merged'])
    await repository.on('main', 'rewrites', { 'rewritten.txt': lines({ 1: 'anew' }), 'back.txt': null })
    const tree = await repository.oid('open^{tree}')
    const island = await repository.git(['commit-tree', tree, '-m', 'another history'])
    const base = await repository.oid('main')
    const tips = await Promise.all(names.map((name) => repository.oid(name)))
    const questions = [...tips, island].map((tip) => ({ base, tip, start }))
    const missing = 'd'.repeat(40)
    const asked = [...questions, { base, tip: missing, start }, { base: missing, tip: base, start }]
    const together = await findIntegrations(repository.runner, asked)
    expect(together.map(nameOf)).toEqual([
      'same-tree',
      'walk',
      null,
      'ancestor',
      'net-zero',
      'empty',
      'reverted',
      null,
      null,
      null,
    ])
    for (const [index, question] of questions.entries())
      expect(await findIntegration(repository.runner, question)).toEqual(together[index])
    // nobody knows where it began: nothing is taken for merged by its place alone
    expect(await findIntegrations(repository.runner, [{ base, tip: tips[3] ?? '', start: missing }])).toEqual(['empty'])
  })
})

describe('a base and what it follows', () => {
  const judge = async (base: string, upstream: string | null): Promise<unknown> => {
    const oid = upstream === null ? null : await repository.oid(upstream)
    const question = { base: await repository.oid(base), upstream: oid, tip: await repository.oid('session'), start }
    return (await judgeWork(repository.runner, [question]))[0]
  }

  beforeEach(async () => {
    await repository.git(['branch', 'upstream', 'main'])
    await repository.on('session', 'work', work)
  })

  it('are both looked at: the work may be on the remote only, or hidden behind a merge of it', async () => {
    await repository.on('upstream', 'squash', work)
    expect(await judge('main', null)).toBeNull()
    expect(await judge('main', 'upstream')).toMatchObject({ how: 'same-tree', where: 'upstream' })
    await repository.on('upstream', 'rewritten', { 'file.txt': lines({ 2: 'rewritten' }) })
    await repository.on('main', 'own', { 'other.txt': 'own\n' })
    await repository.git(['merge', '--quiet', '--no-edit', 'upstream'])
    expect(await judge('main', null)).toBeNull()
    expect(await judge('main', 'upstream')).toMatchObject({ how: 'walk', where: 'upstream' })
  })

  it('of which one took the work back: the later one counts', async () => {
    await repository.on('upstream', 'squash', work)
    await repository.git(['merge', '--quiet', '--ff-only', 'upstream'])
    await repository.on('upstream', 'revert', { 'file.txt': lines() })
    expect(await judge('main', 'upstream')).toBe('reverted')
    await repository.git(['merge', '--quiet', '--ff-only', 'upstream'])
    await repository.on('main', 'again', work)
    expect(await judge('main', 'upstream')).toMatchObject({ where: 'base' })
  })
})
