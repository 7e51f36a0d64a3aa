import { expect, test } from 'vitest'
import { defaultConfig } from '../../../src/config/defaults.ts'
import { flattenConfig } from '../../../src/config/flatten-config.ts'
import { type Resolution, resolveConfig } from '../../../src/config/resolve.ts'

const resolve = (...files: Record<string, unknown>[]): Resolution =>
  resolveConfig(files.map((values, index) => ({ file: `file${index}`, values, functions: [] })))

test('nothing written: the defaults', () => {
  expect(resolve({}).config).toEqual(defaultConfig)
  expect(new Set(Object.values(resolve({}).origins))).toEqual(new Set(['default']))
})

test('lists of presets are joined without repeating anything, a later preset wins where there is one value', () => {
  const one = { name: 'one', envFiles: ['.env', 'a'], postCreateHook: 'x', branchPrefix: 'one/', ports: { A: 1 } }
  const two = { name: 'two', envFiles: ['b', '.env'], postCreateHook: ['y', 'x'], branchPrefix: 'two/', ports: { B: 2 } }
  const { config, origins } = resolve({ extends: [one, two] })
  expect(config).toMatchObject({
    envFiles: ['.env', 'a', 'b'],
    postCreateHook: ['x', 'y'],
    branchPrefix: 'two/',
    ports: { A: 1, B: 2 },
  })
  expect(origins).toMatchObject({
    envFiles: 'preset:one, preset:two',
    postCreateHook: 'preset:one, preset:two',
    branchPrefix: 'preset:two',
    'ports.A': 'preset:one',
    'ports.B': 'preset:two',
    mode: 'default',
  })
})

test('the config replaces the lists of presets and merges objects key by key', () => {
  const { config, origins } = resolve({ extends: ['npm'], postCreateHook: 'make', dependencies: { strategy: 'symlink' } })
  expect(config.postCreateHook).toEqual(['make'])
  expect(config.dependencies).toEqual({ paths: ['node_modules'], strategy: 'symlink' })
  expect(origins).toMatchObject({ postCreateHook: 'file0', 'dependencies.paths': 'preset:npm', 'dependencies.strategy': 'file0' })
})

test('overrides win over the config', () => {
  const { config, origins } = resolve(
    { end: { strategy: 'pr', merge: 'squash' }, ports: { A: 1 } },
    { end: { strategy: 'merge' }, ports: { B: 2 } },
  )
  expect(config.end).toMatchObject({ strategy: 'merge', merge: 'squash' })
  expect(config.ports).toEqual({ A: 1, B: 2 })
  expect(origins).toMatchObject({ 'end.strategy': 'file1', 'end.merge': 'file0', 'ports.A': 'file0', 'ports.B': 'file1' })
})

test("a port's range is one value", () => {
  const { config, origins } = resolve({ ports: { A: { from: 1, to: 2 } } }, { ports: { A: { from: 5, to: 6 } } })
  expect(config.ports).toEqual({ A: { from: 5, to: 6 } })
  expect(origins['ports.A']).toBe('file1')
  expect(origins['ports.A.from']).toBeUndefined()
})

test('a log switched off and on again', () => {
  expect(resolve({ sessionLog: false }).config.sessionLog).toBe(false)
  expect(resolve({ sessionLog: false }, { sessionLog: {} }).config.sessionLog).toEqual({ dir: 'docs/session_logs' })
  expect(resolve({ sessionLog: { dir: 'x' } }, { sessionLog: false }).origins['sessionLog.dir']).toBeUndefined()
})

test('a function hook is marked, and gives way to later lines', () => {
  const file = { file: 'a', values: { postCreateHook: [] }, functions: ['postCreateHook'] }
  expect(resolveConfig([file]).config.postCreateHook).toEqual({ function: true })
  expect(resolveConfig([file, { file: 'b', values: { postCreateHook: 'x' }, functions: [] }]).config.postCreateHook).toEqual([
    'x',
  ])
})

test('every value has an origin', () => {
  const resolution = resolve({ extends: ['npm', 'compose'], ports: { A: 1 }, sessionLog: {} })
  const without = flattenConfig(resolution).filter(
    ({ path }) => !Object.hasOwn(resolution.origins, path) && path !== 'sessionLog.dir',
  )
  expect(without.map(({ path }) => path)).toEqual([])
})

test('the defaults are not changed by resolving', () => {
  const before = JSON.stringify(defaultConfig)
  resolve({ extends: ['monorepo', 'npm'], ports: { A: 1 }, end: { pr: { draft: true } } })
  expect(JSON.stringify(defaultConfig)).toBe(before)
})
