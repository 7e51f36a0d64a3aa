import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { fetchRequest, forgetFetched } from '../../../src/sessions/foreign/fetch-request.ts'
import type { FlightRulesError } from '../../../src/errors.ts'
import { putOnForge } from '../../support/recording-forge.ts'
import { makeEngine } from './engine.ts'

const request = {
  title: 'Add the login',
  baseRefName: 'main',
  headRefName: 'main',
  isCrossRepository: true,
  headRepositoryOwner: { login: 'mallory' },
}

const answers: readonly [Record<string, unknown>, string][] = [
  [{ text: 'no JSON' }, 'FORGE_ANSWER'],
  [{ text: '[]' }, 'FORGE_ANSWER'],
  [{ number: '7' }, 'FORGE_ANSWER'],
  [{ body: null }, 'FORGE_ANSWER'],
  [{ baseRefName: '--upload-pack=touch canary' }, 'BASE_NOT_FOUND'],
  [{ baseRefName: 'gone\u202e' }, 'BASE_NOT_FOUND'],
  [{ baseRefName: 7 }, 'BASE_NOT_FOUND'],
  [{ headRefName: '--upload-pack=touch canary', isCrossRepository: false }, 'pr/7'],
  [{ headRefName: '-x', isCrossRepository: false }, 'pr/7'],
  [{ headRefName: 'a..b', isCrossRepository: false }, 'pr/7'],
  [{ headRefName: 'a\nb', isCrossRepository: false }, 'pr/7'],
  [{ headRefName: 'refs/heads/x.lock', isCrossRepository: false }, 'pr/7'],
  [{ headRefName: 'a'.repeat(300), isCrossRepository: false }, 'pr/7'],
  [{ headRefName: 'main', isCrossRepository: false }, 'pr/7'],
  [{ headRefName: 'fix', isCrossRepository: 'false' }, 'pr/7'],
  [{ headRefName: 'fix/login', isCrossRepository: false }, 'fix/login'],
  [{ headRefName: { x: 1 }, headRepositoryOwner: 'x', author: null, title: 9, labels: 3, reviews: [null, 4] }, 'pr/7'],
  [
    {
      title: '\u202e;rm -rf ~ $(touch canary)\n'.repeat(9000),
      url: 'javascript:alert(1)',
      headRepositoryOwner: { login: '\u001b]0;x\u0007-rf' },
      state: '\u001b[31m'.repeat(99),
    },
    'pr/7',
  ],
  [{ url: 'https://user:token@github.com/o/r/pull/7' }, 'pr/7'],
]

test('what a client says of a request is a text, a known branch, or an error that starts nothing', async () => {
  const engine = await makeEngine({ remote: true })
  const forge = await putOnForge(engine, 'gh', { reach: 'ssh' })
  const head = await forge.sendRequest({ 'a.txt': 'a\n' })
  for (const [answer, expected] of answers) {
    await forge.setRequest({ ...request, ...answer })
    const { context, set } = await engine.open()
    const said = await fetchRequest(context, set, 7, 'start').catch((error: unknown) => error as FlightRulesError)
    const is = 'code' in said ? said.code : said.branch
    expect([JSON.stringify(answer).slice(0, 80), is]).toEqual([JSON.stringify(answer).slice(0, 80), expected])
    if ('code' in said) {
      expect(said.message).not.toMatch(/\u202e/)
      continue
    }
    expect(said).toMatchObject({ oid: head, url: 'https://github.com/o/r/pull/7', base: 'main' })
    // eslint-disable-next-line no-control-regex
    expect([said.goal, said.from, JSON.stringify(said.findings)].join()).not.toMatch(/[\u0000-\u001f\u202e]|.{700}/)
    expect(await engine.git(['for-each-ref', '--format=%(refname)', 'refs/flightrules', 'refs/heads'])).toBe(
      'refs/flightrules/requests/7\nrefs/heads/main',
    )
    await forgetFetched(context, said)
  }
  expect(await engine.git(['for-each-ref', 'refs/flightrules'])).toBe('')
  expect(await readdir(engine.parent, { recursive: true })).not.toContainEqual(expect.stringMatching(/canary/))
})

test('a request that cannot be asked for, or whose commits are gone, starts nothing', async () => {
  const engine = await makeEngine({ remote: true })
  const ask = async (): Promise<unknown> => {
    const { context, set } = await engine.open()
    return fetchRequest(context, set, 7, 'start')
  }
  await expect(ask()).rejects.toMatchObject({ code: 'FORGE_UNKNOWN', kind: 'decision' })
  const forge = await putOnForge(engine, 'gh', { reach: 'ssh' })
  await forge.setRequest(request)
  await expect(ask()).rejects.toMatchObject({ code: 'REQUEST_NOT_FETCHED', kind: 'failed' })
  await forge.fail('view', { status: 4, stderr: 'To get started with GitHub CLI, please run:  gh auth login' })
  await expect(ask()).rejects.toMatchObject({ code: 'FORGE_LOGIN', hint: 'gh auth login --hostname github.com', choices: [] })
  await engine.git(['remote', 'remove', 'origin'])
  await expect(ask()).rejects.toMatchObject({ code: 'NO_REMOTE' })
})

test('what a killed fetch left locked is in nobody’s way', async () => {
  const engine = await makeEngine({ remote: true })
  const forge = await putOnForge(engine, 'gh', { reach: 'ssh' })
  const head = await forge.sendRequest({ 'a.txt': 'a\n' })
  await forge.setRequest(request)
  await engine.write(join(engine.commonDir, 'refs/flightrules/requests/7.lock'), '')
  const { context, set } = await engine.open()
  expect(await fetchRequest(context, set, 7, 'start')).toMatchObject({ oid: head })
})
