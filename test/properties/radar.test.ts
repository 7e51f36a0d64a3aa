import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import fc from 'fast-check'
import { expect, it } from 'vitest'
import { askInParts } from '../../src/git/ask-in-parts.ts'
import { Git } from '../../src/git/git.ts'
import { findMergeBases } from '../../src/git/merge-bases.ts'
import { mergeTrees } from '../../src/git/merge-tree.ts'
import { compareSides } from '../../src/radar/compare-sides.ts'
import type { Side, SidePair } from '../../src/radar/side.ts'
import { addEverything, lookAt } from '../integration/radar/live-trees.ts'
import { makeRepository, type TestRepository } from '../support/repository.ts'

/** Each run starts git many times: more of them when somebody asks for it. */
function runs(usual: number): number {
  return Number(process.env['FLIGHTRULES_PROPERTY_RUNS'] ?? usual)
}

/** Commits of an import by their marks, in order. */
async function importCommits(repository: TestRepository, stream: string, count: number): Promise<string[]> {
  const marks = join(repository.parent, 'marks')
  const git = new Git(repository.path, repository.env)
  await git.run(['fast-import', '--quiet', '--force', `--export-marks=${marks}`], { input: stream })
  const lines = (await repository.read(marks)).trim().split('\n')
  const byMark = new Map(lines.map((line) => line.split(' ') as [string, string]))
  return Array.from({ length: count }, (_, index) => byMark.get(`:${index + 1}`) ?? '')
}

function renderCommit(mark: number, parents: readonly number[], changes: string): string {
  const [first, ...rest] = parents
  const from = first === undefined ? '' : `from :${first}\n`
  const merges = rest.map((parent) => `merge :${parent}\n`).join('')
  return `commit refs/heads/c${mark}\nmark :${mark}\ncommitter T <t@example.invalid> ${1_700_000_000 + mark} +0000\ndata 0\n${from}${merges}${changes}\n`
}

it('merge bases are those git finds, in any history: crossing, octopus, with several roots', { timeout: 120_000 }, async () => {
  const repository = await makeRepository()
  const git = new Git(repository.path, repository.env)
  const history = fc.array(fc.array(fc.nat({ max: 5 }), { maxLength: 4 }), { minLength: 2, maxLength: 18 })
  await fc.assert(
    fc.asyncProperty(history, fc.array(fc.tuple(fc.nat(), fc.nat()), { minLength: 1, maxLength: 4 }), async (shape, asked) => {
      // each commit is built on some of the last few before it
      const parents = shape.map((back, index) => [...new Set(back.map((steps) => index - steps))].filter((mark) => mark > 0))
      const stream = parents.map((before, index) => renderCommit(index + 1, before, '')).join('')
      const commits = await importCommits(repository, stream, shape.length)
      const at = (place: number): string => commits[place % commits.length] ?? ''
      const pairs = asked.map(([a, b]) => ({ a: at(a), b: at(b) }))
      const found = await findMergeBases(git, pairs)
      for (const [index, { a, b }] of pairs.entries()) {
        const { stdout } = await git.run(['merge-base', '--all', a, b], { accept: [0, 1] })
        expect((found[index] ?? []).toSorted()).toEqual(stdout.split('\n').filter(Boolean).toSorted())
      }
    }),
    { numRuns: runs(120) },
  )
})

const paths = ['a', 'b', 'd/a', 'd/b', 'd/c', 'd/e/a', 'd/e/b', 'f/a', 'f/b', 'g'] as const
const folders = ['d', 'd/e', 'f', 'h', 'h/i', 'new'] as const
const contentOf = (path: string, line = 0, word = path): string =>
  Array.from({ length: 8 }, (_, index) => (index === line && word !== path ? word : `${path} ${index}`)).join('\n')

