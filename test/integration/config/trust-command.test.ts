import { beforeEach, expect, test } from 'vitest'
import { trustCommand } from '../../../src/commands/trust.ts'
import type { Invocation } from '../../../src/commands/command.ts'
import { invoke } from '../../support/invoke.ts'
import { type TestRepository, makeRepository } from '../../support/repository.ts'

let repository: TestRepository

beforeEach(async () => {
  repository = await makeRepository({
    files: { 'flightrules.config.json': '{"postCreateHook": "make \\u202e", "preRemoveHook": ["a", "b"]}' },
  })
})

const trust = (options: Invocation['options'], more: Partial<Invocation> = {}): ReturnType<typeof invoke> =>
  invoke(trustCommand, { cwd: repository.path, env: repository.env, options, ...more })

async function shownDigest(): Promise<string> {
  return ((await trust({ show: true })).data as { digest: string }).digest
}

test('--show prints the digest, the files and the commands, acting characters written out', async () => {
  const { data, text } = await trust({ show: true })
  expect(data).toMatchObject({
    digest: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
    trusted: false,
    files: ['flightrules.config.json'],
    commands: [{ phase: 'postCreateHook' }, { phase: 'preRemoveHook', command: 'a' }, { phase: 'preRemoveHook', command: 'b' }],
  })
  expect(text).toContain('not approved')
  expect(text).toContain('postCreateHook: make \\u202e')
  expect(text).not.toContain('\u202e')
})

test('without a terminal it asks nobody: exit 6, the digest and the command to type', async () => {
  const digest = await shownDigest()
  for (const more of [{}, { yes: true }, { json: true }]) {
    await expect(trust({}, more)).rejects.toMatchObject({
      exitStatus: 6,
      code: 'CONFIG_NOT_TRUSTED',
      message: expect.stringContaining(digest) as string,
      hint: expect.stringContaining(`flightrules trust --digest ${digest}`) as string,
    })
  }
  expect((await trust({ show: true })).data).toMatchObject({ trusted: false })
})

test('--digest approves exactly that', async () => {
  const digest = await shownDigest()
  await expect(trust({ digest: 'f'.repeat(64) })).rejects.toMatchObject({ exitStatus: 6, code: 'CONFIG_CHANGED' })
  await expect(trust({ digest: digest.slice(0, 12) })).rejects.toMatchObject({ exitStatus: 2, code: 'INVALID_DIGEST' })
  expect((await trust({ digest: digest.toUpperCase() })).data).toMatchObject({ digest, trusted: true })
  expect((await trust({})).text).toContain('Already approved')
})

test('--revoke takes it back', async () => {
  await trust({ digest: await shownDigest() })
  expect((await trust({ revoke: true })).data).toEqual({ revoked: 1 })
  expect((await trust({ show: true })).data).toMatchObject({ trusted: false })
})

test('--dry-run approves and revokes nothing', async () => {
  const digest = await shownDigest()
  expect((await trust({ digest }, { dryRun: true })).data).toMatchObject({
    plan: { steps: [{ kind: 'approve-config', digest }] },
  })
  expect((await trust({ show: true })).data).toMatchObject({ trusted: false })
  await trust({ digest })
  await trust({ revoke: true }, { dryRun: true })
  expect((await trust({ show: true })).data).toMatchObject({ trusted: true })
})

test('flags that exclude each other are refused', async () => {
  await expect(trust({ show: true, revoke: true })).rejects.toMatchObject({ exitStatus: 2 })
})

test('code that was not approved has commands nobody knows yet', async () => {
  const other = await makeRepository({ files: { 'flightrules.config.ts': `export default { postCreateHook: 'make' }` } })
  const { data, findings, text } = await invoke(trustCommand, { cwd: other.path, env: other.env, options: { show: true } })
  expect(data).toMatchObject({ commands: [] })
  expect(findings).toMatchObject([{ code: 'COMMANDS_UNKNOWN' }])
  expect(text).toContain(`postCreateHook: 'make'`)
})

test('no config: nothing to approve', async () => {
  const other = await makeRepository()
  const { data, text } = await invoke(trustCommand, { cwd: other.path, env: other.env })
  expect(data).toMatchObject({ digest: null, trusted: false, files: [], commands: [] })
  expect(text).toContain('nothing to approve')
})
