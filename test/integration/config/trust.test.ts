import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { defaultConfig } from '../../../src/config/defaults.ts'
import { describeTrust } from '../../../src/config/describe-trust.ts'
import { loadConfig } from '../../../src/config/load-config.ts'
import { loadSnapshot } from '../../../src/config/snapshot.ts'
import { approveConfig, revokeConfig } from '../../../src/config/trust.ts'
import { type ConfigProject, makeConfigProject } from '../../support/config-project.ts'

/** Leaves a file behind when it is evaluated. */
const canary = (name: string): string =>
  `import { writeFileSync } from 'node:fs'\nwriteFileSync(${'`${import.meta.dirname}/'}ran-${name}\`, '')\n`

const ran = (project: ConfigProject, name: string): boolean => existsSync(join(project.main, `ran-${name}`))

test('no config: nothing to trust, the defaults apply', async () => {
  const project = await makeConfigProject({ 'package.json': '{"name": "x"}' })
  const loaded = await loadConfig(project)
  expect(loaded).toMatchObject({ trust: 'none', file: null, digest: null, config: defaultConfig })
})

test('an unapproved config is not evaluated, nor is what it imports', async () => {
  const project = await makeConfigProject({
    'flightrules.config.ts': `${canary('config')}import './other.ts'\nexport default { mode: 'parallel' }`,
    'other.ts': canary('other'),
  })
  const loaded = await loadConfig(project)
  expect(loaded).toMatchObject({ trust: 'unapproved', config: { mode: 'ask' } })
  await describeTrust(project)
  expect(ran(project, 'config') || ran(project, 'other')).toBe(false)
  await project.approve()
  expect(ran(project, 'config') && ran(project, 'other')).toBe(true)
})

test('unapproved data is not taken either', async () => {
  const project = await makeConfigProject({ 'flightrules.config.json': '{"mode": "parallel"}' })
  expect((await loadConfig(project)).config.mode).toBe('ask')
})

test('code in the places where cosmiconfig configures itself is not evaluated', async () => {
  const project = await makeConfigProject({ '.config/config.js': canary('meta'), 'flightrules.config.json': '{}' })
  const script = `import { loadConfig } from ${JSON.stringify(join(import.meta.dirname, '../../../src/config/load-config.ts'))}
    await loadConfig({ main: process.cwd(), commonDir: '.git', stateDirectory: process.cwd() + '/state' })`
  await writeFile(join(project.main, 'run.mts'), script)
  const jiti = join(import.meta.dirname, '../../../node_modules/jiti/lib/jiti-cli.mjs')
  await promisify(execFile)(process.execPath, [jiti, 'run.mts'], { cwd: project.main })
  expect(ran(project, 'meta')).toBe(false)
})

test.each(['flightrules.config.ts', 'flightrules.config.local.ts', 'a.ts', 'deep/b.mjs', 'deep/data.json'])(
  'one byte more in %s asks again',
  async (name) => {
    const files: Record<string, string> = {
      'flightrules.config.ts': `import { ports } from './a.ts'\nexport default { ports }\n`,
      'flightrules.config.local.ts': `export default { mode: 'parallel' }\n`,
      'a.ts': `export * from './deep/b.mjs'\n`,
      'deep/b.mjs': `import data from './data.json'\nexport const ports = data\n`,
      'deep/data.json': '{"PORT": 3000}',
    }
    const project = await makeConfigProject(files)
    const approved = await project.approve()
    expect(await loadSnapshot(project)).toMatchObject({ trust: 'approved', config: { ports: { PORT: 3000 } } })
    await project.write({ [name]: `${files[name]} ` })
    expect(await loadSnapshot(project)).toBeUndefined()
    const loaded = await loadConfig(project)
    expect(loaded).toMatchObject({ trust: 'unapproved', config: approved.config })
    expect(loaded.digest).not.toBe(approved.digest)
  },
)

test('a new override file, or a config that goes before, asks again', async () => {
  for (const name of ['flightrules.config.local.json', '.flightrulesrc.json']) {
    const project = await makeConfigProject({ 'flightrules.config.json': '{}' })
    await project.approve()
    await project.write({ [name]: '{"mode": "parallel"}' })
    expect(await loadConfig(project)).toMatchObject({ trust: 'unapproved', config: { mode: 'ask' } })
  }
})

test('another version of the package is no change of the config in package.json', async () => {
  const project = await makeConfigProject({ 'package.json': '{"version": "1.0.0", "flightrules": {"mode": "parallel"}}' })
  await project.approve()
  await project.write({ 'package.json': '{"version": "1.0.1", "flightrules": {"mode": "parallel"}}' })
  expect((await loadSnapshot(project))?.trust).toBe('approved')
  await project.write({ 'package.json': '{"version": "1.0.1", "flightrules": {"mode": "standard"}}' })
  expect((await loadConfig(project)).trust).toBe('unapproved')
})

