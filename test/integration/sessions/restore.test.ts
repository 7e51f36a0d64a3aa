import { mkdir, mkdtemp, readFile, realpath, rm, stat, unlink, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { FlightRulesError } from '../../../src/errors.ts'
import { reconcile } from '../../../src/sessions/reconcile.ts'
import { restoreSession } from '../../../src/sessions/restore/restore-session.ts'
import { retireSession } from '../../../src/sessions/retire-session.ts'
import { writeJournal } from '../../../src/operations/journal.ts'
import { readOwnIdentity } from '../../../src/operations/process-identity.ts'
import { listWorktrees } from '../../../src/git/worktrees.ts'
import { fingerprint } from '../../support/fingerprint.ts'
import { type Engine, makeEngine } from './engine.ts'
import { abandon, entriesOf, isThere, lastEntry, makeTopic, purgeLast, restoreLast } from './trash-steps.ts'

async function refusal(restoring: Promise<unknown>): Promise<FlightRulesError> {
  return restoring.then(
    () => {
      throw new Error('it was not refused')
    },
    (error: FlightRulesError) => error,
  )
}

const worktrees = (engine: Engine) => engine.git(['worktree', 'list', '--porcelain'])

describe.concurrent('a restore onto what somebody else has by now', () => {
  const obstacles: Record<string, (engine: Engine, path: string) => Promise<unknown>> = {
    'the folder': (_engine, path) => mkdir(path, { recursive: true }),
    'the name': (engine) => engine.start('topic'),
    'the branch, with other commits': (engine) => engine.git(['branch', 'topic', 'main']),
    'the branch, checked out': (engine) => engine.git(['worktree', 'add', '--quiet', '-b', 'topic', join(engine.parent, 'w')]),
    'a branch that blocks it': (engine) => engine.git(['branch', 'topic/more', 'main']),
  }

  it.each(Object.keys(obstacles))('%s: is refused with a free name, and taken back under that', async (what) => {
    const { engine, site, path } = await makeTopic({ config: { ports: {} } })
    await site.write('draft.txt', 'draft\n')
    const tip = await site.git('rev-parse', 'HEAD')
    const { item } = await abandon(engine)
    await obstacles[what]?.(engine, path)
    const before = [await worktrees(engine), await engine.git(['for-each-ref']), await isThere(item.path)]

    const error = await refusal(restoreLast(engine))
    expect([error.code, error.kind, error.choices.map(({ flag }) => flag)]).toEqual([
      'RESTORE_OCCUPIED',
      'decision',
      ['--as topic-2'],
    ])
    expect([await worktrees(engine), await engine.git(['for-each-ref']), await isThere(item.path)]).toEqual(before)

    const restored = await restoreLast(engine, { free: true })
    expect([restored.session.id, restored.session.branch]).toEqual(['topic-2', 'topic-2'])
    expect(await readFile(join(restored.path, 'draft.txt'), 'utf8')).toBe('draft\n')
    expect(await engine.git(['rev-parse', 'topic-2'])).toBe(tip)
    expect(await engine.git(['symbolic-ref', '--short', 'HEAD'], restored.path)).toBe('topic-2')
  })

  it('a name that is taken too is refused with the next', async () => {
    const { engine } = await makeTopic()
    await abandon(engine)
    await engine.start('again')
    const error = await refusal(restoreLast(engine, 'again'))
    expect(error.choices.map(({ flag }) => flag)).toEqual(['--as again-2'])
    expect((await refusal(restoreLast(engine, '../x'))).code).toBe('INVALID_NAME')
  })

  it('ports: the session has others, and its env file says so', async () => {
    const ports = { PORT: { from: 42_300, to: 42_399 } }
    const { engine, path } = await makeTopic({ config: { ports, envOut: '.env.local' } })
    const had = (await engine.session('topic')).session.ports['PORT'] ?? 0
    await abandon(engine)
    const other = await engine.start('other')
    expect(other.session.ports['PORT']).toBe(had)
    const { session, findings } = await restoreLast(engine)
    expect(session.ports['PORT']).not.toBe(had)
    expect(findings.map(({ code }) => code)).toEqual(['PORTS_CHANGED'])
    expect(await readFile(join(path, '.env.local'), 'utf8')).toContain(`PORT=${session.ports['PORT']}`)
  })

  it('a port something listens on is not taken', async () => {
    const ports = { PORT: { from: 42_400, to: 42_499 } }
    const { engine } = await makeTopic({ config: { ports } })
    const had = (await engine.session('topic')).session.ports['PORT'] ?? 0
    await abandon(engine)
    const server = createServer()
    await new Promise<void>((resolve) => void server.listen(had, '127.0.0.1', resolve))
    try {
      expect((await restoreLast(engine)).session.ports['PORT']).not.toBe(had)
    } finally {
      server.close()
    }
  })
})

describe.concurrent('a restore', () => {
  it('has the session’s uuid, goals, log and lock again', async () => {
    const engine = await makeEngine({ config: { sessionLog: { dir: 'docs/logs' } } })
    const { path } = await engine.start('a', { goals: ['Try it'] })
    const before = await engine.session('a')
    await abandon(engine, 'a')
    const { session } = await restoreLast(engine)
    expect(session).toEqual(before.session)
    const after = await engine.session('a')
    expect([after.worktree.path, after.worktree.locked]).toEqual([path, before.worktree.locked])
    expect(await readFile(join(path, session.sessionLog ?? ''), 'utf8')).toContain('Try it')
  })

  it('of a merged session that was clean brings branch and files back, and names what setup makes', async () => {
    const { engine, site, path } = await makeTopic()
    const tip = await site.git('rev-parse', 'HEAD')
    await engine.git(['merge', '--quiet', '--no-edit', '-X', 'ours', 'topic'])
    const { context } = await engine.open()
    const entry = await engine.session('topic')
    const retired = await retireSession(context, entry, {
      reason: 'merged into main',
      event: 'cleaned-up',
      tip,
      content: 'clean',
      deleteBranch: true,
    })
    expect(retired.purged).toBe(true)
    const { findings, session } = await restoreLast(engine)
    expect(findings.map(({ code }) => code)).toEqual(['SETUP_NEEDED'])
    expect(session.uuid).toBe(entry.session.uuid)
    expect(await engine.git(['rev-parse', 'topic'])).toBe(tip)
    expect(await engine.git(['status', '--porcelain', '--branch'], path)).toBe('## topic')
  })

  it.each(['folder', 'snapshot'])('finds what was removed although its entry is lost: %s', async (left) => {
    const { engine, site, path } = await makeTopic()
    await site.write('draft.txt', 'draft\n')
    await site.git('add', 'draft.txt')
    const before = await fingerprint({ worktree: path, gitDir: site.gitDir, env: engine.env })
    const { item } = await abandon(engine)
    if (left === 'snapshot') await purgeLast(engine)
    await unlink(join(engine.commonDir, 'flightrules/trash', `${item.trash}.json`))

    const entry = await lastEntry(engine)
    expect([entry.item.trash, entry.known, entry.item.reason]).toEqual([item.trash, 'ref', 'abandoned'])
    const { findings } = await restoreLast(engine)
    expect(findings).toEqual([])
    const gitDir = await engine.git(['rev-parse', '--absolute-git-dir'], path)
    expect(await fingerprint({ worktree: path, gitDir, env: engine.env })).toEqual(before)
    expect(await entriesOf(engine)).toEqual([])
  })

  it('of one of several takes the newest, or the one that is named', async () => {
    const { engine, site } = await makeTopic()
    await site.write('first.txt', '1\n')
    const first = await abandon(engine)
    await engine.start('topic')
    await abandon(engine)
    const entries = await entriesOf(engine)
    expect(entries.map(({ item }) => item.id)).toEqual(['topic', 'topic'])
    const entry = entries.find(({ item }) => item.trash === first.item.trash)
    if (entry === undefined) throw new Error('the first is gone')
    const { path } = await restoreSession((await engine.open()).context, { entry })
    expect(await isThere(join(path, 'first.txt'))).toBe(true)
  })

  it('of a worktree on another file system finds it beside where it was', async ({ skip }) => {
    const shm = await realpath('/dev/shm').catch(() => undefined)
    const { engine } = await makeTopic()
    if (shm === undefined || (await stat(shm)).dev === (await stat(engine.path)).dev) skip('there is one file system only')
    const parent = await mkdtemp(join(shm ?? '', 'flightrules-'))
    try {
      const path = join(parent, 'away')
      await engine.git(['worktree', 'add', '--quiet', '-b', 'away', path])
      await engine.reconcile()
      await writeFile(join(path, 'draft.txt'), 'draft\n')
      const { item } = await abandon(engine, 'away')
      expect(item.path.startsWith(join(parent, '.flightrules-trash'))).toBe(true)
      await purgeLast(engine)
      expect((await restoreLast(engine)).path).toBe(path)
      expect(await readFile(join(path, 'draft.txt'), 'utf8')).toBe('draft\n')
      expect(await isThere(join(parent, '.flightrules-trash'))).toBe(false)
    } finally {
      await rm(parent, { recursive: true })
    }
  })

  it('finds commits, index and files after every reflog was expired and everything unreachable collected', async () => {
    const { engine, site, path } = await makeTopic()
    await site.git('switch', '--quiet', '--detach')
    await site.write('detached.txt', '1\n')
    const detached = await site.commit('on no branch')
    await site.write('staged.txt', 'only in the index\n')
    await site.git('add', 'staged.txt')
    await site.remove('staged.txt')
    await abandon(engine)
    await engine.git(['reflog', 'expire', '--expire=now', '--expire-unreachable=now', '--all'])
    await engine.git(['gc', '--quiet', '--prune=now'])
    await engine.git(['worktree', 'prune', '--expire=now'])
    await restoreLast(engine)
    expect(await engine.git(['rev-parse', 'HEAD'], path)).toBe(detached)
    expect(await engine.git(['show', ':staged.txt'], path)).toBe('only in the index')
    expect(await engine.git(['status', '--porcelain'], path)).toBe('AD staged.txt')
  })

  it('asked for by a forged journal moves nothing', async () => {
    const { engine, path } = await makeTopic()
    const { item } = await abandon(engine)
    const op = '01234567-89ab-cdef-0123-456789abcdef'
    const facts = { item: { ...item }, folder: 'there', commit: null, gitDir: item.gitDir, path: '/', session: {} }
    await writeJournal(engine.commonDir, {
      version: 1,
      op,
      kind: 'restore',
      at: new Date().toISOString(),
      owner: { ...(await readOwnIdentity()), pid: 2 ** 30 },
      steps: [{ kind: 'move-from-trash', undo: '' }],
      facts: facts as never,
    })
    const { context } = await engine.open()
    const { findings } = await reconcile(context, await listWorktrees(context.git))
    expect(findings.map(({ code }) => code)).toEqual(['JOURNAL_QUARANTINED'])
    expect([await isThere(item.path), await isThere(path)]).toEqual([true, false])
  })
})
