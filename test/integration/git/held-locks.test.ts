import { mkdir, readFile, rm, utimes, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { Git } from '../../../src/git/git.ts'
import { isPassing } from '../../../src/git/held-lock.ts'
import { updateRefs } from '../../../src/git/refs.ts'
import { makeRepository, type TestRepository } from '../../support/repository.ts'

const commands: readonly (readonly [string, string, (git: Git, repository: TestRepository) => Promise<unknown>])[] = [
  ['config.lock', 'the config is written', (git) => git.run(['config', 'flight.rules', 'yes'])],
  [
    'packed-refs.lock',
    'a packed ref is deleted',
    async (git, { git: raw }) =>
      updateRefs(git, [{ ref: 'refs/heads/packed', new: null, old: await raw(['rev-parse', 'refs/heads/main']) }], 'test'),
  ],
  [
    'refs/heads/new.lock',
    'a ref is made',
    async (git, { git: raw }) =>
      updateRefs(git, [{ ref: 'refs/heads/new', new: await raw(['rev-parse', 'refs/heads/main']), old: null }], 'test'),
  ],
  ['index.lock', 'the index is written', (git) => git.run(['add', '--all'])],
]

async function lock(repository: TestRepository, name: string): Promise<string> {
  const file = join(repository.path, '.git', name)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, '', { flag: 'wx' })
  return file
}

describe.concurrent('a lock of git that somebody else holds', () => {
  test.each(commands)('%s is waited for when %s, and nothing else is done meanwhile', async (name, _, change) => {
    const repository = await makeRepository()
    await repository.git(['branch', 'packed'])
    await repository.git(['pack-refs', '--all'])
    const trace = join(repository.parent, 'trace')
    const git = new Git(repository.path, { ...repository.env, GIT_TRACE: trace })
    const file = await lock(repository, name)
    const done = change(git, repository)
    // not before git has met it
    while (!/fatal|exec|built-in/.test(await readFile(trace, 'utf8').catch(() => ''))) await new Promise(setImmediate)
    setTimeout(() => void rm(file), 2_000)
    await done
    const tries = (await readFile(trace, 'utf8')).match(/trace: built-in: git (?:config|update-ref|add)/g) ?? []
    expect(tries.length).toBeGreaterThan(1)
    expect(tries.length).toBeLessThan(20)
  })

  test('that is never given back is named, with its age and what to do', async () => {
    const repository = await makeRepository()
    const file = await lock(repository, 'index.lock')
    const then = new Date(Date.now() - 3_600_000)
    await utimes(file, then, then)
    await expect(new Git(repository.path, repository.env).run(['add', '--all'])).rejects.toMatchObject({
      code: 'GIT_FAILED',
      message: expect.stringContaining(`${file} was made 60 minutes ago`),
      hint: expect.stringContaining(`rm ${file}`),
      details: { lock: { path: file, age: expect.any(Number) } },
    })
    expect(await readFile(file, 'utf8')).toBe('')
  })

  test('stops at once what may have done half of its work', async () => {
    const repository = await makeRepository()
    await lock(repository, 'index.lock')
    await repository.write('new', 'x')
    const trace = join(repository.parent, 'trace')
    const git = new Git(repository.path, { ...repository.env, GIT_TRACE: trace })
    await expect(git.run(['commit', '--all', '--message', 'x'])).rejects.toMatchObject({ details: { lock: {} } })
    expect((await readFile(trace, 'utf8')).match(/trace: built-in: git commit/g)).toHaveLength(1)
  })
})

test.each([
  ['reset', "fatal: Unable to create '/r/.git/worktrees/a/HEAD.lock': File exists.", false],
  ['reset', "fatal: Unable to create '/r/.git/worktrees/a/index.lock': File exists.", true],
  ['update-ref', "fatal: cannot lock ref 'refs/heads/a': is at 1 but expected 2", false],
  ['fetch', 'fatal: failed to read /r/.git/worktrees/a/commondir: Success', true],
  ['push', "error: Unable to create '/r/.git/packed-refs.lock': File exists.", false],
  ['constructor', "Unable to create '/r/.git/index.lock': File exists.", false],
])('%s that failed with %j is tried again: %s', (command, stderr, expected) => {
  expect(isPassing(command, stderr)).toBe(expected)
})
