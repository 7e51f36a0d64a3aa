import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cp, mkdir, readFile, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import type { Check } from '../../../src/doctor/check.ts'
import { manifest } from '../../../src/doctor/checks/manifest.ts'
import { ports } from '../../../src/doctor/checks/ports.ts'
import { records } from '../../../src/doctor/checks/records.ts'
import { sessionsDirectory } from '../../../src/doctor/checks/sessions-directory.ts'
import { worktreeLocks } from '../../../src/doctor/checks/worktree-locks.ts'
import { worktrees } from '../../../src/doctor/checks/worktrees.ts'
import { makeEngine, type Engine } from '../sessions/engine.ts'
import { examine, repair, say } from './examine.ts'

async function make(options: Parameters<typeof makeEngine>[0] = {}): Promise<Engine> {
  const engine = await makeEngine(options)
  await engine.start('a')
  await engine.start('b')
  return engine
}

const admin = (engine: Engine, id: string): string => join(engine.commonDir, 'worktrees', id)
const pathOf = (engine: Engine, id: string): string => join(engine.sessionsDir, id)

async function expectWell(engine: Engine, check: Check): Promise<void> {
  expect((await examine(engine, check)).map(({ status }) => status)).toEqual(['ok'])
}

test.concurrent('sessions as they should be are ok in every check', async () => {
  const engine = await make()
  for (const check of [manifest, records, worktrees, worktreeLocks, sessionsDirectory, ports]) await expectWell(engine, check)
})

test.concurrent.each([
  ['missing', undefined, 'warn'],
  ['torn', '{"version": 1, "sess', 'fail'],
  ['a list', '[]', 'fail'],
  ['with a session that is not there', '{"version":1,"project":"project","main":"/x","sessions":[]}', 'warn'],
] as const)('a manifest that is %s is rebuilt', async (_, text, status) => {
  const engine = await make()
  const file = join(engine.sessionsDir, '.manifest.json')
  const before = await readFile(file, 'utf8')
  if (text === undefined) await rm(file)
  else await writeFile(file, text)
  expect((await examine(engine, manifest)).map((verdict) => verdict.status)).toEqual([status])
  // looking changes nothing
  expect(await readFile(file, 'utf8').catch(() => undefined)).toBe(text)
  await repair(engine, manifest)
  await expectWell(engine, manifest)
  expect(await readFile(file, 'utf8')).toBe(before)
})

test.concurrent('a manifest of a newer version fails and is not touched', async () => {
  const engine = await make()
  const file = join(engine.sessionsDir, '.manifest.json')
  await writeFile(file, '{"version": 7}')
  expect(await examine(engine, manifest)).toMatchObject([{ status: 'fail', remedy: 'update flightrules' }])
  expect(await repair(engine, manifest)).toEqual([])
  expect(await readFile(file, 'utf8')).toBe('{"version": 7}')
})

test.concurrent('a worktree made behind our back is named, and registered by the repair', async () => {
  const engine = await make()
  await engine.git(['worktree', 'add', '-q', pathOf(engine, 'c')])
  expect(await say(engine, manifest)).toEqual(['warn: not registered as sessions: <dir>/project-sessions/c'])
  await repair(engine, manifest)
  await expectWell(engine, manifest)
  expect((await engine.session('c')).session.createdBy).toBe('hook')
})

test.concurrent('a record that cannot be read, and two that say the same, fail', async () => {
  const engine = await make()
  const file = join(admin(engine, 'a'), 'flightrules.json')
  const text = await readFile(file, 'utf8')
  await writeFile(file, text.slice(0, 40))
  const [torn] = await examine(engine, records)
  expect(torn).toMatchObject({ status: 'fail', remedy: expect.stringContaining(`mv ${file} ${file}.unreadable`) })
  await writeFile(file, text)
  await expectWell(engine, records)
  await writeFile(join(admin(engine, 'b'), 'flightrules.json'), text)
  expect(await say(engine, records)).toEqual([
    expect.stringMatching(/^fail: <dir>\/project-sessions\/b and <dir>\/project-sessions\/a both say they are session a/),
  ])
})

