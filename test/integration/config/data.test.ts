import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeConfigProject } from '../../support/config-project.ts'

test.each([
  ['package.json', '{"name": "x", "flightrules": {"mode": "parallel"}}'],
  ['.flightrulesrc', '{"mode": "parallel"}'],
  ['.flightrulesrc', 'mode: parallel'],
  ['.flightrulesrc.json', '\uFEFF{"mode": "parallel"}'],
  ['.flightrulesrc.yaml', '# why\nmode: parallel\n'],
  ['.flightrulesrc.yml', 'mode: parallel'],
  ['flightrules.config.json', '{"$schema": "x", "mode": "parallel"}'],
])('%s is read (%#)', async (name, text) => {
  const project = await makeConfigProject({ [name]: text })
  const { config, file, origins } = await project.approve()
  expect(config.mode).toBe('parallel')
  expect(file).toBe(join(project.main, name))
  expect(origins['mode']).toBe(name)
})

test.each([
  ['flightrules.config.json', '{\n  "mode": \n}', 'flightrules.config.json:3: not valid JSON'],
  ['flightrules.config.json', '{\n  "mode": 1,\n', 'flightrules.config.json:3: not valid JSON'],
  ['.flightrulesrc.yaml', 'ports:\n  A: 1\n B: [', '.flightrulesrc.yaml:3: not valid YAML'],
])('broken data is refused with the line (%#)', async (name, text, message) => {
  const error = await (await makeConfigProject({ [name]: text })).refusal()
  expect(error.code).toBe('CONFIG_FAILED')
  expect(error.message).toContain(message)
})

test.each([
  ['flightrules.config.json', '', 'is empty'],
  ['flightrules.config.json', '[]', 'is a list'],
  ['flightrules.config.json', 'null', 'is null'],
  ['.flightrulesrc', 'just words', 'is a text'],
  ['package.json', '{"flightrules": "pnpm"}', 'is a text'],
])('data that is no object is refused (%#)', async (name, text, message) => {
  const error = await (await makeConfigProject({ [name]: text })).refusal()
  expect(error.code).toBe('CONFIG_INVALID')
  expect(error.message).toContain(message)
})

test('all problems of a file come in one error that names it', async () => {
  const error = await (
    await makeConfigProject({ 'flightrules.config.json': '{"sesionsDir": "x", "mode": "no", "env": {"A": "{NOPE}"}}' })
  ).refusal()
  expect(error.code).toBe('CONFIG_INVALID')
  expect(error.message).toMatch(/^flightrules\.config\.json has 3 problems:/)
  expect(error.message).toContain('sesionsDir: is not a known key')
  expect(error.message).toContain('(did you mean `sessionsDir`?)')
  expect(error.details).toMatchObject({ problems: [{ path: 'mode' }, { path: 'sesionsDir' }, { path: 'env.A' }] })
})

test('of several files the first one in the documented order counts', async () => {
  const project = await makeConfigProject({
    'flightrules.config.json': '{"mode": "parallel"}',
    '.flightrulesrc.json': '{"mode": "standard"}',
    'package.json': '{"name": "flightrules", "dependencies": {"flightrules": "1"}}',
  })
  expect((await project.approve()).config.mode).toBe('standard')
})

test('a package.json in the middle of a merge hides no other config', async () => {
  const project = await makeConfigProject({
    'package.json': '<<<<<<< HEAD\n{"flightrules"',
    'flightrules.config.json': '{"mode": "parallel"}',
  })
  expect((await project.approve()).config.mode).toBe('parallel')
})

test('overrides win, and are named as the origin', async () => {
  const project = await makeConfigProject({
    'flightrules.config.json': '{"mode": "parallel", "ports": {"A": 1}}',
    'flightrules.config.local.json': '{"ports": {"A": 2}}',
  })
  const { config, origins } = await project.approve()
  expect(config).toMatchObject({ mode: 'parallel', ports: { A: 2 } })
  expect(origins).toMatchObject({ mode: 'flightrules.config.json', 'ports.A': 'flightrules.config.local.json' })
})

test('overrides alone are a config', async () => {
  const project = await makeConfigProject({ 'flightrules.config.local.ts': `export default { mode: 'parallel' }` })
  expect(await project.approve()).toMatchObject({ config: { mode: 'parallel' }, trust: 'approved' })
})
