import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { hostname } from 'node:os'
import { delimiter, join } from 'node:path'
import { expect, test } from 'vitest'
import { clock } from '../../../src/doctor/checks/clock.ts'
import { config } from '../../../src/doctor/checks/config.ts'
import { diskSpace } from '../../../src/doctor/checks/disk-space.ts'
import { forgeClient } from '../../../src/doctor/checks/forge-client.ts'
import { gitVersion } from '../../../src/doctor/checks/git-version.ts'
import { journal } from '../../../src/doctor/checks/journal.ts'
import { lock } from '../../../src/doctor/checks/lock.ts'
import { nodeVersion } from '../../../src/doctor/checks/node-version.ts'
import { trash } from '../../../src/doctor/checks/trash.ts'
import { trust } from '../../../src/doctor/checks/trust.ts'
import { withLock } from '../../../src/operations/lock.ts'
import { writeJournal } from '../../../src/operations/journal.ts'
import { readOwnIdentity } from '../../../src/operations/process-identity.ts'
import { makeProject } from '../../support/flightrules-project.ts'
import { makeRepository, type TestRepository } from '../../support/repository.ts'
import { makeEngine } from '../sessions/engine.ts'
import { examine, repair, say } from './examine.ts'

/** A program of this name that comes first on PATH. */
async function standIn(repo: TestRepository, name: string, script: string): Promise<void> {
  const folder = join(repo.parent, 'programs')
  await repo.write(join(folder, name), `#!/bin/sh\n${script}\n`)
  await chmod(join(folder, name), 0o755)
  repo.env['PATH'] = `${folder}${delimiter}${repo.env['PATH'] ?? ''}`
}

test.concurrent('git and node that are new enough, and too old', async () => {
  const repo = await makeRepository()
  expect(await say(repo, gitVersion)).toEqual([expect.stringMatching(/^ok: git \d/)])
  expect(await say(repo, nodeVersion)).toEqual([expect.stringMatching(/^ok: node \d/)])
  expect(await say(repo, nodeVersion, { node: { path: '/old/node', version: '18.20.0' } })).toEqual([
    'fail: /old/node is node 18.20.0; 20.19.0 is the oldest that works',
  ])
  await standIn(repo, 'git', 'echo git version 2.30.1')
  expect(await say(repo, gitVersion)).toEqual(['fail: git version 2.30.1; 2.38.0 is the oldest that works'])
})

test.concurrent('the client of the forge: not needed, missing, without a login, ready; it is asked nothing over the network', async () => {
  const repo = await makeRepository()
  expect(await say(repo, forgeClient)).toEqual(['ok: no remote, so no requests to open'])
  await repo.git(['remote', 'add', 'origin', join(repo.parent, 'somewhere.git')])
  expect(await say(repo, forgeClient)).toEqual([expect.stringMatching(/^ok: origin is on no forge/)])
  await repo.git(['remote', 'set-url', 'origin', 'https://user:hidden-token@github.com/o/r.git'])
  await standIn(repo, 'gh', 'exit 127')
  expect(await say(repo, forgeClient)).toEqual(['warn: origin is on github.com, and there is no gh to open requests with'])
  await standIn(repo, 'gh', '[ "$1" = --version ] || { [ "$*" = "auth token --hostname github.com" ] && exit 1; }')
  const [verdict] = await examine(repo, forgeClient)
  expect(verdict).toMatchObject({ status: 'warn', remedy: 'gh auth login --hostname github.com' })
  await standIn(repo, 'gh', 'echo secret-login')
  const said = await say(repo, forgeClient)
  expect(said).toEqual(['ok: gh has a login for github.com'])
  await repo.git(['remote', 'set-url', 'origin', 'git@gitlab.com:g/r.git'])
  await standIn(repo, 'glab', 'echo "$*" | grep -q "^--version$\\|^config get token --host gitlab.com$" && echo secret-login')
  expect(await say(repo, forgeClient)).toEqual(['ok: glab has a login for gitlab.com'])
})

