import { chmod, mkdir, readFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { findForge } from '../../../src/integrate/forge/open-forge.ts'
import type { Forge } from '../../../src/integrate/forge/forge.ts'
import { parseRemoteUrl } from '../../../src/integrate/remote-url.ts'
import { makeRepository, type TestRepository } from '../../support/repository.ts'

let repository: TestRepository
let bodyFile: string

beforeEach(async () => {
  repository = await makeRepository()
  bodyFile = join(repository.parent, 'body.md')
  await repository.write(bodyFile, 'The text\nof two lines\n')
})

/** A client that writes down how it was called and answers `mr list` and `mr create` as told. */
async function open(answers: { list?: string; create?: string; fail?: string }): Promise<Forge> {
  const bin = join(repository.parent, 'bin')
  await mkdir(bin, { recursive: true })
  const script = `#!${process.execPath}
const args = process.argv.slice(2)
require('node:fs').appendFileSync(${JSON.stringify(join(repository.parent, 'calls'))}, JSON.stringify(args) + '\\n')
const answers = ${JSON.stringify(answers)}
if (answers.fail !== undefined && args[1] === 'create') { process.stderr.write(answers.fail); process.exit(1) }
process.stdout.write((args[1] === 'list' ? answers.list : answers.create) ?? '')
`
  // a script outside any package is CommonJS
  await repository.write(join(bin, 'glab'), script)
  await chmod(join(bin, 'glab'), 0o755)
  const target = parseRemoteUrl('git@gitlab.example.com:group/sub/project.git')
  if (target === null) throw new Error('unreadable')
  const env = { ...repository.env, PATH: `${bin}${delimiter}${repository.env['PATH'] ?? ''}` }
  const forge = await findForge('gitlab', { cwd: repository.path, env, repository: target })
  if (forge === undefined) throw new Error('no client')
  return forge
}

async function calls(): Promise<string[][]> {
  const text = await readFile(join(repository.parent, 'calls'), 'utf8')
  return text
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as string[])
}

const request = { base: 'main', head: 'session/auth', title: '-t $(touch x)', draft: true, labels: ['a b'], reviewers: ['ann'] }
const url = 'https://gitlab.example.com/group/sub/project/-/merge_requests/12'

it('a merge request is opened with everything said explicitly', async () => {
  const forge = await open({ list: '[]', create: `\n!12 title (session/auth)\n ${url}\n` })
  expect(await forge.findOpenRequest(request)).toBeUndefined()
  expect(await forge.createRequest({ ...request, bodyFile })).toEqual({ number: 12, url })
  expect((await calls())[1]).toEqual([
    'mr',
    'create',
    '--repo',
    'https://gitlab.example.com/group/sub/project',
    '--target-branch=main',
    '--source-branch=session/auth',
    '--title=-t $(touch x)',
    '--description=The text\nof two lines\n',
    '--yes',
    '--draft',
    '--label=a b',
    '--reviewer=ann',
  ])
})

it('an open merge request is reused', async () => {
  const list = JSON.stringify([{ iid: 12, web_url: url, source_branch: 'session/auth', target_branch: 'main' }])
  const forge = await open({ list, fail: 'Another open merge request already exists for this source branch: !12' })
  expect(await forge.findOpenRequest(request)).toEqual({ number: 12, url })
  expect(await forge.createRequest({ ...request, bodyFile })).toEqual({ number: 12, url })
})

it('a failure is quoted, a missing login is named', async () => {
  const failing = await open({ list: '[]', fail: 'reviewer not found' })
  await expect(failing.createRequest({ ...request, bodyFile })).rejects.toMatchObject({
    code: 'FORGE_FAILED',
    message: expect.stringContaining('reviewer not found') as string,
  })
  const loggedOut = await open({ list: '[]', fail: 'To authenticate, please run `glab auth login`.' })
  await expect(loggedOut.createRequest({ ...request, bodyFile })).rejects.toMatchObject({
    code: 'FORGE_LOGIN',
    hint: 'glab auth login --hostname gitlab.example.com',
  })
})
