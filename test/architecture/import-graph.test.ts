import { expect, test } from 'vitest'
import { type SourceFile, folderOf, readSourceFiles } from '../support/source-files.ts'

/** Higher imports lower; files of one rank may import each other as long as there is no circle. */
const ranks: Readonly<Record<string, number>> = {
  cli: 7,
  hook: 7,
  agent: 7,
  statusline: 7,
  commands: 6,
  ui: 5,
  doctor: 5.5,
  githooks: 5,
  agents: 5,
  sessions: 4,
  integrate: 4,
  radar: 4,
  operations: 3,
  setup: 3,
  config: 3,
  presets: 2,
  git: 2,
  files: 1,
  index: 1,
  errors: 0,
}

/** Folders of one rank that may not import each other. */
const strangers: readonly (readonly [string, string])[] = [
  ['githooks', 'ui'],
  ['ui', 'agents'],
]

const files = await readSourceFiles('src', 'presets')

test('every folder has a place in the order', () => {
  expect([...new Set(files.map(({ path }) => folderOf(path)))].filter((folder) => ranks[folder] === undefined)).toEqual([])
})

test('imports point down', () => {
  const upward = files.flatMap((file) =>
    ownImports(file).flatMap(({ target, kind }) => {
      const [from, to] = [folderOf(file.path), folderOf(target)]
      const isTypeOfIndex = from === 'index' && kind === 'type'
      const isTypeOfPreset = from === 'presets' && kind === 'type'
      const isUp = (ranks[to] ?? 0) > (ranks[from] ?? 0) && !isTypeOfIndex && !isTypeOfPreset
      const isStrange = strangers.some(([a, b]) => a === from && b === to)
      return isUp || isStrange ? [`${file.path} -> ${target}`] : []
    }),
  )
  expect(upward).toEqual([])
})

test('every relative import names a file that is there', () => {
  const known = new Set(files.map(({ path }) => path))
  const missing = files.flatMap((file) =>
    ownImports(file).flatMap(({ target }) => (known.has(target) ? [] : [`${file.path} -> ${target}`])),
  )
  expect(missing).toEqual([])
})

test('no circles among imports that run', () => {
  expect(findCircles(files)).toEqual([])
})

test('the public entry runs nothing', () => {
  const entry = files.find(({ path }) => path === 'src/index.ts')
  expect(entry?.imports.filter(({ kind }) => kind !== 'type')).toEqual([])
})

test("what git's hooks load at start holds no heavy library", () => {
  const heavy = ['zod', 'execa', 'simple-git', 'commander', '@clack/prompts', 'cosmiconfig', 'fast-glob', 'yaml', 'jiti']
  const reached = reachable('src/hook.ts')
  const loaded = files
    .filter(({ path }) => reached.has(path))
    .flatMap((file) =>
      file.imports
        .filter(({ target, kind }) => kind === 'value' && heavy.includes(target))
        .map(({ target }) => `${file.path} -> ${target}`),
    )
  expect(loaded).toEqual([])
})

function ownImports(file: SourceFile): SourceFile['imports'] {
  return file.imports.filter(({ target }) => /^(?:src|presets)\//.test(target))
}

/** Files loaded together with one, dynamic imports left out. */
function reachable(start: string): Set<string> {
  const byPath = new Map(files.map((file) => [file.path, file]))
  const seen = new Set<string>()
  const queue = [start]
  for (let path = queue.pop(); path !== undefined; path = queue.pop()) {
    const file = byPath.get(path)
    if (file === undefined || seen.has(path)) continue
    seen.add(path)
    queue.push(...file.imports.filter(({ kind }) => kind === 'value').map(({ target }) => target))
  }
  return seen
}

function findCircles(all: readonly SourceFile[]): string[] {
  const targets = new Map(
    all.map((file) => [file.path, file.imports.filter(({ kind }) => kind === 'value').map(({ target }) => target)]),
  )
  const state = new Map<string, 'open' | 'done'>()
  const circles: string[] = []
  const visit = (path: string, trail: readonly string[]): void => {
    if (state.get(path) === 'done' || !targets.has(path)) return
    if (state.get(path) === 'open') {
      circles.push([...trail.slice(trail.indexOf(path)), path].join(' -> '))
      return
    }
    state.set(path, 'open')
    for (const target of targets.get(path) ?? []) visit(target, [...trail, path])
    state.set(path, 'done')
  }
  for (const { path } of all) visit(path, [])
  return circles
}