test.concurrent('a host the configuration calls a forge is asked for with its own client', async () => {
  const project = await makeProject({
    hooks: 'none',
    config: { forges: { 'git.example.com': 'github', 'lab.example.com': 'gitlab' } },
  })
  await project.git(['remote', 'add', 'origin', 'ssh://git@git.example.com:2222/o/r.git'])
  await standIn(project, 'gh', '[ "$*" = "auth token --hostname git.example.com" ] && echo secret-login; exit 0')
  expect(await say(project, forgeClient)).toEqual(['ok: gh has a login for git.example.com'])
  await project.git(['remote', 'set-url', 'origin', 'https://lab.example.com/g/r.git'])
  await standIn(project, 'glab', '[ "$1" = --version ]')
  expect(await say(project, forgeClient)).toEqual(['warn: glab has no login for lab.example.com, so it cannot open requests'])
})

test.concurrent('a config: none, valid, wrong, not approved, one that is not read', async () => {
  const bare = await makeRepository()
  expect(await say(bare, config)).toEqual([expect.stringMatching(/^ok: no config file/)])
  expect(await say(bare, trust)).toEqual(['ok: nothing to approve'])
  const project = await makeProject({ hooks: 'none' })
  expect(await say(project, config)).toEqual(['ok: <dir>/project/flightrules.config.json is valid'])
  expect(await say(project, trust)).toEqual(['ok: the config is approved in this copy of the repository'])
  await project.write('flightrules.config.mjs', 'export default {}\n')
  await project.write('flightrules.config.json', '{"sessionsDirr": "x"}')
  expect((await examine(project, trust))[0]).toMatchObject({ status: 'warn', remedy: 'flightrules trust' })
  expect(await say(project, config)).toEqual([expect.stringMatching(/^warn: .*(?:is not read|is not approved)/)])
})

test.concurrent('an approved config that is wrong fails with every problem, and the other checks say why they could not look', async () => {
  const project = await makeProject({ hooks: 'none' })
  await project.write('flightrules.config.json', '{"sessionsDirr": "x"}')
  const { json } = await project.json(['trust', '--show'])
  const env = { FLIGHTRULES_TRUST: String((json.data as { digest?: string }).digest) }
  const [verdict] = await examine(project, config, { env })
  expect(verdict?.status).toBe('fail')
  expect(verdict?.message).toContain('sessionsDirr')
  const [other] = await examine(project, trust, { env })
  expect(other?.message).toMatch(/^could not be checked: /)
})

test.concurrent('an operation whose process died is told and recovered; a living one and one out of sight are left alone', async () => {
  const engine = await makeEngine()
  expect(await say(engine, journal)).toEqual(['ok: no operation was left unfinished'])
  const own = await readOwnIdentity()
  const entry = { version: 1, kind: 'removal', at: new Date().toISOString(), steps: [], facts: { id: 'a' } } as const
  const op = (digit: string): string => `${digit.repeat(8)}-0000-0000-0000-000000000000`
  await writeJournal(engine.commonDir, { ...entry, op: op('1'), owner: own })
  expect(await say(engine, journal)).toEqual(['ok: 1 operations are under way'])
  await writeJournal(engine.commonDir, { ...entry, op: op('2'), owner: { ...own, host: `not-${hostname()}` } })
  expect(await say(engine, journal)).toEqual([expect.stringMatching(/^warn: removal of a .*cannot be seen from here/)])
  await writeJournal(engine.commonDir, { ...entry, op: op('3'), owner: { ...own, pid: 2 ** 22 + 1 } })
  await writeFile(join(engine.commonDir, 'flightrules/journal/strange.json'), '{"from": "/"}')
  const statuses = (await examine(engine, journal)).map(({ status, repair: offered }) => [status, offered !== undefined])
  expect(statuses).toEqual([
    ['warn', false],
    ['warn', true],
    ['warn', true],
  ])
  await repair(engine, journal)
  const after = await say(engine, journal)
  expect(after).toEqual([
    expect.stringMatching(/cannot be seen from here/),
    expect.stringMatching(/^warn: \d files? .*set aside from the journal and never acted on/),
  ])
})

