import { beforeEach, describe, expect, it } from 'vitest'
import { Git } from '../../../src/git/git.ts'
import { listRefs, readRef, resolveCommit, updateRefs } from '../../../src/git/refs.ts'
import { makeRepository, type TestRepository } from '../../support/repository.ts'

let repository: TestRepository
let git: Git
let first: string
let second: string

beforeEach(async () => {
  repository = await makeRepository()
  git = new Git(repository.path, repository.env)
  first = await repository.git(['rev-parse', 'HEAD'])
  second = await repository.commit('second', { 'a.txt': 'a\n' })
})

describe('reading refs', () => {
  it('tells upstream and worktree, also one with a newline in its path', async () => {
    const linked = `${repository.parent}/zwei\nzeilen – 文`
    await repository.git(['worktree', 'add', '--quiet', '-b', 'topic', '--track', linked, 'main'])
    expect(await listRefs(git, ['refs/heads'])).toEqual([
      { ref: 'refs/heads/main', oid: second, upstream: null, worktree: repository.path },
      { ref: 'refs/heads/topic', oid: second, upstream: 'refs/heads/main', worktree: linked },
    ])
  })

  it('finds a ref by its whole name only', async () => {
    await repository.git(['branch', 'a/b'])
    expect(await readRef(git, 'refs/heads/a/b')).toBe(second)
    expect(await readRef(git, 'refs/heads/a')).toBeNull()
    expect(await readRef(git, 'main')).toBeNull()
  })

  it('takes what a person typed as data', async () => {
    expect(await resolveCommit(git, 'main~1')).toBe(first)
    for (const rev of ['', '-rf', '--all', 'nosuch', 'main:a.txt', 'a..b', '0'.repeat(40), 'x\ny']) {
      expect(await resolveCommit(git, rev), rev).toBeNull()
    }
  })
})

describe('updating refs', () => {
  it('makes, moves and deletes in one transaction', async () => {
    await repository.git(['branch', 'old', first])
    await updateRefs(
      git,
      [
        { ref: 'refs/heads/new', new: first, old: null },
        { ref: 'refs/heads/main', new: first, old: second },
        { ref: 'refs/heads/old', new: null, old: first },
      ],
      'a reason\nof two lines',
    )
    expect((await listRefs(git, ['refs/heads'])).map(({ ref, oid }) => [ref, oid])).toEqual([
      ['refs/heads/main', first],
      ['refs/heads/new', first],
    ])
    expect(await repository.git(['reflog', '-1', '--format=%gs', 'main'])).toBe('a reason of two lines')
  })

  it('deletes a branch that stands for another one, not the other one', async () => {
    await repository.git(['symbolic-ref', 'refs/heads/alias', 'refs/heads/main'])
    await updateRefs(git, [{ ref: 'refs/heads/alias', new: null, old: second }], 'r')
    expect((await listRefs(git, ['refs/heads'])).map(({ ref }) => ref)).toEqual(['refs/heads/main'])
  })

  it.each([
    ['is elsewhere', { ref: 'refs/heads/main', new: null, old: 'first' }],
    ['exists already', { ref: 'refs/heads/main', new: 'first', old: null }],
    ['exists already, said with zeros', { ref: 'refs/heads/main', new: 'first', old: '0'.repeat(40) }],
    ['is gone', { ref: 'refs/heads/gone', new: 'first', old: 'first' }],
  ])('changes nothing at all when one ref %s', async (_, wrong) => {
    const oid = (name: string | null): string | null => (name === 'first' ? first : name)
    const updates = [
      { ref: 'refs/heads/new', new: first, old: null },
      { ...wrong, new: oid(wrong.new), old: oid(wrong.old) },
    ]
    await expect(updateRefs(git, updates, 'r')).rejects.toMatchObject({
      kind: 'failed',
      code: 'REF_MOVED',
      details: { ref: wrong.ref },
    })
    expect(await readRef(git, 'refs/heads/new')).toBeNull()
    expect(await readRef(git, 'refs/heads/main')).toBe(second)
  })

  it('says it in git’s words when it is something else', async () => {
    await expect(updateRefs(git, [{ ref: 'refs/heads/main/below', new: first, old: null }], 'r')).rejects.toMatchObject({
      code: 'GIT_FAILED',
    })
  })
})
