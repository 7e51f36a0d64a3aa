import { chmod, lstat, mkdir, readFile, readlink, rm, symlink, unlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { makeSyncWorld, type SyncWorld } from './sync-world.ts'

/** Twelve lines; the session changes the first of a file, the base the last. */
const body = (name: string, first = 'first', last = 'last'): string =>
  [first, ...Array.from({ length: 10 }, (_, index) => `${name} ${index}`), last, ''].join('\n')

const tracked = ['a.txt', 'deep/b.txt', 'deep/er/c.txt', 'd e.txt', 'run.sh'] as const
const fresh = ['new.txt', 'deep/new.txt', 'fresh/x.txt'] as const

const action = fc.oneof(
  fc.record({
    what: fc.constant('change' as const),
    path: fc.constantFrom(...tracked),
    staged: fc.boolean(),
    again: fc.boolean(),
  }),
  fc.record({ what: fc.constant('delete' as const), path: fc.constantFrom(...tracked), staged: fc.boolean() }),
  fc.record({ what: fc.constant('mode' as const), path: fc.constantFrom(...tracked), staged: fc.boolean() }),
  fc.record({ what: fc.constant('link' as const), path: fc.constantFrom(...tracked), staged: fc.boolean() }),
  fc.record({
    what: fc.constant('add' as const),
    path: fc.constantFrom(...fresh),
    as: fc.constantFrom('untracked', 'staged', 'intent'),
  }),
)

/** What the base does: to files the session has not turned into something else only its last line. */
const baseAction = fc.record({ path: fc.constantFrom(...tracked), what: fc.constantFrom('change', 'mode', 'delete') })

type Action = typeof action extends fc.Arbitrary<infer T> ? T : never
type BaseAction = typeof baseAction extends fc.Arbitrary<infer T> ? T : never

async function act(world: SyncWorld, one: Action): Promise<void> {
  const file = join(world.path, one.path)
  await mkdir(dirname(file), { recursive: true })
  switch (one.what) {
    case 'change':
      await rm(file, { force: true })
      await writeFile(file, body(one.path, 'mine'))
      if (one.staged) await world.git('add', '--', one.path)
      if (one.again) await writeFile(file, body(one.path, 'mine, again'))
      return
    case 'delete':
      await unlink(file).catch(() => {})
      break
    case 'mode':
      if ((await lstat(file).catch(() => undefined))?.isFile() === true) await chmod(file, 0o755)
      break
    case 'link':
      await rm(file, { force: true })
      await symlink('elsewhere', file)
      break
    case 'add':
      await writeFile(file, `${one.path}\n`)
      if (one.as !== 'untracked') await world.git('add', ...(one.as === 'intent' ? ['--intent-to-add'] : []), '--', one.path)
      return
  }
  if (one.staged) await world.git('add', '--all', '--', one.path)
}

/** Of each path with a change what it is in index and files, without what the base may do to it: its last line. */
async function dirtyState(world: SyncWorld): Promise<string[]> {
  const status = await world.git('status', '--porcelain=v1', '--untracked-files=all', '--no-renames')
  const lines = status === '' ? [] : status.split('\n')
  return Promise.all(
    lines.map(async (line) => {
      const path = line.slice(3).replaceAll('"', '')
      const stats = await lstat(join(world.path, path)).catch(() => undefined)
      const content =
        stats === undefined
          ? 'none'
          : stats.isSymbolicLink()
            ? await readlink(join(world.path, path))
            : (await readFile(join(world.path, path), 'utf8')).replace(/theirs\n$/, 'last\n')
      const staged = (await world.git('ls-files', '--stage', '--', path)) === '' ? '' : await world.git('show', `:${path}`)
      return JSON.stringify([line, content, staged.replace(/theirs$/, 'last')])
    }),
  )
}

test('any changes, over any change of the base in other lines, are the same changes on top of it', { timeout: 0 }, async () => {
  const world = await makeSyncWorld({ files: Object.fromEntries(tracked.map((path) => [path, body(path)])) })
  const start = await world.git('rev-parse', 'HEAD')
  let synced = 0
  await fc.assert(
    fc.asyncProperty(
      fc.array(action, { minLength: 1, maxLength: 5 }),
      fc.array(baseAction, { maxLength: 3 }),
      fc.constantFrom('rebase' as const, 'merge' as const),
      async (actions, baseActions, method) => {
        await world.git('reset', '--quiet', '--hard', start)
        await world.git('clean', '--quiet', '-fd')
        await world.engine.git(['reset', '--quiet', '--hard', start])
        await world.commit({ 'own.txt': `${method}\n` })
        for (const one of actions) await act(world, one)
        await changeBase(world, actions, baseActions)
        const before = await dirtyState(world)
        const { result, error } = await world.sync({ method, dropped: 'keep' })
        expect([result.outcome, error?.message]).toEqual(['synced', undefined])
        expect(await dirtyState(world)).toEqual(before)
        expect(await listWithoutTheirs(world)).toEqual([])
        expect(await world.git('merge-base', 'main', 'HEAD')).toBe(await world.engine.git(['rev-parse', 'main']))
        synced += 1
      },
    ),
    { numRuns: Number(process.env['FLIGHTRULES_PROPERTY_RUNS'] ?? 8) },
  )
  expect(synced).toBeGreaterThan(0)
})

/** Files that lack what the base has changed in them. */
async function listWithoutTheirs(world: SyncWorld): Promise<string[]> {
  const theirs = await world.engine.git(['grep', '--name-only', '-z', '^theirs$', 'main', '--', ...tracked]).catch(() => '')
  const paths = theirs.split('\0').flatMap((name) => (name === '' ? [] : [name.replace('main:', '')]))
  const contents = await Promise.all(
    paths.map(async (path) => {
      const stats = await lstat(join(world.path, path)).catch(() => undefined)
      return stats?.isFile() === true ? readFile(join(world.path, path), 'utf8') : 'theirs\n'
    }),
  )
  return paths.filter((_path, index) => contents[index]?.endsWith('theirs\n') !== true)
}

/** What the session has not touched may go or change its mode; where it changed lines the base changes another one. */
async function changeBase({ engine }: SyncWorld, actions: readonly Action[], baseActions: readonly BaseAction[]): Promise<void> {
  for (const { path, what } of baseActions) {
    const own = actions.filter((one) => one.path === path)
    const file = join(engine.path, path)
    if ((await lstat(file).catch(() => undefined)) === undefined) continue
    if (own.length === 0 && what === 'delete') await unlink(file)
    else if (own.length === 0 && what === 'mode') await chmod(file, 0o755)
    else if (own.every((one) => one.what === 'change' || one.what === 'mode'))
      await writeFile(file, body(path, 'first', 'theirs'))
  }
  await engine.commit('on main')
}
