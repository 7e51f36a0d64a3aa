import { rm, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { makeRepository, type TestRepository } from '../../support/repository.ts'
import { addEverything, lookAt } from './live-trees.ts'

const placeOf = (repository: TestRepository) => ({
  worktree: repository.path,
  gitDir: join(repository.path, '.git'),
  env: repository.env,
})

it.skipIf(process.platform === 'win32')(
  'a file that goes, and one that changes, while files are read: the rest is seen',
  async () => {
    const repository = await makeRepository({
      files: { 'a.slow': 'a\n', b: 'b\n', c: 'c\n', '.gitattributes': '*.slow filter=slow\n' },
    })
    const filter = join(repository.parent, 'filter')
    const goes = join(repository.path, 'goes')
    await repository.write(filter, `if rm '${goes}' 2>&-; then echo later >'${join(repository.path, 'c')}'; fi; cat\n`)
    await repository.git(['config', 'filter.slow.clean', `sh '${filter}'`])
    await repository.write('a.slow', 'a, edited\n')
    await repository.write('b', 'b, edited\n')
    await repository.write('c', 'c, edited before\n')
    await repository.write('goes', 'goes\n')
    await expect(lookAt(placeOf(repository))).rejects.toThrow('to deeply equal')
    const { tree, unread } = await lookAt(placeOf(repository))
    expect([tree, unread]).toEqual([await addEverything(placeOf(repository)), []])
  },
)

it('an edit of the same size in the second of the last index write is never missed', async () => {
  const repository = await makeRepository({ files: { file: 'aaa\n' } })
  for (let round = 0; round < 20; round += 1) {
    const content = `${String(round).padStart(3, '0')}\n`
    await repository.commit('round', { file: content.replace('0', 'x') })
    const now = new Date()
    await writeFile(join(repository.path, 'file'), content)
    await utimes(join(repository.path, 'file'), now, now)
    const before = await repository.git(['rev-parse', 'HEAD^{tree}'])
    expect((await lookAt(placeOf(repository))).tree).not.toBe(before)
  }
})

it('nobody has told git who they are, and names are long, or begin with a dash', async () => {
  const repository = await makeRepository()
  await repository.git(['config', 'user.useConfigOnly', 'true'])
  const env = { ...repository.env, GIT_CONFIG_GLOBAL: '/dev/null', GIT_AUTHOR_NAME: '', GIT_COMMITTER_NAME: '' }
  await repository.write('n'.repeat(250), 'long\n')
  await repository.write('--all', 'dash\n')
  await repository.write('"quoted"\n', 'quoted\n')
  const place = { ...placeOf(repository), env }
  expect((await lookAt(place)).tree).toBe(await addEverything(place))
})

it('a repository of sha256', async () => {
  const repository = await makeRepository({ empty: true })
  await rm(join(repository.path, '.git'), { recursive: true })
  await repository.git(['init', '--quiet', '--object-format=sha256'])
  await repository.commit('first', { a: 'a\n' })
  await repository.write('a', 'edited\n')
  const { tree } = await lookAt(placeOf(repository))
  expect(tree).toMatch(/^[0-9a-f]{64}$/)
  expect(tree).toBe(await addEverything(placeOf(repository)))
})

it('a partial clone fetches nothing', async () => {
  const source = await makeRepository({ files: { a: 'a\n', b: 'b\n', 'd/c': 'c\n' } })
  await source.git(['config', 'uploadpack.allowFilter', 'true'])
  const path = join(source.parent, 'partial')
  await source.git(['clone', '--quiet', '--filter=blob:none', '--sparse', `file://${source.path}`, path])
  await rm(join(source.path, '.git'), { recursive: true })
  await writeFile(join(path, 'a'), 'edited\n')
  const place = { worktree: path, gitDir: join(path, '.git'), env: source.env }
  const { list, unread } = await lookAt(place)
  expect([(await list()).map((line) => line.slice(line.indexOf('\t') + 1)), unread]).toEqual([['a', 'b', 'd/c'], []])
})
