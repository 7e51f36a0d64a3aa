import { rm } from 'node:fs/promises'
import { join } from 'node:path'
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

test('what is different from what was approved last is shown, command by command and line by line', async () => {
  await repository.write('flightrules.config.json', '{\n  "mode": "ask",\n  "postCreateHook": ["one", "two"]\n}\n')
  await trust({ digest: await shownDigest() })
  await repository.write('flightrules.config.json', '{\n  "mode": "ask",\n  "postCreateHook": ["one", "2"]\n}\n')
  await repository.write('flightrules.config.local.json', '{"preRemoveHook": "three"}')
  const { data, text } = await trust({ show: true })
  expect(data).toMatchObject({
    trusted: false,
    before: { by: 'trust', commands: [{ command: 'one' }, { command: 'two' }] },
    changes: [
      {
        file: 'flightrules.config.json',
        removed: ['  "postCreateHook": ["one", "two"]'],
        added: ['  "postCreateHook": ["one", "2"]'],
      },
      { file: 'flightrules.config.local.json', removed: [], added: ['{"preRemoveHook": "three"}'] },
    ],
  })
  expect(text.replace(/[0-9a-f]{64}/g, '<hash>').replace(/\d{4}-.*? UTC/, '<time>')).toMatchInlineSnapshot(`
    "Digest  <hash> (not approved)
    Before  <hash> (approved <time>)
            - was approved   + is new

    Commands
      postCreateHook: one
    - postCreateHook: two
    + postCreateHook: 2
    + preRemoveHook: three

    flightrules.config.json <hash>
      {
        "mode": "ask",
    -   "postCreateHook": ["one", "two"]
    +   "postCreateHook": ["one", "2"]
      }

    flightrules.config.local.json (new) <hash>
    + {"preRemoveHook": "three"}"
  `)
  await trust({ digest: await shownDigest() })
  await rm(join(repository.path, 'flightrules.config.local.json'))
  expect((await trust({ show: true })).text).toMatch(
    /flightrules\.config\.local\.json \(no longer part of it\)\n- \{"preRemoveHook"/,
  )
})

test('the same lines in other bytes are said to be that', async () => {
  await repository.write('flightrules.config.json', '{"base": "main"}')
  await trust({ digest: await shownDigest() })
  await repository.write('flightrules.config.json', '{"base": "main"}\n')
  expect((await trust({ show: true })).text).toContain('the same lines in other bytes')
})

test('nobody is there to say yes to: --yes approves nothing, in a terminal either', async () => {
  await expect(trust({}, { yes: true, interactive: true })).rejects.toMatchObject({ exitStatus: 6, code: 'CONFIG_NOT_TRUSTED' })
  expect((await trust({ show: true })).data).toMatchObject({ trusted: false })
})