test.concurrent('the lock: free, held, held for long, by the dead, out of sight, by nobody who says so', async () => {
  const engine = await makeEngine()
  await engine.start('a')
  expect(await say(engine, lock)).toEqual(['ok: nobody holds the lock of this repository'])
  const me = `process ${process.pid} on ${hostname()} (start b)`
  const held = `the lock of this repository is held since <time>: ${me}`
  const tell = async (options = {}): Promise<string[]> =>
    (await say(engine, lock, options)).map((line) => line.replace(/\d{4}-\S+Z/, '<time>'))
  await withLock(engine.commonDir, { operation: 'start b' }, async () => {
    expect(await tell()).toEqual([`ok: ${held}`])
    const later = new Date(Date.now() + 5 * 60_000)
    expect(await tell({ now: () => later })).toEqual([`warn: ${held}: every other command waits for it`])
  })
  const file = join(engine.commonDir, 'flightrules/lock/lock.1000')
  const owner = { ...(await readOwnIdentity()), operation: 'start c', since: new Date().toISOString() }
  const hold = (content: object): Promise<void> => writeFile(file, JSON.stringify(content))
  await hold({ ...owner, pid: 2 ** 22 + 1 })
  expect(await tell()).toEqual([expect.stringMatching(/^ok: .*start c\); it is dead, and the next command takes it over$/)])
  await hold({ ...owner, host: `not-${hostname()}` })
  expect(await examine(engine, lock)).toMatchObject([{ status: 'warn', remedy: 'flightrules unlock' }])
  await hold({ pid: '1' })
  expect(await tell()).toEqual([expect.stringMatching(/^warn: .*a holder that cannot be read/)])
})

test.concurrent('the trash: its size, entries that cannot be read, folders that are gone', async () => {
  const engine = await makeEngine()
  expect(await say(engine, trash)).toEqual(['ok: the trash is empty'])
  const folder = join(engine.commonDir, 'flightrules/trash')
  const path = join(engine.sessionsDir, '.trash/a-1')
  const item = {
    version: 1,
    trash: 'a-1',
    id: 'a',
    at: '2024-01-01T00:00:00.000Z',
    reason: 'abandoned',
    branch: null,
    head: null,
    ref: 'refs/flightrules/trash/a/1',
    path,
    from: '/x',
    gitDir: '/y',
  }
  await mkdir(join(path, 'deep'), { recursive: true })
  await mkdir(folder, { recursive: true })
  await writeFile(join(path, 'deep/file'), 'x'.repeat(5000))
  await writeFile(join(folder, 'a-1.json'), JSON.stringify(item))
  expect(await say(engine, trash)).toEqual(['ok: the trash holds 1 worktree, 5.0 KB'])
  await writeFile(join(folder, 'b-1.json'), '{')
  await writeFile(
    join(folder, 'c-1.json'),
    JSON.stringify({ ...item, trash: 'c-1', path: join(engine.sessionsDir, '.trash/c-1') }),
  )
  expect(await say(engine, trash)).toEqual([
    expect.stringMatching(/^warn: .*b-1\.json is no entry/),
    expect.stringMatching(/^warn: the folder of a is not in the trash any more/),
  ])
})

test.concurrent('a clock that is behind what was written before is told', async () => {
  const engine = await makeEngine()
  await engine.start('a')
  expect(await say(engine, clock)).toEqual([expect.stringMatching(/^ok/)])
  const yesterday = new Date(Date.now() - 24 * 3600 * 1000)
  expect(await say(engine, clock, { now: () => yesterday })).toEqual([
    expect.stringMatching(/^warn: the record of session a is from .* still to come/),
  ])
})

test.concurrent('free room is told, and a folder nobody may write to fails', async () => {
  const engine = await makeEngine()
  expect(await say(engine, diskSpace)).toEqual([
    expect.stringMatching(/^ok: .* free for the repository; .* free for the sessions$/),
  ])
  if (process.getuid?.() === 0) return
  await mkdir(engine.sessionsDir, { mode: 0o555 })
  expect(await say(engine, diskSpace)).toEqual([expect.stringMatching(/^fail: .*cannot be written to$/)])
})
