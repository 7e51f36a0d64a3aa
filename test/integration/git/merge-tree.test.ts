import { mkdir, readdir } from 'node:fs/promises'
import { beforeEach, expect, it, vi } from 'vitest'
import { mergeTrees } from '../../../src/git/merge-tree.ts'
import { predictConflicts } from '../../../src/integrate/predict.ts'
import { lines, makeSessionRepository, type SessionRepository } from '../integrate/session-repository.ts'

let repository: SessionRepository

beforeEach(async () => {
  repository = await makeSessionRepository({ name: 'odd "name" – a:b' })
})

async function countObjects(): Promise<string> {
  return repository.git(['count-objects'])
}

it('a batch answers in order, with conflicts after a clean merge named too', async () => {
  await repository.git(['branch', 'clean'])
  await repository.on('clean', 'clean', { 'clean.txt': 'clean\n' })
  await repository.on('session', 'clash', { 'file.txt': lines({ 2: 'session' }), 'other.txt': null })
  await repository.on('main', 'base', { 'file.txt': lines({ 2: 'base' }), 'other.txt': 'changed\n' })
  const [main, clean, session] = await Promise.all(['main', 'clean', 'session'].map(repository.oid))
  const pairs = [clean, session, clean].map((theirs) => ({ ours: main ?? '', theirs: theirs ?? '' }))
  const outcomes = await mergeTrees(repository.runner, pairs)
  expect(outcomes.map((outcome) => outcome.clean)).toEqual([true, false, true])
  expect(outcomes[1]?.conflicts).toEqual([
    { path: 'file.txt', kind: 'content' },
    { path: 'other.txt', kind: 'modify/delete' },
  ])
  expect(outcomes[0]).toEqual(outcomes[2])
})

it('a submodule that both sides moved is named, and what git says of it to people takes nothing of the next answer', async () => {
  const { runner } = repository
  const point = async (branch: string, oid: string): Promise<void> => {
    const env = { GIT_INDEX_FILE: `${repository.parent}/index-${branch}` }
    await runner.run(['read-tree', branch], { env })
    await runner.run(['update-index', '--add', '--cacheinfo', `160000,${oid.repeat(40)},sub`], { env })
    const tree = await runner.readLine(['write-tree'], { env })
    const commit = await repository.git(['commit-tree', tree, '-p', branch, '-m', oid])
    await repository.git(['update-ref', `refs/heads/${branch}`, commit])
  }
  await repository.git(['branch', 'plain'])
  await point('plain', '1')
  for (const [branch, oid] of [
    ['left', '2'],
    ['right', '3'],
  ] as const) {
    await repository.git(['branch', branch, 'plain'])
    await point(branch, oid)
  }
  await repository.on('plain', 'clean', { 'clean.txt': 'clean\n' })
  const [left = '', right = '', plain = ''] = await Promise.all(['left', 'right', 'plain'].map(repository.oid))
  const outcomes = await mergeTrees(
    runner,
    [right, plain, right].map((theirs) => ({ ours: left, theirs })),
  )
  expect(outcomes.map(({ clean, conflicts }) => [clean, conflicts])).toEqual([
    [false, [{ path: 'sub', kind: 'submodule' }]],
    [true, []],
    [false, [{ path: 'sub', kind: 'submodule' }]],
  ])
})

it('a prediction leaves nothing in the repository, a merge to be kept does', async () => {
  await repository.on('session', 'work', { 'file.txt': lines({ 2: 'session' }) })
  await repository.on('main', 'base', { 'file.txt': lines({ 8: 'base' }) })
  const pair = { ours: await repository.oid('main'), theirs: await repository.oid('session') }
  const before = await countObjects()
  expect(await predictConflicts(repository.runner, pair.ours, pair.theirs)).toEqual({ clean: true, conflicts: [] })
  expect(await countObjects()).toBe(before)
  const [kept] = await mergeTrees(repository.runner, [pair], { objects: 'keep' })
  expect(await repository.git(['cat-file', '-t', kept?.tree ?? ''])).toBe('tree')
})

it('paths with newlines, spaces and other scripts come back as they are', async () => {
  const odd = 'ein ordner/"zwei"\nzeilen – 文件.txt'
  await repository.on('session', 'a', { [odd]: 'session\n' })
  await repository.on('main', 'b', { [odd]: 'base\n' })
  const prediction = await predictConflicts(repository.runner, await repository.oid('main'), await repository.oid('session'))
  expect(prediction).toEqual({ clean: false, conflicts: [{ path: odd, kind: 'add/add' }] })
})

it('commits without a common ancestor are answered like any others', async () => {
  const orphan = await repository.git(['commit-tree', await repository.oid('main^{tree}'), '-m', 'orphan'])
  const changed = await repository.on('session', 'work', { 'file.txt': lines({ 2: 'session' }) })
  expect((await predictConflicts(repository.runner, orphan, changed)).conflicts).toMatchObject([{ path: 'file.txt' }])
})

it.each(['main', 'f'.repeat(40), '--all', ''])('%j, which is no commit, is refused before anything runs', async (name) => {
  await expect(predictConflicts(repository.runner, await repository.oid('main'), name)).rejects.toMatchObject({
    code: 'COMMIT_NOT_FOUND',
  })
})

it('nothing is left in the temporary directory', async () => {
  const temporary = `${repository.parent}/temporary`
  await mkdir(temporary)
  vi.stubEnv('TMPDIR', temporary)
  await predictConflicts(repository.runner, await repository.oid('main'), await repository.oid('session'))
  vi.unstubAllEnvs()
  expect(await readdir(temporary)).toEqual([])
})
