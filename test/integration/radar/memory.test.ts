import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { readStatus } from '../../../src/git/status.ts'
import { loadRadarCache } from '../../../src/radar/cache.ts'
import { findLiveKey } from '../../../src/radar/live-key.ts'
import { readRadar } from '../../../src/sessions/radar/read-radar.ts'
import { makeGitCounter } from '../../support/count-git.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'
import { type Engine, makeEngine } from '../sessions/engine.ts'

const lines = Array.from({ length: 9 }, (_line, index) => `line ${index}\n`).join('')
const files = { a: lines, b: lines, 'd/a': lines, 'd/b': lines }

async function write(engine: Engine, id: string, path: string, content: string): Promise<string> {
  const file = join(engine.sessionsDir, id, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, content)
  return file
}

/** As if asked a while after the last edit, when times are believed. */
async function lookLater(engine: Engine) {
  const { context, set } = await engine.open()
  return readRadar({ ...context, now: () => new Date(Date.now() + 60_000) }, { sessions: set.registered })
}

const cacheOf = (engine: Engine): string => join(engine.commonDir, 'flightrules', 'cache', 'radar.json')

it(
  'what is remembered is what would be found out, after any edits, of the same size and with their times set back',
  {
    timeout: 180_000,
  },
  async () => {
    const engine = await makeEngine({ files })
    const ids = ['one', 'two', 'three']
    for (const id of ids) await engine.start(id)
    const edit = fc.record({
      id: fc.constantFrom(...ids),
      path: fc.constantFrom(...Object.keys(files), 'n', 'd/n'),
      line: fc.nat({ max: 8 }),
      word: fc.constantFrom('XXXX Y', 'YYYY X', 'line 3'),
      how: fc.constantFrom('write', 'write', 'delete', 'stage', 'commit', 'attributes', 'base'),
    })
    const old = new Date('2024-01-01')
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.array(edit, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 4 }),
        async (steps) => {
          for (const edits of steps) {
            for (const { id, path, line, word, how } of edits) {
              const worktree = join(engine.sessionsDir, id)
              // what the file system counts time in; edits within it are why young files are not believed
              await sleep(12)
              if (how === 'delete') await rm(join(worktree, path), { force: true })
              else if (how === 'stage') await engine.git(['add', '--all'], worktree)
              else if (how === 'commit') await engine.commit('work', {}, worktree)
              else if (how === 'attributes')
                await engine.write('d/.gitattributes', line % 2 === 0 ? '* merge=union\n' : '* binary\n')
              else if (how === 'base') await engine.commit('base', { [path]: lines.replace(`line ${line}`, word) })
              else {
                const file = await write(engine, id, path, lines.replace(`line ${line}`, word))
                await utimes(file, old, old)
              }
            }
            const warm = await lookLater(engine)
            // as long as nothing was compared nothing is remembered
            const remembered = await readFile(cacheOf(engine)).catch(() => undefined)
            await rm(cacheOf(engine), { force: true })
            const cold = await lookLater(engine)
            if (remembered === undefined) await rm(cacheOf(engine), { force: true })
            else await writeFile(cacheOf(engine), remembered)
            expect(warm.pairs).toEqual(cold.pairs)
            expect(warm.findings).toEqual(cold.findings)
          }
        },
      ),
      { numRuns: 16 },
    )
  },
)

it('a file edited a moment ago is not believed by its times', async () => {
  const engine = await makeEngine({ files })
  await engine.start('one')
  const file = await write(engine, 'one', 'a', 'one\n')
  const { session, worktree, gitDir } = await engine.session('one')
  const status = await readStatus((await engine.open()).context.git, worktree.path)
  const side = { name: session.id, head: worktree.head ?? '', base: null, live: { worktree: worktree.path, gitDir, status } }
  const { ctimeMs } = await stat(file)
  expect(await findLiveKey(side, ctimeMs + 1_000, '')).toBeUndefined()
  expect(await findLiveKey(side, ctimeMs + 10_000, '')).toMatch(/^[0-9a-f]{64}$/)
  const unnamed = { ...side, live: { ...side.live, status: { ...status, untracked: ['caf\uFFFD'] } } }
  expect(await findLiveKey(unnamed, ctimeMs + 10_000, '')).toBeUndefined()
})

it('no content of the file with what is remembered does harm', async () => {
  const folder = await makeTemporaryDirectory('cache')
  const file = join(folder, 'radar.json')
  const entry = {
    outcome: 'compared',
    overlap: ['a'],
    conflict: [{ path: 'a', kind: 'content' }],
    caseClash: [],
    folders: [],
    folderRules: '',
  }
  const sound = JSON.stringify({ version: 1, standIns: { key: 'commit' }, comparisons: { 'a:b:c': entry } })
  await writeFile(file, sound)
  expect((await loadRadarCache(file)).comparisons.get('a:b:c')).toEqual(entry)
  const torn = fc.tuple(fc.nat({ max: sound.length - 1 }), fc.string()).map(([at, text]) => sound.slice(0, at) + text)
  await fc.assert(
    fc.asyncProperty(fc.oneof(torn, fc.json(), fc.string({ unit: 'binary' })), async (content) => {
      await writeFile(file, content)
      const { standIns, comparisons } = await loadRadarCache(file)
      for (const [key, commit] of standIns) expect([typeof key, typeof commit]).toEqual(['string', 'string'])
      for (const { overlap, conflict, caseClash } of comparisons.values())
        expect([overlap, conflict, caseClash].every(Array.isArray)).toBe(true)
    }),
  )
})

