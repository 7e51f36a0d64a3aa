import { expect, test } from 'vitest'
import { makeRepository } from '../../support/repository.ts'
import { runCli, runJson } from '../../support/run-cli.ts'
import { fingerprint } from './set-up.ts'

const files = { 'package.json': '{ "scripts": { "dev": "vite" } }\n' }

test('--dry-run shows every file and line and changes nothing', async () => {
  const repo = await makeRepository({ files })
  const before = await fingerprint(repo)
  const { status, stdout } = await runCli(['init', '--dry-run'], { cwd: repo.path, env: repo.env })
  expect(status).toBe(0)
  expect(stdout).toContain('create  flightrules.config.mjs')
  expect(stdout).toContain("+   extends: ['npm'],")
  expect(stdout).toContain('"prepare": "flightrules hook install || exit 0"')
  expect(stdout).toContain("husky's own installer")
  expect(await fingerprint(repo)).toEqual(before)
  const { json } = await runJson(['init', '--dry-run'], { cwd: repo.path, env: repo.env })
  expect(json.data).toMatchObject({
    plan: {
      version: 1,
      command: 'init',
      steps: expect.arrayContaining([expect.objectContaining({ kind: 'create', path: '.husky/pre-push' })]),
    },
  })
})

test('init, init, init --remove', async () => {
  const repo = await makeRepository({ files })
  const at = { cwd: repo.path, env: repo.env }
  const before = await fingerprint(repo)
  const first = await runCli(['init'], at)
  expect(first.stdout).toContain('created  flightrules.config.mjs')
  expect(first.stdout).toContain('flightrules start <name>')
  expect((await runCli(['init'], at)).stdout).toContain('nothing was changed')
  const { status, json } = await runJson(['init'], at)
  expect([status, json.data]).toEqual([
    0,
    {
      created: [],
      changed: [],
      kept: expect.any(Array),
      presets: ['npm'],
      hooks: 'husky',
      agents: [],
      imported: [],
      approved: null,
    },
  ])
  const removed = await runJson(['init', '--remove'], at)
  expect(removed.json.data).toMatchObject({
    removed: expect.arrayContaining(['flightrules.config.mjs']),
    changed: expect.arrayContaining(['package.json']),
    kept: [],
  })
  expect(await fingerprint(repo)).toEqual(before)
})

test.each([
  [['init', '--preset', 'npn'], /npm/],
  [['init', '--hooks', 'hsky'], /husky/],
  [['init', '--remove', '--hooks', 'husky'], /init --remove/],
])('%o is refused before anything is touched', async (args, words) => {
  const repo = await makeRepository({ files })
  const before = await fingerprint(repo)
  const { status, stderr } = await runCli(args, { cwd: repo.path, env: repo.env })
  expect(status).toBe(2)
  expect(stderr).toMatch(words)
  expect(await fingerprint(repo)).toEqual(before)
})

test('presets and hooks can be chosen', async () => {
  const repo = await makeRepository({ files })
  const { json } = await runJson(['init', '--preset', 'go', '--preset', 'compose', '--hooks', 'none'], {
    cwd: repo.path,
    env: repo.env,
  })
  expect(json.data).toMatchObject({
    presets: ['go', 'compose'],
    hooks: 'none',
    created: ['flightrules.config.mjs', '.git/flightrules/bin'],
  })
})

test('a config that came with the repository, one that changed, and an approval that was taken back: init approves none of them', async () => {
  const repo = await makeRepository({ files: { 'flightrules.config.json': '{ "extends": ["go"] }\n' } })
  const at = { cwd: repo.path, env: repo.env }
  const init = async (): Promise<unknown> => {
    const { json } = await runJson(['init', '--hooks', 'native', '--yes'], at)
    const { digest, trusted } = (await runJson(['trust', '--show'], at)).json.data
    return {
      approved: json.data['approved'],
      presets: json.data['presets'],
      codes: json.findings.map(({ code }) => code),
      trusted,
      digest: typeof digest,
    }
  }
  const refused = { approved: null, presets: [], codes: ['CONFIG_NOT_TRUSTED'], trusted: false, digest: 'string' }
  expect(await init()).toEqual(refused)
  const { digest } = (await runJson(['trust', '--show'], at)).json.data
  await runCli(['trust', '--digest', String(digest)], at)
  expect(await init()).toEqual({ approved: null, presets: ['go'], codes: [], trusted: true, digest: 'string' })
  await runCli(['trust', '--revoke'], at)
  expect(await init()).toEqual(refused)
  await repo.write('flightrules.config.json', '{ "postCreateHook": "true" }\n')
  expect(await init()).toEqual(refused)
  await runCli(['init', '--remove'], at)
  expect(await init()).toEqual(refused)
})
