import { mkdir, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { composePorts } from '../../../src/githooks/install/compose-ports.ts'
import { codeText, configFileName, dataText, planConfig } from '../../../src/githooks/install/config-text.ts'
import { detectPorts } from '../../../src/githooks/install/detect-ports.ts'
import { choosePresets, detectProject } from '../../../src/githooks/install/detect-project.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'

async function project(files: Readonly<Record<string, string>>, cwd = '') {
  const root = await makeTemporaryDirectory('project')
  for (const [name, content] of Object.entries(files)) {
    await mkdir(dirname(join(root, name)), { recursive: true })
    await writeFile(join(root, name), content)
  }
  return detectProject(root, join(root, cwd))
}

test.each([
  [{ 'package.json': '{}' }, ['npm']],
  [{ 'package.json': '{}', 'yarn.lock': '' }, ['yarn']],
  [{ 'package.json': '{}', 'bun.lock': '' }, ['bun']],
  [{ 'package.json': '{"packageManager":"pnpm@10.0.0"}', 'package-lock.json': '' }, ['pnpm']],
  [{ 'package.json': '{}', 'pnpm-workspace.yaml': 'packages: [apps/*]\n' }, ['pnpm', 'monorepo']],
  [{ 'package.json': '{"workspaces":{"packages":["a"]}}', 'compose.yml': '' }, ['npm', 'monorepo', 'compose']],
  [{ 'uv.lock': '', 'requirements.txt': '' }, ['python-uv']],
  [{ 'requirements.txt': '', 'Cargo.toml': '', 'go.mod': '' }, ['rust', 'go', 'python-venv']],
  [{ 'package.json': 'no json' }, []],
  [{}, []],
])('%o makes presets %o', async (files, presets) => {
  expect(choosePresets(await project(files as Record<string, string>))).toEqual(presets)
})

test('ports come from scripts, env files and compose variables; those of databases do not', async () => {
  const found = await detectPorts(
    await project({
      'package.json':
        '{"scripts":{"dev":"next dev -p 3100","dev:api":"PORT=4000 node .","build":"vite --port 1","start":"vite"}}',
      '.env': 'DB_PORT=5432\nAPI_PORT=4100\r\nexport WEB_PORT="8081"\nSECRET_PORT=1234\n',
      'compose.yaml':
        'services:\n  db:\n    ports: ["${DB_PORT:-5432}:5432", "127.0.0.1:9090:90"]\n  cache:\n    ports:\n      - target: 6379\n        published: 6379\n',
    }),
  )
  expect(found.ports).toEqual({ API_PORT: 4100, WEB_PORT: 8081, PORT: 3100, DB_PORT: 5432 })
  expect(found.fixed).toEqual([
    { file: 'compose.yaml', service: 'db', port: 9090 },
    { file: 'compose.yaml', service: 'cache', port: 6379 },
  ])
})

test('each serving package of a monorepo gets a port, a single one gets PORT', async () => {
  const files = { 'package.json': '{"workspaces":["apps/*"]}', 'apps/web/package.json': '{"scripts":{"dev":"vite"}}' }
  expect((await detectPorts(await project(files))).ports).toEqual({ PORT: 5173 })
  const more = { ...files, 'apps/admin-ui/package.json': '{"scripts":{"dev":"next dev"}}', 'apps/lib/package.json': '{}' }
  expect((await detectPorts(await project(more))).ports).toEqual({ ADMIN_UI_PORT: 3000, WEB_PORT: 5173 })
})

test.each(['', 'a: [', 'services: 1', 'services:\n  a:\n    ports: x'])(
  'a compose file of %j publishes nothing',
  async (text) => {
    expect(await composePorts(text)).toEqual([])
  },
)

test('the form of the config follows the project', async () => {
  expect(configFileName(await project({ 'package.json': '{}', 'tsconfig.json': '' }))).toBe('flightrules.config.ts')
  expect(configFileName(await project({ 'package.json': '{"devDependencies":{"typescript":"5"}}' }))).toBe(
    'flightrules.config.ts',
  )
  expect(configFileName(await project({ 'package.json': '{}' }))).toBe('flightrules.config.mjs')
  expect(configFileName(await project({ 'tsconfig.json': '' }))).toBe('flightrules.config.json')
  expect(configFileName(await project({ 'pkg/package.json': '{}', 'pkg/tsconfig.json': '' }, 'pkg'))).toBe(
    'flightrules.config.json',
  )
})

test('a config names only what is not plain already', async () => {
  const plain = await project({})
  const nothing = planConfig(plain, [], { ports: {}, fixed: [] }, [])
  expect(codeText(nothing)).toContain('export default defineConfig({})\n')
  expect(dataText(nothing, undefined)).toBe('{}\n')
  const below = await project({ "it's/package.json": '{}' }, "it's")
  const config = planConfig(below, ['go'], { ports: { PORT: 1 }, fixed: [] }, ['.env', 'a/.env'])
  expect(JSON.parse(dataText(config, './s.json'))).toEqual({
    $schema: './s.json',
    extends: ['go'],
    envFiles: ['.env', 'a/.env'],
    dependencies: { paths: ["it's/node_modules"] },
    ports: { PORT: 1 },
    postCreateHook: "cd 'it'\\''s' && npm install --prefer-offline --no-audit --no-fund",
  })
})
