import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'
import { configCommand } from '../../../src/commands/config.ts'
import { trustCommand } from '../../../src/commands/trust.ts'
import { invoke } from '../../support/invoke.ts'
import { type TestRepository, makeRepository } from '../../support/repository.ts'

const [show, schema, path] = ['show', 'schema', 'path'].map((name) => configCommand.subcommands?.find((one) => one.name === name))

let repository: TestRepository
let linked: string

beforeAll(async () => {
  repository = await makeRepository({
    files: {
      'flightrules.config.ts': `import { defineConfig } from 'flightrules'\nexport default defineConfig({ extends: ['npm'], ports: { PORT: 3000 } })\n`,
    },
  })
  linked = join(repository.parent, 'linked')
  await repository.git(['worktree', 'add', '--quiet', linked])
  // The config of the main worktree counts, whatever the session's branch says.
  await repository.write(join(linked, 'flightrules.config.ts'), 'throw new Error()')
  const { digest } = (await invoke(trustCommand, { cwd: linked, env: repository.env, options: { show: true } })).data as {
    digest: string
  }
  await invoke(trustCommand, { cwd: linked, env: repository.env, options: { digest } })
})

test('show prints every value with its origin, from a linked worktree too', async () => {
  for (const cwd of [repository.path, linked]) {
    const { text, data, findings } = await invoke(show, { cwd, env: repository.env })
    expect(text).toMatch(/^ports\.PORT +3000 +flightrules\.config\.ts$/m)
    expect(text).toMatch(/^dependencies\.paths +node_modules +preset:npm$/m)
    expect(text).toMatch(/^mode +ask +default$/m)
    expect(data).toMatchObject({
      trust: 'approved',
      file: join(repository.path, 'flightrules.config.ts'),
      config: { ports: { PORT: 3000 } },
    })
    expect(findings).toEqual([])
  }
})

test('path prints where the config is', async () => {
  expect((await invoke(path, { cwd: linked, env: repository.env })).text).toBe(join(repository.path, 'flightrules.config.ts'))
})

test('schema prints a JSON Schema', async () => {
  const { text, data } = await invoke(schema, { cwd: repository.path, env: repository.env })
  expect(JSON.parse(text)).toEqual(data)
  expect(data).toMatchObject({ type: 'object', properties: { sessionsDir: {} } })
})

test('a config nobody approved is said, as is one that is not read', async () => {
  const other = await makeRepository({ files: { 'flightrules.config.json': '{}', '.flightrulesrc.json': '{}' } })
  const { findings } = await invoke(show, { cwd: other.path, env: other.env })
  expect(findings?.map((finding) => finding.code)).toEqual(['CONFIG_NOT_TRUSTED', 'CONFIG_SHADOWED'])
})

test('no config: show gives the defaults, path says so', async () => {
  const other = await makeRepository()
  expect((await invoke(show, { cwd: other.path, env: other.env })).data).toMatchObject({ trust: 'none', file: null })
  await expect(invoke(path, { cwd: other.path, env: other.env })).rejects.toMatchObject({ code: 'NO_CONFIG', exitStatus: 2 })
})

test('a bare repository has no config', async () => {
  const other = await makeRepository({ remote: true })
  expect((await invoke(show, { cwd: other.remotePath ?? '', env: other.env })).data).toMatchObject({ trust: 'none' })
})

test('outside of a repository', async () => {
  await expect(invoke(show, { cwd: repository.parent, env: repository.env })).rejects.toMatchObject({
    code: 'NOT_A_REPOSITORY',
    exitStatus: 2,
  })
})
