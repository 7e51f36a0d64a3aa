import { readFile, readdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { type GitCounter, makeGitCounter } from '../support/count-git.ts'
import { packedPackage } from '../support/packed-package.ts'
import { makeRepository, type TestRepository } from '../support/repository.ts'
import { runCli } from '../support/run-cli.ts'

/** Speed is not measured here, where other things run: what costs the time is counted. `npm run bench` measures. */

interface Loaded {
  readonly file: string
  readonly text: string
}

/** What node reads before the first line of `file` runs: it, and what it requires outside any function. */
async function readAtOnce(file: string, seen = new Set<string>()): Promise<Loaded[]> {
  if (seen.has(file)) return []
  seen.add(file)
  const text = await readFile(file, 'utf8')
  const required = requiredIn(text, /(?<!=>\s*(?:\/\*[^*]*\*\/\s*)?(?:[\w.$]+\()*)\brequire\(["'`](\.[^"'`]+)["'`]\)/g).map(
    (specifier) => join(dirname(file), specifier),
  )
  const rest: Loaded[] = []
  for (const one of required) rest.push(...(await readAtOnce(one, seen)))
  return [{ file, text }, ...rest]
}

function requiredIn(text: string, pattern: RegExp): string[] {
  return [...text.matchAll(pattern)].map(([, specifier = '']) => specifier)
}

/** The files a program loads later, when it needs them. */
async function listLater(file: string): Promise<string[]> {
  return requiredIn(
    await readFile(file, 'utf8'),
    /=>\s*(?:\/\*[^*]*\*\/\s*)?(?:[\w.$]+\()*require\(["'`](\.[^"'`]+)["'`]\)/g,
  ).map((specifier) => join(dirname(file), specifier))
}

/** After a checkout there is mostly nothing to do; what makes a session of a worktree is loaded where there is one to make. */
const limitOf = (hook: string): number =>
  hook.includes('post-checkout') ? 45_000 : hook.includes('follow-checkout') ? 255_000 : 180_000

const bytesOf = (loaded: readonly Loaded[]): number => loaded.reduce((sum, { text }) => sum + text.length, 0)

async function findMain(): Promise<string> {
  const later = await listLater(join(packedPackage(), 'dist', 'cli.cjs'))
  return later.find((file) => /[\\/]main-[\w-]{8}\.cjs$/.test(file)) ?? ''
}

/** A word that only the library's own code has. */
const libraries: Readonly<Record<string, RegExp>> = {
  zod: /_zod\b/,
  execa: /verboseObject|ExecaError/,
  'simple-git': /GitResponseError|completionDetectionPlugin|simpleGit\s*=/,
  commander: /CommanderError/,
  'fast-glob': /micromatch|picomatch|convertPathToPattern/,
  cosmiconfig: /getExtensionDescription/,
  '@clack/prompts': /clack/,
  '@modelcontextprotocol/sdk': /StdioServerTransport|notifications\/initialized/,
}

describe('what git’s hooks load', () => {
  const entry = join(packedPackage(), 'dist', 'hook.cjs')

  it('before it is known which hook it is, is next to nothing', async () => {
    const loaded = await readAtOnce(entry)
    expect([loaded.length <= 2, bytesOf(loaded) < 5_000]).toEqual([true, true])
  })

  it('for each hook is few files, of limited size, without a heavy library', async () => {
    const hooks = await listLater(entry)
    expect(hooks).toHaveLength(3)
    const checkout = hooks.find((hook) => hook.includes('post-checkout')) ?? ''
    for (const hook of [...hooks, ...(await listLater(checkout))]) {
      const loaded = await readAtOnce(hook)
      expect([
        hook,
        loaded.length <= (hook.includes('follow-checkout') ? 9 : 8),
        bytesOf(loaded) < limitOf(hook),
        bytesOf(loaded),
      ]).toEqual([hook, true, true, expect.any(Number)])
      for (const [library, mark] of Object.entries(libraries)) {
        expect([hook, library, loaded.filter(({ text }) => mark.test(text)).map(({ file }) => file)]).toEqual([hook, library, []])
      }
    }
  })

  it('and the command line before it knows the command, is the command line and nothing of the engine', async () => {
    const loaded = await readAtOnce(await findMain())
    const names = loaded.map(({ file }) => file.replace(/^.*[\\/](.*)-[\w-]{8}\.cjs$/, '$1'))
    expect(names.toSorted()).toEqual(['base', 'escape-text', 'main', 'rolldown-runtime', 'screen', 'terms'])
    expect([bytesOf(loaded) < 210_000, bytesOf(loaded)]).toEqual([true, expect.any(Number)])
  })

  it('nor is there the protocol of mcp, but where it is spoken', async () => {
    const main = await findMain()
    const withProtocol: string[] = []
    for (const file of [main, ...(await listLater(main))]) {
      const loaded = await readAtOnce(file)
      if (loaded.some(({ text }) => libraries['@modelcontextprotocol/sdk']?.test(text)))
        withProtocol.push(file.replace(/-[\w-]{8}\.cjs$/, ''))
    }
    expect(withProtocol.map((file) => file.replace(/^.*[\\/]/, ''))).toEqual(['serve'])
  })

  it('is not without marks by accident: each library is found where it is used', async () => {
    const chunks = join(packedPackage(), 'dist', 'chunks')
    const texts = await Promise.all((await readdir(chunks)).map((name) => readFile(join(chunks, name), 'utf8')))
    for (const [library, mark] of Object.entries(libraries))
      expect([library, texts.some((text) => mark.test(text))]).toEqual([library, true])
  })
})

describe('what the agents’ hooks load', () => {
  const chunks = join(packedPackage(), 'dist')

  /** The program's file for a module of ours, among those another one loads later. */
  async function find(from: string, module: string): Promise<string> {
    const file = (await listLater(from)).find((later) => later.replace(/^.*[\\/]/, '').replace(/-[\w-]{8}\.cjs$/, '') === module)
    if (file === undefined) throw new Error(`${from} loads no ${module}`)
    return file
  }

  it('where there is nothing to say is few files, of limited size, without a heavy library', async () => {
    const cli = join(chunks, 'cli.cjs')
    const agent = await find(cli, 'agent')
    const ways = [[agent], [await find(agent, 'guard-edit')], [await find(agent, 'guard-shell')]]
    for (const way of ways) {
      const seen = new Set<string>()
      const loaded: Loaded[] = []
      for (const file of [cli, agent, ...way]) loaded.push(...(await readAtOnce(file, seen)))
      expect([way.at(-1), loaded.length <= 12, bytesOf(loaded) < 110_000, bytesOf(loaded)]).toEqual([
        way.at(-1),
        true,
        true,
        expect.any(Number),
      ])
      for (const [library, mark] of Object.entries(libraries))
        expect([way.at(-1), library, loaded.filter(({ text }) => mark.test(text)).map(({ file }) => file)]).toEqual([
          way.at(-1),
          library,
          [],
        ])
    }
  })
})

describe('what a status line loads', () => {
  it('is few files, of limited size, and nothing of the command line', async () => {
    const cli = join(packedPackage(), 'dist', 'cli.cjs')
    const line = (await listLater(cli)).find((file) => /[\\/]statusline-[\w-]{8}\.cjs$/.test(file)) ?? ''
    const seen = new Set<string>()
    const loaded = [...(await readAtOnce(cli, seen)), ...(await readAtOnce(line, seen))]
    expect([loaded.length <= 12, bytesOf(loaded) < 110_000, bytesOf(loaded)]).toEqual([true, true, expect.any(Number)])
    for (const [library, mark] of Object.entries(libraries))
      expect([library, loaded.filter(({ text }) => mark.test(text)).map(({ file }) => file)]).toEqual([library, []])
  })
})

/** A repository with so many sessions, each with a commit of its own, everything asked once before. */
async function makeSessions(count: number): Promise<TestRepository & { session(index: number): string }> {
  const repository = await makeRepository()
  const session = (index: number): string => join(repository.parent, 'project-sessions', `s${index}`)
  for (let index = 0; index < count; index += 1)
    await repository.git(['worktree', 'add', '--quiet', '-b', `session/s${index}`, session(index)])
  await runCli(['status'], { cwd: repository.path, env: repository.env })
  for (let index = 0; index < count; index += 1)
    await repository.commit(`work ${index}`, { [`f${index}`]: 'x\n' }, session(index))
  await repository.commit('the base went on')
  await runCli(['status'], { cwd: repository.path, env: repository.env })
  return { ...repository, session }
}

/** A counting git whose version is known, as that of any git is after the first command. */
async function countGit({ path, env }: TestRepository): Promise<GitCounter> {
  const counter = await makeGitCounter(env)
  await runCli(['status'], { cwd: path, env: counter.env })
  expect(countEach(await counter.take())['version']).toBe(1)
  return counter
}

const countEach = (calls: readonly string[]): Record<string, number> => {
  const counts: Record<string, number> = {}
  for (const call of calls) counts[call] = (counts[call] ?? 0) + 1
  return counts
}

describe.skipIf(process.platform === 'win32').concurrent('git processes', () => {
  it('of status are one list, one look at the refs, and one status for each worktree', async () => {
    const repository = await makeSessions(10)
    const { env, take } = await countGit(repository)
    expect((await runCli(['status', '--json'], { cwd: repository.path, env })).status).toBe(0)
    expect(countEach(await take())).toEqual({ worktree: 1, 'for-each-ref': 1, status: 11 })
  })

  it('of a status line are a status, a look at the refs and a count, and in the main worktree none', async () => {
    const repository = await makeSessions(3)
    const { env, take } = await countGit(repository)
    expect((await runCli(['statusline'], { cwd: repository.session(0), env })).stdout).toMatch(/^s0 · 1 ahead, 1 behind main/)
    expect(countEach(await take())).toEqual({ status: 1, 'for-each-ref': 1, 'rev-list': 1 })
    expect((await runCli(['statusline'], { cwd: repository.path, env })).stdout).toMatch(/^3 sessions: /)
    expect(await take()).toEqual([])
  })

  it('of a start are no more than these', async () => {
    const repository = await makeSessions(2)
    const { env, take } = await countGit(repository)
    expect((await runCli(['start', 'new', '--json'], { cwd: repository.path, env })).status).toBe(0)
    const calls = countEach(await take())
    expect(calls['worktree']).toBeLessThanOrEqual(5)
    // one of them is for what is said of the other sessions
    expect(Object.values(calls).reduce((sum, count) => sum + count)).toBeLessThanOrEqual(14)
  })

  it('of each hook are few, and none where nothing changed', async () => {
    const repository = await makeSessions(3)
    const { env, take } = await countGit(repository)
    const head = await repository.git(['rev-parse', 'HEAD'], repository.session(0))
    const hook = async (cwd: string, args: readonly string[], input = ''): Promise<number> => {
      const { status, stderr } = await runCli(['hook', ...args], { cwd, env, input })
      expect([args, status, stderr]).toEqual([args, 0, expect.not.stringContaining('Error')])
      return (await take()).length
    }
    const none = '0'.repeat(40)
    expect(await hook(repository.session(0), ['post-checkout', head, head, '1'])).toBe(0)
    expect(await hook(repository.session(0), ['pre-push', 'origin', 'url'], `(delete) ${none} refs/heads/x ${head}\n`)).toBe(0)
    // a list, a look at the refs, and a status for this session and each of the two others
    expect(
      await hook(
        repository.session(0),
        ['pre-push', 'origin', 'url'],
        `refs/heads/session/s0 ${head} refs/heads/session/s0 ${none}\n`,
      ),
    ).toBeLessThanOrEqual(5)
    expect(await hook(repository.path, ['post-merge', '0'])).toBeLessThanOrEqual(2)
    const added = repository.session(3)
    await repository.git(['worktree', 'add', '--quiet', '-b', 'session/s3', added])
    expect(await hook(added, ['post-checkout', none, head, '1'])).toBeLessThanOrEqual(9)
  })

  it('of the first look after every branch moved are as many for nine sessions as for three', async () => {
    const counts: Record<string, number>[] = []
    for (const count of [3, 9]) {
      const repository = await makeSessions(count)
      const { env, take } = await countGit(repository)
      // one in three was squashed and rewritten since, one is in the way of the base, one is by itself
      for (let index = 0; index < count; index += 1)
        await repository.commit(
          'more',
          { [index % 3 === 1 ? 'README.md' : `more${index}`]: `${index}\n` },
          repository.session(index),
        )
      for (let index = 0; index < count; index += 3) {
        await repository.git(['merge', '--quiet', '--squash', `session/s${index}`])
        // it stays: what taking it away costs is another question
        await repository.write(join(repository.session(index), 'draft.txt'), 'draft')
        await repository.commit('squash')
        await repository.commit('rewritten', { [`f${index}`]: 'y\n' })
      }
      await repository.commit('in the way', { 'README.md': 'another\n' })
      await take()
      const { status } = await runCli(['hook', 'post-merge', '0'], { cwd: repository.path, env })
      expect(status).toBe(0)
      // whether a merged one is clean is asked in its own worktree
      const { status: _, ...calls } = countEach(await take())
      counts.push(calls)
    }
    expect(counts[0]).toMatchObject({ 'rev-list': 2, 'merge-tree': 4 })
    expect(counts[1]).toEqual(counts[0])
    expect(Object.values(counts[0] ?? {}).reduce((sum, count) => sum + count)).toBeLessThanOrEqual(32)
  })
})
