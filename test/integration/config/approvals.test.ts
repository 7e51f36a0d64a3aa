import { execFile } from 'node:child_process'
import { chmod, chown, cp, mkdir, readFile, readdir, rename, rm, stat, symlink, truncate, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'
import { type Approval, addApproval, findApproval, loadApprovals, resolvedFormat } from '../../../src/config/approvals.ts'
import { defaultConfig } from '../../../src/config/defaults.ts'
import { describeTrust } from '../../../src/config/describe-trust.ts'
import { findSources, loadConfig } from '../../../src/config/load-config.ts'
import { ensureRepositoryId } from '../../../src/config/repository-id.ts'
import { loadSnapshot } from '../../../src/config/snapshot.ts'
import { approveConfig, revokeConfig } from '../../../src/config/trust.ts'
import { type ConfigProject, makeConfigProject } from '../../support/config-project.ts'
import { makeTemporaryDirectory } from '../../support/temporary-directory.ts'

const isPosix = process.platform !== 'win32'
const isRoot = process.getuid?.() === 0

const config = { 'flightrules.config.json': '{"mode": "parallel", "postCreateHook": "npm ci"}' }

const makeApproved = async (): Promise<{ project: ConfigProject; file: string; folder: string }> => {
  const project = await makeConfigProject(config)
  const { digest } = await project.approve()
  const approvals = join(project.stateDirectory, 'approvals')
  const [name = ''] = await readdir(approvals)
  return { project, folder: join(approvals, name), file: join(approvals, name, `${digest}.json`) }
}

/** What everybody sees of an approval that does not count: the state, the value of the mode, and what is said. */
const look = async (project: ConfigProject): Promise<{ trust: string; mode: string; codes: string[] }> => {
  const { trust, config: values, doubts = [] } = await loadConfig(project)
  return { trust, mode: values.mode, codes: doubts.map(({ code }) => code) }
}

const none = { trust: 'unapproved', mode: 'ask' }
const unsafe = { ...none, codes: ['APPROVALS_UNSAFE'] }

test('92: an approval is a file for this user alone, in folders for this user alone', async () => {
  const { project, file, folder } = await makeApproved()
  expect(await look(project)).toEqual({ trust: 'approved', mode: 'parallel', codes: [] })
  if (!isPosix) return
  expect((await stat(file)).mode & 0o777).toBe(0o600)
  for (const path of [folder, dirname(folder), project.stateDirectory]) expect((await stat(path)).mode & 0o777).toBe(0o700)
})

test.each(['', '{', 'null', '[]', '{"version": 1}', '{"version": 2}', '\0', 'x'.repeat(1000)])(
  '92: an approval that reads %j is none, loudly',
  async (text) => {
    const { project, file } = await makeApproved()
    await writeFile(file, text)
    expect(await look(project)).toEqual(unsafe)
    expect((await describeTrust(project))?.doubts).toMatchObject([{ code: 'APPROVALS_UNSAFE' }])
  },
)

test('92: an approval cut off at any byte is none, and nothing breaks', async () => {
  const { project, file } = await makeApproved()
  const text = await readFile(file)
  for (let length = text.length - 2; length >= 0; length -= 97) {
    await writeFile(file, text)
    await truncate(file, length)
    expect(await look(project), `${length} bytes`).toEqual(unsafe)
  }
})

test.each([
  ['digest', 'f'.repeat(64)],
  ['repository', { id: '0'.repeat(32), commonDir: '/elsewhere' }],
  ['config', { mode: 'parallel' }],
  ['config', { ...defaultConfig, postCreateHook: { function: 'touch' } }],
  ['commands', 'rm'],
  ['by', 'nobody'],
])('92: an approval with another %s is none', async (key, value) => {
  const { project, file } = await makeApproved()
  const content = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  await writeFile(file, JSON.stringify({ ...content, [key]: value }))
  expect(await look(project)).toEqual(unsafe)
})

test.skipIf(!isPosix).each([0o602, 0o620, 0o666])('92: an approval with mode %o is none, loudly', async (mode) => {
  const { project, file } = await makeApproved()
  await chmod(file, mode)
  expect(await look(project)).toEqual(unsafe)
  await chmod(file, 0o600)
  expect((await look(project)).trust).toBe('approved')
})

test.skipIf(!isPosix)(
  '92: approvals in a folder others can write to are none, whichever of the folders it is; none is added',
  async () => {
    const { project, folder } = await makeApproved()
    for (const path of [folder, dirname(folder), project.stateDirectory]) {
      await chmod(path, 0o770)
      expect(await look(project)).toEqual(unsafe)
      await expect(project.approve()).rejects.toMatchObject({ code: 'APPROVALS_UNSAFE', exitStatus: 1 })
      expect((await revokeConfig(project)).doubts).toMatchObject([{ code: 'APPROVALS_UNSAFE' }])
      await chmod(path, 0o700)
    }
    expect((await look(project)).trust).toBe('approved')
  },
)

test.skipIf(!isPosix)('92: approvals behind a symbolic link are none, loudly, whether file or folder', async () => {
  const { project, file, folder } = await makeApproved()
  for (const path of [file, folder, dirname(folder), project.stateDirectory]) {
    await rename(path, `${path}.real`)
    await symlink(`${path}.real`, path)
    expect(await look(project), path).toEqual(unsafe)
    await rm(path)
    await rename(`${path}.real`, path)
  }
  expect((await look(project)).trust).toBe('approved')
})

test.skipIf(!isPosix)('92: the state directory itself may be reached through a link of the person', async () => {
  const { project } = await makeApproved()
  const home = await makeTemporaryDirectory('home')
  await symlink(dirname(project.stateDirectory), join(home, 'state'))
  const through = { ...project, stateDirectory: join(home, 'state', 'flightrules') }
  expect((await loadConfig(through)).trust).toBe('approved')
})

test.skipIf(!isPosix || !isRoot)('92: approvals of another user are none, loudly (needs to run as root)', async () => {
  const { project, file, folder } = await makeApproved()
  for (const path of [file, folder, project.stateDirectory]) {
    await chown(path, 12_345, 12_345)
    expect(await look(project), path).toEqual(unsafe)
    await chown(path, 0, 0)
  }
})

test.skipIf(!isPosix)('92: a folder or a pipe where an approval should be stops nobody', async () => {
  const { project, file } = await makeApproved()
  await rm(file)
  await mkdir(file)
  expect(await look(project)).toEqual(unsafe)
  await rm(file, { recursive: true })
  await promisify(execFile)('mkfifo', ['-m', '600', file])
  expect(await look(project)).toEqual(unsafe)
})

test('without HOME and XDG_STATE_HOME nothing is approved, that is said, and nothing can be', async () => {
  const { project } = await makeApproved()
  const homeless = { ...project, stateDirectory: undefined }
  const { trust, config: values, doubts } = await loadConfig(homeless)
  expect([trust, values.mode]).toEqual(['unapproved', 'ask'])
  expect(doubts).toMatchObject([{ code: 'NO_STATE_DIRECTORY' }])
  await expect(approveConfig({ ...homeless, by: 'trust' })).rejects.toMatchObject({ code: 'NO_STATE_DIRECTORY' })
})

test('approvals of an earlier version inside the repository are not taken over; approving again puts them away', async () => {
  const project = await makeConfigProject(config)
  const { digest } = await loadConfig(project)
  await project.write({
    '.git/flightrules/trust.json': JSON.stringify({
      version: 1,
      approvals: [{ digest, at: '2026-01-01T00:00:00Z', by: 'trust' }],
    }),
  })
  expect(await look(project)).toEqual({ ...none, codes: ['APPROVE_AGAIN'] })
  await project.approve()
  await project.write({ 'flightrules.config.json': '{"mode": "standard"}' })
  expect(await look(project)).toEqual({ trust: 'unapproved', mode: 'parallel', codes: [] })
})

test('87: the same config in another repository asks again, also with the state of the first copied over', async () => {
  const { project } = await makeApproved()
  const other = await makeConfigProject(config)
  expect((await loadConfig({ ...other, stateDirectory: project.stateDirectory })).trust).toBe('unapproved')
  await cp(join(project.commonDir, 'flightrules'), join(other.commonDir, 'flightrules'), { recursive: true })
  expect((await loadConfig({ ...other, stateDirectory: project.stateDirectory })).trust).toBe('unapproved')
})

test('87: a clone made anew at the same path asks again', async () => {
  const { project } = await makeApproved()
  await rm(project.commonDir, { recursive: true })
  await mkdir(project.commonDir)
  expect(await look(project)).toEqual({ ...none, codes: [] })
  await project.approve()
  expect((await look(project)).trust).toBe('approved')
})

test('87: a repository that was moved asks again', async () => {
  const { project } = await makeApproved()
  const moved = await makeTemporaryDirectory('moved')
  const main = join(moved, 'project')
  const stateDirectory = join(moved, 'state')
  await cp(project.stateDirectory, stateDirectory, { recursive: true, mode: 0 })
  await rename(project.main, main)
  expect((await loadConfig({ main, commonDir: join(main, '.git'), stateDirectory })).trust).toBe('unapproved')
})

test.skipIf(!isPosix)('87: another name for the same place is the same copy of the repository', async () => {
  const { project } = await makeApproved()
  const link = join(await makeTemporaryDirectory('link'), 'here')
  await symlink(project.main, link)
  expect((await loadConfig({ ...project, main: link, commonDir: join(link, '.git') })).trust).toBe('approved')
})

test.each(['', 'short\n', `${'0'.repeat(32)}`, `${'0'.repeat(32)}\nmore`, 'Z'.repeat(32)])(
  'an id that reads %j is none: nothing is approved, and approving makes another',
  async (text) => {
    const { project } = await makeApproved()
    await writeFile(join(project.commonDir, 'flightrules', 'id'), text)
    expect((await look(project)).trust).toBe('unapproved')
    await project.approve()
    expect((await look(project)).trust).toBe('approved')
  },
)

const approvalOf = (number: number): Approval => ({
  digest: number.toString(16).padStart(64, '0'),
  at: new Date(1_700_000_000_000 + number).toISOString(),
  by: 'trust',
  files: [],
  commands: [],
  format: resolvedFormat,
  config: defaultConfig,
  origins: {},
})

test('93: of twenty approvals at once, the first ones in this repository, none is lost', async () => {
  const project = await makeConfigProject({})
  const many = Array.from({ length: 20 }, (_, number) => approvalOf(number))
  await Promise.all(many.map((approval) => addApproval(project, approval)))
  const { found, doubts } = await loadApprovals(project)
  expect([found.map(({ digest }) => digest), doubts]).toEqual([many.map(({ digest }) => digest), []])
})

test('93: everybody who makes the id of a repository at once gets the same', async () => {
  const project = await makeConfigProject({})
  const ids = await Promise.all(Array.from({ length: 20 }, () => ensureRepositoryId(project.commonDir)))
  expect(new Set(ids).size).toBe(1)
  expect(await readdir(join(project.commonDir, 'flightrules'))).toEqual(['id'])
})

test('the oldest approvals go when there are very many, never the newest', async () => {
  const project = await makeConfigProject({})
  for (let number = 0; number < 103; number += 1) await addApproval(project, approvalOf(number))
  const { found } = await loadApprovals(project)
  expect([found.length, found[0]?.digest, found.at(-1)?.digest]).toEqual([100, approvalOf(3).digest, approvalOf(102).digest])
})

test('a forged snapshot cannot change what was approved, nor approve anything', async () => {
  const { project } = await makeApproved()
  const file = join(project.commonDir, 'flightrules', 'config.json')
  const snapshot = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  const evil = { config: { ...defaultConfig, postCreateHook: ['touch evil'] }, origins: {} }
  await writeFile(file, JSON.stringify({ ...snapshot, ...evil }))
  expect(await loadSnapshot(project)).toMatchObject({ trust: 'approved', config: { postCreateHook: ['npm ci'] } })
  // the right digest for other bytes
  await project.write({ 'flightrules.config.json': '{"postCreateHook": "touch evil"}' })
  await writeFile(file, JSON.stringify({ ...snapshot, ...evil, files: [] }))
  expect(await loadSnapshot(project)).toBeUndefined()
  expect(await loadConfig(project)).toMatchObject({ trust: 'unapproved', config: { postCreateHook: ['npm ci'] } })
  // the right digest with the hashes of other bytes
  const now = (await findSources(project.main))?.files.map(({ path, sha256 }) => ({ path, sha256 }))
  await writeFile(file, JSON.stringify({ ...snapshot, ...evil, files: now }))
  expect(await loadSnapshot(project)).toBeUndefined()
  // nor with a digest given for this command
  const { digest } = await loadConfig(project)
  await writeFile(file, JSON.stringify({ ...snapshot, ...evil, digest }))
  expect(await loadConfig({ ...project, trustDigest: digest ?? '' })).toMatchObject({
    trust: 'approved',
    config: { postCreateHook: ['touch evil'], mode: 'ask' },
  })
})

test('a forged snapshot cannot leave out the overrides', async () => {
  const { project } = await makeApproved()
  await project.write({ 'flightrules.config.local.json': '{"postCreateHook": "touch evil"}' })
  expect(await loadSnapshot(project)).toBeUndefined()
  expect((await loadConfig(project)).trust).toBe('unapproved')
})

test('values are those of the moment of approval, whatever they would be now', async () => {
  const project = await makeConfigProject({
    'flightrules.config.mjs': `import { readFileSync } from 'node:fs'
      export default { postCreateHook: readFileSync(new URL('./command.txt', import.meta.url), 'utf8') }`,
    'command.txt': 'npm ci',
  })
  await project.approve()
  await project.write({ 'command.txt': 'touch evil' })
  await rm(join(project.commonDir, 'flightrules', 'config.json'))
  expect(await loadConfig(project)).toMatchObject({ trust: 'approved', config: { postCreateHook: ['npm ci'] } })
})

test('approved bytes that a newer version makes other commands of are asked about again; the same commands go on', async () => {
  const { project, file } = await makeApproved()
  const content = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  await writeFile(file, JSON.stringify({ ...content, format: 0, config: { old: true } }))
  expect(await loadConfig(project)).toMatchObject({ trust: 'approved', config: { mode: 'parallel', postCreateHook: ['npm ci'] } })
  expect((await findApproval(project, String(content['digest']))).found?.format).toBe(resolvedFormat)
  await writeFile(
    file,
    JSON.stringify({ ...content, format: 0, commands: [{ phase: 'postCreateHook', command: 'npm install' }] }),
  )
  expect(await look(project)).toEqual({ ...none, codes: ['COMMANDS_CHANGED'] })
  expect((await describeTrust(project))?.trusted).toBe(false)
})

test('what applied last is what was loaded last, not what was approved last', async () => {
  const project = await makeConfigProject({ 'flightrules.config.json': '{"mode": "parallel"}' })
  await project.approve()
  await project.write({ 'flightrules.config.json': '{"mode": "standard"}' })
  await project.approve()
  await project.write({ 'flightrules.config.json': '{"mode": "parallel"}' })
  await loadConfig(project)
  await project.write({ 'flightrules.config.json': '{"mode": "ask"}' })
  expect((await loadConfig(project)).config.mode).toBe('parallel')
  expect((await describeTrust(project))?.before?.files).toMatchObject([{ text: '{"mode": "parallel"}' }])
})