const change = fc.oneof(
  fc.record({
    kind: fc.constant('edit' as const),
    path: fc.constantFrom(...paths),
    line: fc.nat({ max: 7 }),
    word: fc.constantFrom('x', 'y'),
  }),
  fc.record({ kind: fc.constant('delete' as const), path: fc.constantFrom(...paths, ...folders) }),
  fc.record({
    kind: fc.constant('move' as const),
    path: fc.constantFrom(...paths, ...folders),
    to: fc.constantFrom(...paths, ...folders, 'moved', 'h/moved', 'd/moved'),
  }),
  fc.record({
    kind: fc.constant('add' as const),
    path: fc.constantFrom('n', 'd/n', 'd/e/n', 'f/n', 'h/n', 'a/n', 'g/n/n', 'f'),
    word: fc.constantFrom('x', 'y'),
  }),
)
type Change = typeof change extends fc.Arbitrary<infer T> ? T : never

/** What is in a folder after these changes, by path. */
function applyChanges(files: ReadonlyMap<string, string>, changes: readonly Change[]): Map<string, string> {
  const result = new Map(files)
  const isAt = (path: string, place: string): boolean => path === place || path.startsWith(`${place}/`)
  const put = (path: string, content: string): void => {
    for (const other of result.keys()) if (isAt(other, path) || isAt(path, other)) result.delete(other)
    result.set(path, content)
  }
  for (const entry of changes) {
    if (entry.kind === 'add') put(entry.path, entry.word)
    else if (entry.kind === 'edit') {
      if (result.has(entry.path)) result.set(entry.path, contentOf(entry.path, entry.line, entry.word))
    } else {
      const moved = [...result].filter(([path]) => isAt(path, entry.path))
      for (const [path] of moved) result.delete(path)
      if (entry.kind === 'move') for (const [path, content] of moved) put(entry.to + path.slice(entry.path.length), content)
    }
  }
  return result
}

function renderTree(files: ReadonlyMap<string, string>): string {
  const entries = [...files].map(([path, content]) => `M 100644 inline ${path}\ndata ${Buffer.byteLength(content)}\n${content}\n`)
  return `deleteall\n${entries.join('')}`
}

it('no conflict is overlooked, whatever two sides move, swap, delete and add', { timeout: 120_000 }, async () => {
  const repository = await makeRepository()
  const git = new Git(repository.path, repository.env)
  const start = new Map(paths.map((path) => [path as string, contentOf(path)]))
  let conflicts = 0
  const works = fc.array(fc.array(change, { maxLength: 4 }), { minLength: 2, maxLength: 14 })
  await fc.assert(
    fc.asyncProperty(works, fc.boolean(), async (sidesOf, isCrossed) => {
      const trees = [start, ...sidesOf.map((changes) => applyChanges(start, changes))]
      const plain = trees.map((files, index) => renderCommit(index + 1, index === 0 ? [] : [1], renderTree(files)))
      // crossed: merges of the first two, each way round, with one or the other's files and changes of their own
      const crossed = (isCrossed ? sidesOf.slice(0, 6) : []).map((changes, index) => {
        const [first, second] = index % 2 === 0 ? [2, 3] : [3, 2]
        const files = applyChanges(trees[(index % 4 < 2 ? first : second) - 1] ?? start, changes.toReversed())
        return renderCommit(trees.length + index + 1, [first, second], renderTree(files))
      })
      const count = plain.length + crossed.length
      const commits = await importCommits(repository, [...plain, ...crossed].join(''), count)
      const sides = commits.map((head, index): Side => ({ name: String(index), head, base: null, live: null }))
      const pairs = sides.flatMap((_side, a) => sides.slice(a + 1).map((_other, b): SidePair => [a, a + 1 + b]))
      const places = { commonDir: join(repository.path, '.git'), main: repository.path, env: repository.env }
      const { comparisons } = await compareSides(git, { sides, pairs, cacheFile: null, places, now: 0 })
      const questions = pairs.map(([a, b]) => ({ ours: commits[a] ?? '', theirs: commits[b] ?? '' }))
      // git itself gives up on some pairs, with an assertion of its own: of those there is nothing to be compared with
      const all = await askInParts(questions, (some) => mergeTrees(git, some))
      for (const [index, outcome] of all.entries()) {
        if (outcome instanceof Error) continue
        expect(comparisons[index]?.conflict).toEqual(outcome.conflicts)
        if (!outcome.clean) conflicts += 1
      }
    }),
    { numRuns: runs(20) },
  )
  // a property of pairs that never conflict says nothing
  expect(conflicts).toBeGreaterThan(50)
})