it('what git puts in the place of an object counts at once, and so does taking it away', async () => {
  const engine = await makeEngine({ files })
  for (const id of ['one', 'two'])
    await engine.start(id).then(() => engine.commit(id, { a: lines.replace('line 3', id) }, join(engine.sessionsDir, id)))
  const conflicts = async (): Promise<string[]> =>
    (await lookLater(engine)).pairs.flatMap(({ conflict }) => conflict.map(({ path }) => path))
  expect(await conflicts()).toEqual(['a'])
  await engine.git(['replace', 'session/two:a', 'main:a'])
  expect(await conflicts()).toEqual([])
  await engine.git(['pack-refs', '--all'])
  expect(await conflicts()).toEqual([])
  await engine.git(['replace', '--delete', await engine.git(['rev-parse', 'session/two:a'])])
  expect(await conflicts()).toEqual(['a'])
})

it('files that settings name are read, however the line is written', async () => {
  const engine = await makeEngine({ files })
  for (const id of ['one', 'two']) {
    await engine.start(id)
    await write(engine, id, 'a', `${id}\n`)
  }
  const count = async (): Promise<number> => (await lookLater(engine)).pairs.filter(({ conflict }) => conflict.length > 0).length
  const [attributes, included] = ['attributes', 'included'].map((name) => join(engine.parent, name))
  const config = join(engine.commonDir, 'config')
  const before = await readFile(config, 'utf8')
  await writeFile(config, `${before}[include] path = ${included} ; ours\n`)
  await writeFile(included ?? '', `[core]\n\tattributesFile = "${attributes}" # ours\n`)
  expect(await count()).toBe(1)
  await writeFile(attributes ?? '', 'a merge=union\n')
  expect(await count()).toBe(0)
  await writeFile(attributes ?? '', '')
  expect(await count()).toBe(1)
})

it('a damaged memory is none: the answer is the same, and kept anew', async () => {
  const engine = await makeEngine({ files })
  for (const id of ['one', 'two']) {
    await engine.start(id)
    await write(engine, id, 'a', `${id}\n`)
  }
  const expected = (await lookLater(engine)).pairs
  expect(expected.map(({ conflict }) => conflict.length)).toEqual([1, 0, 0])
  for (const damage of ['', '{', 'null', '[]', '{"version":2}', '{"version":1,"standIns":{},"comparisons":{"x":null}}']) {
    await writeFile(cacheOf(engine), damage)
    expect((await lookLater(engine)).pairs).toEqual(expected)
  }
  await rm(cacheOf(engine))
  await mkdir(cacheOf(engine))
  expect((await lookLater(engine)).pairs).toEqual(expected)
})

it.skipIf(process.platform === 'win32')(
  'git is started once more for each session with work in common, and once for each when nothing changed',
  async () => {
    const engine = await makeEngine({ files })
    const ids = ['one', 'two', 'three', 'four', 'five']
    for (const id of ids) {
      await engine.start(id)
      await write(engine, id, 'a', `${id}\n`)
    }
    await engine.git(['commit', '--quiet', '--all', '--message', 'five'], join(engine.sessionsDir, 'five'))
    await write(engine, 'five', 'a', 'five again\n')
    const { env, take } = await makeGitCounter(engine.env)
    const counted: Engine = { ...engine, open: async () => openWith(engine, env) }
    const look = async (): Promise<string[]> => {
      await take()
      const { context, set } = await counted.open()
      await take()
      await readRadar({ ...context, now: () => new Date(Date.now() + 60_000) }, { sessions: set.registered })
      return (await take()).toSorted()
    }
    const warm = ['for-each-ref', ...ids.map(() => 'status')]
    expect(await look()).toEqual(
      [
        ...warm,
        ...ids.map(() => 'update-index'),
        'fast-import',
        'merge-base',
        'rev-list',
        'diff-tree',
        'diff-tree',
        'cat-file',
        'merge-tree',
      ].toSorted(),
    )
    expect(await look()).toEqual(warm.toSorted())
  },
)

async function openWith(engine: Engine, env: Record<string, string>): ReturnType<Engine['open']> {
  const { context, set } = await engine.open()
  const { Git } = await import('../../../src/git/git.ts')
  return { context: { ...context, git: new Git(context.git.cwd, env) }, set }
}
