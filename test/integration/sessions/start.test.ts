import { chmod, mkdir, readdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { planStart } from '../../../src/sessions/plan-start.ts'
import { previewStart } from '../../../src/sessions/start.ts'
import { type Engine, makeEngine, startInput } from './engine.ts'

const leftovers = async (engine: Engine): Promise<unknown> => ({
  branches: await engine.git(['for-each-ref', '--format=%(refname)']),
  worktrees: (await engine.git(['worktree', 'list', '--porcelain'])).match(/^worktree /gm)?.length,
  admin: await readdir(join(engine.commonDir, 'worktrees')).catch(() => []),
  sessions: await readdir(engine.sessionsDir).catch(() => []),
})

describe.concurrent('a plan to start', () => {
  it('lists every step in order and changes nothing', async () => {
    const engine = await makeEngine({ config: { sessionLog: { dir: 'log' }, ports: { PORT: 42_000 } } })
    const before = await leftovers(engine)
    const { context } = await engine.open()
    const plan = await previewStart(context, { ...startInput, name: 'a' })
    expect(plan.steps.map(({ kind }) => kind)).toEqual([
      'create-branch',
      'add-worktree',
      'write-record',
      'write-manifest',
      'write-history',
      'heal-hooks',
      'write-env-block',
      'create-session-log',
      'activate-session',
    ])
    expect(JSON.parse(JSON.stringify(plan))).toEqual(plan)
    expect(await leftovers(engine)).toEqual(before)
  })

  it('hides a sessions directory inside the repository from git', async () => {
    const engine = await makeEngine({ config: { sessionsDir: '.sessions' } })
    await engine.start('a')
    expect(await engine.git(['status', '--porcelain'])).toBe('')
  })

  it.each([
    ['SESSION_EXISTS', 'a', async (engine: Engine) => void (await engine.start('a'))],
    ['BRANCH_EXISTS', 'a', async (engine: Engine) => void (await engine.git(['branch', 'session/a']))],
    ['BRANCH_NAME_BLOCKED', 'a', async (engine: Engine) => void (await engine.git(['branch', 'session']))],
    ['BRANCH_NAME_BLOCKED', 'a', async (engine: Engine) => void (await engine.git(['branch', 'session/a/b']))],
    ['PATH_EXISTS', 'a', async (engine: Engine) => void (await mkdir(join(engine.sessionsDir, 'a'), { recursive: true }))],
    ['SESSIONS_DIR_UNUSABLE', 'a', async (engine: Engine) => writeFile(engine.sessionsDir, '')],
    ['INVALID_NAME', 'A b', async () => {}],
  ])('is refused: %s for %j', async (code, name, prepare) => {
    const engine = await makeEngine()
    await prepare(engine)
    const before = await leftovers(engine)
    const { context, set } = await engine.open()
    await expect(planStart(context, set, { ...startInput, name })).rejects.toMatchObject({ code })
    await expect(engine.start(name)).rejects.toMatchObject({ code })
    expect(await leftovers(engine)).toEqual(before)
  })

  it('starts from a commit, from here, and from a branch that is only on the remote', async () => {
    const engine = await makeEngine({ remote: true })
    const first = await engine.git(['rev-parse', 'HEAD'])
    await engine.commit('second')
    await engine.git(['push', '--quiet', 'origin', 'HEAD:refs/heads/next'])
    await engine.git(['fetch', '--quiet'])
    expect((await engine.start('by-commit', { base: first.slice(0, 10) })).session).toMatchObject({
      base: 'main',
      baseCommit: first,
    })
    expect((await engine.start('by-remote', { base: 'next' })).session).toMatchObject({ base: 'next' })
    expect((await engine.start('here', { fromHere: true })).session).toMatchObject({ base: 'main' })
    await expect(engine.start('nowhere', { base: '--all' })).rejects.toMatchObject({ code: 'BASE_NOT_FOUND' })
  })
})

describe.concurrent('a start that fails', () => {
  it('in git leaves nothing behind', async () => {
    const engine = await makeEngine()
    await engine.commit('filter', { '.gitattributes': '*.bin filter=broken\n', 'a.bin': 'x' })
    await engine.git(['config', 'filter.broken.smudge', 'exit 1'])
    await engine.git(['config', 'filter.broken.required', 'true'])
    const before = await leftovers(engine)
    await expect(engine.start('a')).rejects.toMatchObject({ code: 'GIT_FAILED' })
    expect(await leftovers(engine)).toEqual(before)
    await engine.git(['config', 'filter.broken.required', 'false'])
    expect((await engine.start('a')).session.id).toBe('a')
  })

  it('because somebody else made the folder in that moment leaves theirs', async () => {
    const engine = await makeEngine()
    const path = join(engine.sessionsDir, 'a')
    await engine.write('.git/hooks/reference-transaction', `#!/bin/sh\nmkdir -p '${path}' && echo mine >'${path}/file'\n`)
    await chmod(join(engine.commonDir, 'hooks/reference-transaction'), 0o755)
    await expect(engine.start('a')).rejects.toMatchObject({ code: 'PATH_EXISTS' })
    expect(await engine.read(join(path, 'file'))).toBe('mine\n')
    expect(await engine.git(['for-each-ref', 'refs/heads/session'])).toBe('')
  })
})

it('ten starts at once all succeed, each with a port of its own', async () => {
  const engine = await makeEngine({ config: { ports: { PORT: 43_000 } } })
  const started = await Promise.all(Array.from({ length: 10 }, (_, index) => engine.start(`s${index}`)))
  expect(new Set(started.map(({ session }) => session.ports['PORT'])).size).toBe(10)
  expect((await engine.manifest()).sessions.map(({ id }) => id).toSorted()).toEqual(started.map(({ session }) => session.id))
  expect((await engine.reconcile()).findings).toEqual([])
})

it('of ten starts of one name at once one succeeds', async () => {
  const engine = await makeEngine()
  const results = await Promise.allSettled(Array.from({ length: 10 }, () => engine.start('same')))
  const failed = results.filter((result): result is PromiseRejectedResult => result.status === 'rejected')
  expect(failed).toHaveLength(9)
  for (const { reason } of failed) expect(reason).toMatchObject({ code: 'SESSION_EXISTS' })
})