const edit = fc.oneof(
  change,
  fc.record({ kind: fc.constant('link' as const), path: fc.constantFrom(...paths, 'l', 'd/l') }),
  fc.record({ kind: fc.constant('mode' as const), path: fc.constantFrom(...paths) }),
  fc.record({ kind: fc.constant('stage' as const), path: fc.constantFrom(...paths, ...folders) }),
  fc.record({
    kind: fc.constantFrom('unstage' as const, 'intend' as const, 'lines' as const, 'ignore' as const),
    path: fc.constantFrom(...paths),
  }),
)
type Edit = typeof edit extends fc.Arbitrary<infer T> ? T : never

async function applyEdit(repository: TestRepository, entry: Edit): Promise<void> {
  const at = (path: string): string => join(repository.path, path)
  const quietly = (work: Promise<unknown>): Promise<unknown> => work.catch(() => {})
  const make = async (path: string, write: () => Promise<void>): Promise<void> => {
    await quietly(mkdir(dirname(at(path)), { recursive: true }))
    await quietly(write())
  }
  switch (entry.kind) {
    case 'edit':
      return make(entry.path, () => writeFile(at(entry.path), contentOf(entry.path, entry.line, entry.word)))
    case 'add':
      return make(entry.path, () => writeFile(at(entry.path), entry.word))
    case 'delete':
      return void (await rm(at(entry.path), { recursive: true, force: true }).catch(() => {}))
    case 'move':
      return make(entry.to, () => rename(at(entry.path), at(entry.to)))
    case 'link':
      await rm(at(entry.path), { recursive: true, force: true }).catch(() => {})
      return make(entry.path, () => symlink('d', at(entry.path)))
    case 'mode':
      return void (await quietly(chmod(at(entry.path), 0o755)))
    case 'stage':
      return void (await quietly(repository.git(['add', '--all', '--', entry.path])))
    case 'unstage':
      return void (await quietly(repository.git(['rm', '--quiet', '--cached', '--', entry.path])))
    case 'intend':
      return void (await quietly(repository.git(['add', '--intent-to-add', '--', entry.path])))
    case 'lines':
      return make(entry.path, () => writeFile(at(entry.path), contentOf(entry.path).replaceAll('\n', '\r\n')))
    case 'ignore':
      return make('.gitignore', () => writeFile(at('.gitignore'), `${entry.path}\n`))
  }
}

/** How git reads files. */
const readings = fc.record({
  'core.fileMode': fc.constantFrom('true', 'true', 'false'),
  'core.symlinks': fc.constantFrom('true', 'true', 'false'),
  'core.autocrlf': fc.constantFrom('false', 'input', 'true'),
  'status.renames': fc.constantFrom('true', 'false', 'copies'),
})

it('a worktree is seen as git would add it, after any edits and however git reads files', { timeout: 120_000 }, async () => {
  const repository = await makeRepository({ files: Object.fromEntries(paths.map((path) => [path, contentOf(path)])) })
  const place = { worktree: repository.path, gitDir: join(repository.path, '.git'), env: repository.env }
  await fc.assert(
    fc.asyncProperty(fc.array(edit, { minLength: 1, maxLength: 8 }), readings, async (edits, values) => {
      for (const [key, value] of Object.entries(values)) await repository.git(['config', key, value])
      await repository.git(['checkout', '--quiet', '--force', 'main'])
      await repository.git(['clean', '--quiet', '-ffdx'])
      for (const entry of edits) await applyEdit(repository, entry)
      const { tree } = await lookAt(place)
      expect(tree).toBe(await addEverything(place))
    }),
    { numRuns: runs(60) },
  )
})
