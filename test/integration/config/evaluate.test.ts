import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeConfigProject } from '../../support/config-project.ts'

test('a TypeScript config with a relative import loads without node_modules and without TypeScript', async () => {
  const project = await makeConfigProject({
    'flightrules.config.ts': `import { defineConfig, type HookContext } from 'flightrules'
      import { ports } from './config/ports'
      export default defineConfig({ ports, postCreateHook: async (context: HookContext): Promise<void> => void context })`,
    'config/ports.ts': `import data from './data.json'\nexport const ports: Record<string, number> = { PORT: data.port }`,
    'config/data.json': '{"port": 3000}',
  })
  const { config, origins, file } = await project.approve()
  expect(config.ports).toEqual({ PORT: 3000 })
  expect(config.postCreateHook).toEqual({ function: true })
  expect(origins['ports.PORT']).toBe('flightrules.config.ts')
  expect(file).toBe(join(project.main, 'flightrules.config.ts'))
})

test.each([
  ['flightrules.config.mts', `const mode = await Promise.resolve('parallel' as const)\nexport default { mode }`],
  ['flightrules.config.mjs', `import { defineConfig } from 'flightrules'\nexport default defineConfig({ mode: 'parallel' })`],
  ['flightrules.config.js', `module.exports = { mode: 'parallel' }`],
])('%s is evaluated', async (name, text) => {
  const project = await makeConfigProject({ [name]: text })
  expect((await project.approve()).config.mode).toBe('parallel')
})

test.each([
  ['nothing at all', '', 'exports nothing'],
  ['a function', 'export default () => ({})', 'exports a function'],
  ['a promise', 'export default Promise.resolve({})', 'exports a promise'],
  ['a class instance', 'export default new Map()', 'exports an instance of Map'],
  ['null', 'export default null', 'exports null'],
  ['named values only', 'export const env = {}, ports = {}', 'exports env, ports but no default'],
])('a config that exports %s is refused, and what it exports is named', async (_, text, message) => {
  const project = await makeConfigProject({ 'flightrules.config.ts': text })
  const error = await project.refusal()
  expect(error).toMatchObject({ code: 'CONFIG_INVALID', kind: 'usage' })
  expect(error.message).toContain('flightrules.config.ts')
  expect(error.message).toContain(message)
})

test.each([
  ['throws', `\n\nthrow new TypeError('no such thing')`, 'flightrules.config.ts:3: TypeError: no such thing'],
  ['throws something that is no error', 'throw 3', 'flightrules.config.ts: it threw 3'],
  ['has a syntax error', `export default {\n  a: \n}`, 'flightrules.config.ts:3: syntax error'],
  ['imports what is not there', `import './nowhere.ts'\nexport default {}`, `Cannot find module './nowhere.ts'`],
  ['ends its process', 'process.exit(3)', 'it ended its own process (status 3)'],
])('a config that %s fails in words, with the line and without a stack', async (_, text, message) => {
  const project = await makeConfigProject({ 'flightrules.config.ts': text })
  const error = await project.refusal()
  expect(error).toMatchObject({ code: 'CONFIG_FAILED', kind: 'usage', exitStatus: 2 })
  expect(error.message).toContain(message)
  expect(error.message).not.toMatch(/\n\s+at /)
})

test('a config may import package.json', async () => {
  const project = await makeConfigProject({
    'package.json': '{"name": "shop"}',
    'flightrules.config.ts': `import { name } from './package.json'\nexport default { branchPrefix: name + '/' }`,
  })
  expect((await project.approve()).config.branchPrefix).toBe('shop/')
})

test('an error in an imported file names that file', async () => {
  const project = await makeConfigProject({
    'flightrules.config.ts': `import './other.ts'\nexport default {}`,
    'other.ts': 'const a = ;',
  })
  expect((await project.refusal()).message).toContain('other.ts:1: syntax error')
})

test('a config that loops is stopped', async () => {
  const project = await makeConfigProject({ 'flightrules.config.ts': 'for (;;) {}' })
  expect(await project.refusal(1000)).toMatchObject({ code: 'CONFIG_TIMEOUT', exitStatus: 2 })
})

test('what a config prints goes nowhere, and what it leaves running is ended', async () => {
  const project = await makeConfigProject({
    'flightrules.config.ts': `console.log('noise')\nsetInterval(() => {}, 1000)\nexport default { mode: 'parallel' }`,
  })
  expect((await project.approve()).config.mode).toBe('parallel')
})

test('nothing that was compiled is kept where somebody could change it', async () => {
  const project = await makeConfigProject({ 'flightrules.config.ts': 'export default {}' })
  await project.approve()
  expect((await readdir(join(project.commonDir, 'flightrules'))).sort()).toEqual(['config.json', 'id'])
})
