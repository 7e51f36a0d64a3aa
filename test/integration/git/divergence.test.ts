import { expect, test } from 'vitest'
import { listBranchTips } from '../../../src/git/branches.ts'
import { findDivergences } from '../../../src/git/divergence.ts'
import { Git } from '../../../src/git/git.ts'
import { readTouchedPaths } from '../../../src/git/touched-paths.ts'
import { makeRepository, type TestRepository } from '../../support/repository.ts'

/** What `git rev-list` says of each pair. */
async function ask(repository: TestRepository, pairs: readonly { base: string; tip: string }[]): Promise<unknown> {
  const list = async (range: string): Promise<string[]> =>
    (await repository.git(['rev-list', range])).split('\n').filter((line) => line !== '')
  return Promise.all(
    pairs.map(async ({ base, tip }) => ({
      ahead: (await list(`${base}..${tip}`)).toSorted(),
      behind: (await list(`${tip}..${base}`)).length,
    })),
  )
}

test('one walk says of every pair what git says of each', async () => {
  const repository = await makeRepository()
  const git = new Git(repository.path, repository.env)
  const on = async (branch: string, message: string): Promise<void> => {
    await repository.git(['switch', '--quiet', branch])
    await repository.commit(message, { [message]: `${message}\n` })
  }
  for (const branch of ['a', 'b', 'c', 'd']) await repository.git(['branch', branch])
  await on('a', 'a1')
  await on('b', 'b1')
  // criss-cross: two merge bases
  await repository.git(['branch', 'a-before', 'a'])
  await repository.git(['switch', '--quiet', 'a'])
  await repository.git(['merge', '--quiet', '--no-edit', 'b'])
  await repository.git(['switch', '--quiet', 'b'])
  await repository.git(['merge', '--quiet', '--no-edit', 'a-before'])
  await on('b', 'b2')
  await on('main', 'm1')
  await on('c', 'c1')
  await repository.git(['merge', '--quiet', '--no-edit', 'main'])
  await repository.git(['switch', '--quiet', '--orphan', 'island'])
  await repository.commit('island')
  const tips = (await listBranchTips(git)).local
  const oid = (branch: string): string => tips.get(branch) ?? ''
  const names = ['main', 'a', 'b', 'c', 'd', 'island']
  for (const ends of [names.slice(0, 5), names]) {
    const pairs = ends.flatMap((base) => ends.map((tip) => ({ base: oid(base), tip: oid(tip) })))
    const found = await findDivergences(git, pairs)
    expect(found.map(({ ahead, behind }) => ({ ahead: ahead.toSorted(), behind }))).toEqual(await ask(repository, pairs))
  }
})

test('nothing to compare asks nothing', async () => {
  const git = new Git('/nowhere', {})
  expect(await findDivergences(git, [])).toEqual([])
  expect(await findDivergences(git, [{ base: 'x', tip: 'x' }])).toEqual([{ ahead: [], behind: 0 }])
  expect((await readTouchedPaths(git, [])).size).toBe(0)
})

test('a commit touches what it changes, a rename both names, a merge nothing, the first commit all', async () => {
  const repository = await makeRepository({ files: { old: 'same\n', 'two\nlines': 'x\n' } })
  const first = await repository.git(['rev-parse', 'HEAD'])
  await repository.git(['mv', 'old', 'new'])
  const renamed = await repository.commit('rename')
  await repository.git(['switch', '--quiet', '-c', 'side', first])
  await repository.commit('side', { side: '' })
  await repository.git(['merge', '--quiet', '--no-edit', 'main'])
  const merge = await repository.git(['rev-parse', 'HEAD'])
  const empty = await repository.commit('empty')
  const touched = await readTouchedPaths(new Git(repository.path, repository.env), [first, renamed, merge, empty])
  expect(touched.get(first)).toEqual(['old', 'two\nlines'])
  expect(touched.get(renamed)).toEqual(['new', 'old'])
  expect(touched.get(merge) ?? []).toEqual([])
  expect(touched.get(empty) ?? []).toEqual([])
})