test('a config in a package.json in the middle of a merge keeps its last approved values', async () => {
  const project = await makeConfigProject({ 'package.json': '{"flightrules": {"mode": "parallel"}}' })
  await project.approve()
  await project.write({ 'package.json': '<<<<<<< HEAD\n{"flightrules": {"mode": "parallel"}}' })
  expect(await loadConfig(project)).toMatchObject({ trust: 'unapproved', config: { mode: 'parallel' } })
  expect((await project.refusal()).message).toContain('package.json:1: not valid JSON')
})

test('approved bytes that come back are still approved', async () => {
  const project = await makeConfigProject({ 'flightrules.config.json': '{"mode": "parallel"}' })
  await project.approve()
  await project.write({ 'flightrules.config.json': '{"mode": "standard"}' })
  await project.approve()
  await project.write({ 'flightrules.config.json': '{"mode": "parallel"}' })
  expect(await loadConfig(project)).toMatchObject({ trust: 'approved', config: { mode: 'parallel' } })
})

test('an approval for one command leaves nothing approved behind', async () => {
  const project = await makeConfigProject({ 'flightrules.config.json': '{"mode": "parallel"}' })
  const { digest } = await loadConfig(project)
  expect(await loadConfig({ ...project, trustDigest: digest ?? '' })).toMatchObject({
    trust: 'approved',
    config: { mode: 'parallel' },
  })
  expect(await loadConfig({ ...project, trustDigest: 'f'.repeat(64) })).toMatchObject({
    trust: 'unapproved',
    config: { mode: 'ask' },
  })
  expect((await loadConfig(project)).trust).toBe('unapproved')
})

test('only the digest that was looked at is approved', async () => {
  const project = await makeConfigProject({ 'flightrules.config.json': '{}' })
  const report = await describeTrust(project)
  await project.write({ 'flightrules.config.json': '{"mode": "parallel"}' })
  await expect(approveConfig({ ...project, by: 'trust', digest: report?.digest ?? '' })).rejects.toMatchObject({
    code: 'CONFIG_CHANGED',
    exitStatus: 6,
  })
  expect((await loadConfig(project)).trust).toBe('unapproved')
})

test('what does not load is not approved', async () => {
  const project = await makeConfigProject({ 'flightrules.config.json': '{"mode": "no"}' })
  expect(await project.refusal()).toMatchObject({ code: 'CONFIG_INVALID' })
  expect((await loadConfig(project)).trust).toBe('unapproved')
})

test('a revoked approval is none, also for the last approved values', async () => {
  const project = await makeConfigProject({ 'flightrules.config.json': '{"mode": "parallel"}' })
  await project.approve()
  expect(await revokeConfig(project)).toEqual({ found: 1, doubts: [] })
  expect(await loadSnapshot(project)).toBeUndefined()
  expect(await loadConfig(project)).toMatchObject({ trust: 'unapproved', config: { mode: 'ask' } })
})

test('a local file that reading could not find is not evaluated', async () => {
  const project = await makeConfigProject({
    'flightrules.config.ts': `await import('./hid' + 'den.ts')\nexport default {}`,
    'hidden.ts': canary('hidden'),
  })
  expect((await project.refusal()).message).toContain('in a way an approval cannot cover')
  expect(ran(project, 'hidden')).toBe(false)
})

test.each(['', '{', '{"version": 1}', '{"version": 99}'])('a snapshot that reads %j is made again', async (text) => {
  const project = await makeConfigProject({ 'flightrules.config.json': '{"mode": "parallel"}' })
  await project.approve()
  await writeFile(join(project.commonDir, 'flightrules', 'config.json'), text)
  expect(await loadSnapshot(project)).toBeUndefined()
  expect((await loadConfig(project)).config.mode).toBe('parallel')
  expect((await loadSnapshot(project))?.config.mode).toBe('parallel')
})

test('a snapshot that cannot be written stops nobody', async () => {
  const project = await makeConfigProject({ 'flightrules.config.json': '{"mode": "parallel"}' })
  const { digest } = await loadConfig(project)
  await rm(join(project.commonDir, 'flightrules'), { recursive: true, force: true })
  await writeFile(join(project.commonDir, 'flightrules'), 'in the way')
  expect((await loadConfig({ ...project, trustDigest: digest ?? '' })).config.mode).toBe('parallel')
})

test('a folder or a pipe with the name of a config is none', async () => {
  const project = await makeConfigProject({})
  await mkdir(join(project.main, 'flightrules.config.ts'))
  if (process.platform !== 'win32') await promisify(execFile)('mkfifo', [join(project.main, '.flightrulesrc')])
  expect((await loadConfig(project)).trust).toBe('none')
})