test.concurrent('a session that was moved by hand is found beside the others, and git is told', async () => {
  const engine = await make()
  await rename(pathOf(engine, 'a'), pathOf(engine, 'moved'))
  const [verdict] = await examine(engine, worktrees)
  expect(verdict).toMatchObject({ status: 'fail', remedy: `git worktree repair ${pathOf(engine, 'moved')}` })
  await repair(engine, worktrees)
  await expectWell(engine, worktrees)
  expect((await engine.session('a')).worktree.path).toBe(pathOf(engine, 'moved'))
})

test.concurrent('of a session that was copied and is gone from its place nothing is decided', async () => {
  const engine = await make()
  await cp(pathOf(engine, 'a'), join(engine.parent, 'copy'), { recursive: true })
  await rename(pathOf(engine, 'a'), pathOf(engine, 'moved'))
  const [verdict] = await examine(engine, worktrees)
  expect(verdict?.status).toBe('fail')
  expect(verdict?.message).toContain('there are copies of it')
  expect(verdict?.repair).toBeUndefined()
})

test.concurrent('a session whose folder is gone: what to do if it was moved, if it was deleted, if a disk is away', async () => {
  const engine = await make()
  await rm(pathOf(engine, 'a'), { recursive: true })
  const [verdict, ...others] = await examine(engine, worktrees)
  expect(others).toEqual([])
  expect(verdict?.remedy).toBe(
    'if you moved it: git worktree repair <where it is now>; if you deleted it: flightrules cleanup --id a',
  )
  expect(verdict?.repair).toBeUndefined()
  await rename(engine.sessionsDir, join(engine.parent, 'unmounted'))
  for (const away of await examine(engine, worktrees)) expect(away.message).toContain('its disk may not be mounted')
})

test.concurrent('a folder that is another repository by now is no session any more', async () => {
  const engine = await make()
  await rename(pathOf(engine, 'a'), join(engine.parent, 'kept'))
  await engine.git(['clone', '-q', engine.path, pathOf(engine, 'a')])
  expect(await say(engine, worktrees)).toEqual([
    expect.stringMatching(/^fail: the \.git of <dir>\/project-sessions\/a does not name the git directory of session a/),
  ])
})

test.concurrent("a session without git's lock is locked again, with the reason that names the way out", async () => {
  const engine = await make()
  const reason = await readFile(join(admin(engine, 'a'), 'locked'), 'utf8')
  await engine.git(['worktree', 'unlock', pathOf(engine, 'a')])
  expect(await say(engine, worktreeLocks)).toEqual([
    'warn: session a is not locked: a forced git worktree remove would take it with everything in it',
  ])
  expect(await repair(engine, worktreeLocks)).toEqual(['<dir>/project-sessions/a was not locked, is'])
  await expectWell(engine, worktreeLocks)
  expect((await readFile(join(admin(engine, 'a'), 'locked'), 'utf8')).trim()).toBe(reason.trim())
})

test.concurrent('a worktree somebody made elsewhere may stay unlocked', async () => {
  const engine = await make()
  await engine.git(['worktree', 'add', '-q', '../elsewhere'])
  await engine.reconcile()
  await expectWell(engine, worktreeLocks)
})

test.concurrent('sessions inside the main worktree that git would add are excluded', async () => {
  const engine = await makeEngine()
  await engine.write('flightrules.config.json', '{"sessionsDir": ".sessions"}')
  const { approveConfig } = await import('../../../src/config/trust.ts')
  const { readTrustEnvironment } = await import('../../../src/config/trust-environment.ts')
  await approveConfig({ main: engine.path, commonDir: engine.commonDir, by: 'trust', ...readTrustEnvironment(engine.env) })
  await mkdir(join(engine.path, '.sessions'))
  const [verdict] = await examine(engine, sessionsDirectory)
  expect(verdict).toMatchObject({ status: 'warn', remedy: `echo '/.sessions/' >> ${engine.commonDir}/info/exclude` })
  await repair(engine, sessionsDirectory)
  await expectWell(engine, sessionsDirectory)
  await writeFile(join(engine.path, '.sessions/x'), '')
  expect(await engine.git(['status', '--porcelain'])).not.toContain('.sessions')
})

