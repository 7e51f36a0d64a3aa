import { execFileSync } from 'node:child_process'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { openGh } from '../../../src/integrate/forge/gh.ts'
import type { Forge } from '../../../src/integrate/forge/forge.ts'
import { parseRemoteUrl } from '../../../src/integrate/remote-url.ts'
import { makeRepository, type TestRepository } from '../../support/repository.ts'
import { type GithubServer, startGithubServer } from './github-server.ts'

const hasGh = ((): boolean => {
  try {
    execFileSync('gh', ['--version'], { stdio: 'ignore' })
    return process.platform !== 'win32'
  } catch {
    return false
  }
})()

let repository: TestRepository
let server: GithubServer
let bodyFile: string

beforeEach(async () => {
  repository = await makeRepository()
  server = await startGithubServer(repository.parent)
  bodyFile = `${repository.parent}/body with space.md`
  await repository.write(bodyFile, 'The text\nof two lines @nobody\n')
})

afterEach(() => server.close())

function open(env: Readonly<Record<string, string>> = { GH_TOKEN: 'token' }, fork?: string): Forge {
  const target = parseRemoteUrl('git@github.com:acme/project.git')
  if (target === null) throw new Error('unreadable')
  return openGh({
    cwd: repository.path,
    env: { ...repository.env, GH_CONFIG_DIR: server.configDirectory, ...env },
    repository: target,
    headRepository: fork === undefined ? undefined : (parseRemoteUrl(fork) ?? undefined),
  })
}

const request = {
  base: 'main',
  head: 'session/auth',
  title: '--repo=evil $(touch x)',
  draft: true,
  labels: ['bug'],
  reviewers: ['ann'],
}

describe.skipIf(!hasGh)('the real gh', () => {
  it('opens a pull request with explicit base, head, title and text', async () => {
    const forge = open()
    expect(await forge.isInstalled()).toBe(true)
    expect(await forge.findOpenRequest(request)).toBeUndefined()
    const created = await forge.createRequest({ ...request, bodyFile })
    expect(created).toEqual({ number: 7, url: 'https://github.com/acme/project/pull/7' })
    expect(server.created[0]).toMatchObject({
      baseRefName: 'main',
      headRefName: 'session/auth',
      title: '--repo=evil $(touch x)',
      body: 'The text\nof two lines @nobody\n',
      draft: true,
    })
    expect(JSON.stringify(server.created)).toMatch(/"labelIds":\["L1"\].*"userIds":\["U1"\]/)
  })

  it('names the fork the branch was pushed to', async () => {
    await open(undefined, 'https://github.com/zoe/project').createRequest({ ...request, labels: [], reviewers: [], bodyFile })
    expect(server.created[0]).toMatchObject({ headRefName: 'zoe:session/auth' })
  })

  it('gives the request that is open already instead of a second one', async () => {
    const url = 'https://github.com/acme/project/pull/3'
    server.open.push({
      number: 2,
      url: 'https://github.com/acme/project/pull/2',
      headRefName: 'session/auth',
      headRepositoryOwner: { id: 'O2', login: 'stranger' },
    })
    server.open.push({ number: 3, url, headRefName: 'session/auth', headRepositoryOwner: { id: 'O1', login: 'Acme' } })
    expect(await open().findOpenRequest(request)).toEqual({ number: 3, url })
    expect(await open().createRequest({ ...request, bodyFile })).toEqual({ number: 3, url })
    expect(server.created).toEqual([])
  })

  it('tells of a request and an issue, and changes a request', async () => {
    const forge = open()
    expect(await forge.readRequest(7)).toEqual({
      number: 7,
      url: 'https://github.com/acme/project/pull/7',
      title: 'Add the login',
      body: 'by hand\r\n',
      state: 'open',
      draft: true,
      labels: ['needs review'],
      reviewers: ['bob', 'acme/team', 'eve'],
      base: 'main',
      head: 'auth',
      isFork: true,
      from: 'zoe',
    })
    expect(await forge.readIssue(5)).toEqual({
      number: 5,
      url: 'https://github.com/acme/project/issues/5',
      title: 'Fix',
      isOpen: false,
    })
    await forge.changeRequest(7, { title: '--title', bodyFile })
    expect(JSON.stringify(server.created)).toContain('"title":"--title"')
    expect(JSON.stringify(server.created)).toContain('The text\\nof two lines @nobody')
    await expect(forge.readRequest(8)).rejects.toMatchObject({ code: 'FORGE_ANSWER' })
  })

  it('lists what was merged, of one branch or of all, with the commit it was at and whose it was', async () => {
    const forge = open()
    const tips = ['1', '2', '3'].map((digit) => digit.repeat(40))
    const pull = (number: number, headRefName: string, owner: object | null) => ({
      number,
      url: `https://github.com/acme/project/pull/${number}`,
      state: 'MERGED',
      headRefName,
      headRefOid: tips[number - 1],
      baseRefName: 'main',
      headRepositoryOwner: owner,
    })
    const acme = { id: 'O1', login: 'acme' }
    server.merged.push(
      pull(1, 'session/auth', acme),
      pull(2, 'session/api', { id: 'U2', login: 'zoe' }),
      pull(3, 'session/auth', null),
    )
    const told = (number: number, head: string, owner: string | null) => ({
      number,
      url: `https://github.com/acme/project/pull/${number}`,
      tip: tips[number - 1],
      head,
      base: 'main',
      owner,
    })
    const [one, two, three] = [told(1, 'session/auth', 'acme'), told(2, 'session/api', 'zoe'), told(3, 'session/auth', null)]
    expect(await forge.listMergedRequests(null)).toEqual([one, two, three])
    expect(await forge.listMergedRequests('session/auth')).toEqual([one, three])
    expect(server.asked).toMatchObject([
      { owner: 'acme', repo: 'project', limit: 100, state: ['MERGED'] },
      { owner: 'acme', repo: 'project', limit: 100, state: ['MERGED'], headBranch: 'session/auth' },
    ])
    expect(server.asked[0]).not.toHaveProperty('headBranch')
  })

  it('that is not logged in says how to log in', async () => {
    const failure = { kind: 'failed', code: 'FORGE_LOGIN', hint: 'gh auth login --hostname github.com' }
    await expect(open({}).findOpenRequest(request)).rejects.toMatchObject(failure)
    await expect(open({}).createRequest({ ...request, bodyFile })).rejects.toMatchObject(failure)
  })

  it('whose token is refused says how to log in', async () => {
    server.refuse = { status: 401, body: { message: 'Bad credentials' } }
    await expect(open().findOpenRequest(request)).rejects.toMatchObject({ code: 'FORGE_LOGIN' })
  })

  it('that fails otherwise is quoted', async () => {
    server.refuse = { body: { errors: [{ message: 'No commits between main and session/auth' }] } }
    await expect(open().createRequest({ ...request, bodyFile })).rejects.toMatchObject({
      kind: 'failed',
      code: 'FORGE_FAILED',
      message: expect.stringContaining('No commits between main and session/auth') as string,
    })
  })
})

it('without gh the decision is the person’s', async () => {
  const forge = open({ PATH: repository.parent })
  expect(await forge.isInstalled()).toBe(false)
  await expect(forge.findOpenRequest(request)).rejects.toMatchObject({
    kind: 'decision',
    code: 'FORGE_CLI_MISSING',
    choices: [{ flag: '--push-only' }, { flag: '--strategy keep' }],
  })
})