test.concurrent('a sessions directory that is a file fails', async () => {
  const engine = await makeEngine()
  await writeFile(engine.sessionsDir, '')
  expect(await say(engine, sessionsDirectory)).toEqual(['fail: <dir>/project-sessions is no folder, so no session can be made'])
})

test.concurrent('two sessions with the same port fail', async () => {
  const engine = await make({ config: { ports: { PORT: { from: 52100, to: 52199 } } } })
  const [a, b] = await Promise.all(['a', 'b'].map((id) => engine.session(id)))
  expect(a?.session.ports).not.toEqual(b?.session.ports)
  await expectWell(engine, ports)
  const file = join(admin(engine, 'b'), 'flightrules.json')
  const record = JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>
  await writeFile(file, JSON.stringify({ ...record, ports: a?.session.ports }))
  const verdicts = await examine(engine, ports)
  expect(verdicts).toMatchObject([{ status: 'fail' }])
  const before = a?.session.ports['PORT']
  const [said] = await repair(engine, ports)
  const after = (await engine.session('b')).session.ports['PORT']
  expect(said).toBe(`session b had PORT=${before}, has PORT=${after}`)
  expect((await engine.session('a')).session.ports).toEqual(a?.session.ports)
  expect(await readFile(join(pathOf(engine, 'b'), '.env.local'), 'utf8')).toContain(`PORT=${after}`)
  await expectWell(engine, ports)
  await expectWell(engine, manifest)
})

const whereTold = existsSync('/proc/net/tcp') ? test.concurrent : test.skip

whereTold('a port is in use by its own session, or taken by somebody who is named', async () => {
  const engine = await make({ config: { ports: { PORT: { from: 52200, to: 52299 } } } })
  const port = (await engine.session('a')).session.ports['PORT'] ?? 0
  const listen = async (cwd: string): Promise<() => Promise<void>> => {
    const code = `require('node:net').createServer().listen(${port}, '127.0.0.1', () => console.log('up'))`
    const child = spawn(process.execPath, ['-e', code], { cwd, stdio: ['ignore', 'pipe', 'inherit'] })
    await new Promise((resolve) => child.stdout.once('data', resolve))
    return async () => {
      child.kill()
      await new Promise((resolve) => child.once('close', resolve))
    }
  }
  let stop = await listen(pathOf(engine, 'a'))
  expect(await say(engine, ports)).toEqual(['ok: 2 ports given to sessions, all different; 1 in use by their own session'])
  await stop()
  stop = await listen(pathOf(engine, 'b'))
  expect(await say(engine, ports)).toEqual([
    expect.stringMatching(/^warn: port \d+ of session a \(PORT\) is taken by \S+ \(process \d+\) in session b$/),
  ])
  await stop()
  const server = createServer().listen(port, '127.0.0.1')
  await new Promise((resolve) => server.once('listening', resolve))
  expect(await say(engine, ports)).toEqual([expect.stringMatching(/^warn: port \d+ of session a \(PORT\) is taken by .* in .*$/)])
  await new Promise((resolve) => server.close(resolve))
  await expectWell(engine, ports)
})

test.concurrent('a worktree reached by a symbolic link is the same one', async () => {
  const engine = await make()
  await symlink(engine.path, join(engine.parent, 'link'))
  const verdicts = await examine(engine, worktrees, { cwd: join(engine.parent, 'link') })
  expect(verdicts.map(({ status }) => status)).toEqual(['ok'])
})
