import { writeFileSync } from 'node:fs'
import { chmod, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { syncCommand } from '../../../src/commands/sync.ts'
import { defaultConfig } from '../../../src/config/defaults.ts'
import { Git } from '../../../src/git/git.ts'
import { beginOperation } from '../../../src/operations/operation.ts'
import { loadHistory } from '../../../src/operations/history.ts'
import { readSessions } from '../../../src/sessions/read-status.ts'
import { startStandardSession } from '../../../src/sessions/start-standard.ts'
import { syncSession } from '../../../src/sessions/sync/sync-session.ts'
import { syncOperation } from '../../../src/sessions/sync/sync-operation.ts'
import { requirePastOperation } from '../../../src/sessions/undo/find-undoable.ts'
import { undo } from '../../../src/sessions/undo/undo-last.ts'
import { invoke } from '../../support/invoke.ts'
import { change, makeSyncWorld, own, type SyncWorld, usual } from './sync-world.ts'

/** Commits that are on the remote and were not fetched. */
async function push(world: SyncWorld, changes: Readonly<Record<string, string>>): Promise<string> {
  const { engine } = world
  const clone = join(engine.parent, 'clone')
  await rm(clone, { recursive: true, force: true })
  await engine.git(['clone', '--quiet', engine.remotePath ?? '', clone], engine.parent)
  for (const [file, content] of Object.entries(changes)) await engine.write(join(clone, file), content)
  const oid = await engine.commit('by another', {}, clone)
  await engine.git(['push', '--quiet', 'origin', 'main'], clone)
  return oid
}

/** The command, in this process; what it throws is its answer too. */
async function run(world: SyncWorld, options: Readonly<Record<string, string | boolean>>, ...words: string[]) {
  const { path: cwd, env } = world.engine
  return invoke(syncCommand, { cwd, env, arguments: words, options, json: true })
}

async function states(world: SyncWorld): Promise<readonly string[] | undefined> {
  const { context, set } = await world.engine.open()
  const { report } = await readSessions(context, set)
  return report.sessions.find(({ id }) => id === 'work')?.states
}

describe('what a session is brought onto', () => {
  test('is fetched, and where the base here is only behind it, is what the remote has; the base is not moved', async () => {
    const world = await makeSyncWorld({ remote: true })
    await world.commit({ 'own.txt': 'own\n' })
    const main = await world.engine.git(['rev-parse', 'main'])
    const oid = await push(world, { 'a.txt': change(9, 'theirs') })
    const { data, findings } = await run(world, {}, 'work')
    expect(data).toMatchObject({ results: [{ outcome: 'synced', onto: { name: 'origin/main', oid } }] })
    expect(findings).toMatchObject([{ code: 'BASE_BEHIND', details: { behind: 1 } }])
    expect(await world.engine.git(['rev-parse', 'main'])).toBe(main)
    expect(await world.engine.git(['status', '--porcelain'])).toBe('')
    const { context, set } = await world.engine.open()
    expect((await readSessions(context, set)).report.sessions[0]).toMatchObject({ ahead: 1, behind: 0, states: ['active'] })
  })

  test('is not fetched with --no-fetch, nor for a preview', async () => {
    const world = await makeSyncWorld({ remote: true })
    await push(world, { 'a.txt': change(9, 'theirs') })
    expect((await run(world, { fetch: false }, 'work')).data).toMatchObject({ results: [{ outcome: 'up-to-date' }] })
    const { path: cwd, env } = world.engine
    const preview = await invoke(syncCommand, { cwd, env, arguments: ['work'], dryRun: true })
    expect(preview.data).toMatchObject({ plan: { steps: [] } })
    expect(await world.engine.git(['rev-parse', 'origin/main'])).toBe(await world.engine.git(['rev-parse', 'main']))
  })

  test('a fetch that fails is a finding, and what was last seen counts', async () => {
    const world = await makeSyncWorld({ remote: true })
    await world.base({ 'a.txt': change(9, 'theirs') })
    await rm(world.engine.remotePath ?? '', { recursive: true })
    const { data, findings, failure } = await run(world, {}, 'work')
    expect(failure).toBeUndefined()
    expect(data).toMatchObject({ results: [{ outcome: 'synced', onto: { name: 'main' } }] })
    expect(findings).toMatchObject([{ code: 'FETCH_FAILED' }])
  })

  test('is the base here where both have commits of their own, which is said', async () => {
    const world = await makeSyncWorld({ remote: true })
    const oid = await world.base({ 'b.txt': change(1, 'here') })
    await push(world, { 'a.txt': change(9, 'theirs') })
    const { data, findings } = await run(world, {}, 'work')
    expect(data).toMatchObject({ results: [{ outcome: 'synced', onto: { name: 'main', oid } }] })
    expect(findings).toMatchObject([{ code: 'BASE_DIVERGED', details: { ahead: 1, behind: 1 } }])
  })
})

describe('a base that was rewritten', () => {
  async function rewritten(): Promise<SyncWorld> {
    const world = await makeSyncWorld()
    await world.base({ 'b.txt': change(1, 'dropped later') }, 'dropped')
    await world.sync()
    await world.commit({ 'own.txt': 'own\n' }, 'own work')
    await world.engine.git(['reset', '--quiet', '--hard', 'HEAD^'])
    await world.base({ 'c.txt': change(1, 'instead') }, 'instead')
    return world
  }

  test('is somebody’s decision: nothing is changed', async () => {
    const world = await rewritten()
    const before = await world.fingerprint()
    const { result, error } = await world.sync()
    expect(result).toMatchObject({ outcome: 'failed', error: { code: 'BASE_REWRITTEN' } })
    expect(error?.choices.map(({ flag }) => flag)).toEqual(['--method rebase --dropped leave-out', '--dropped keep'])
    expect(await world.fingerprint()).toEqual(before)
  })

  test('its dropped commits are left out, or kept, as was decided', async () => {
    const world = await rewritten()
    const { result, findings } = await world.sync({ dropped: 'leave-out', method: 'rebase' })
    expect([result.outcome, findings.map(({ code }) => code)]).toEqual(['synced', ['DROPPED_LEFT_OUT']])
    expect(await own(world)).toEqual(['own work'])
    const other = await rewritten()
    expect((await other.sync({ dropped: 'keep' })).result.outcome).toBe('synced')
    expect(await own(other)).toEqual(['dropped', 'own work'])
  })
})

describe('how', () => {
  test('without being told, what is pushed already is merged: a rebase would have to be forced onto the remote', async () => {
    const world = await makeSyncWorld({ remote: true })
    await world.commit({ 'own.txt': 'own\n' })
    await world.git('push', '--quiet', 'origin', 'session/work')
    await world.base({ 'a.txt': change(9, 'theirs') })
    const { result, findings } = await world.sync()
    expect([result.method, findings.map(({ code }) => code)]).toEqual(['merge', ['SYNC_BY_MERGE']])
    await world.base({ 'a.txt': change(8, 'theirs') })
    expect((await world.sync()).result.method).toBe('merge')
  })

  test('a session with merges is rebased by nobody, and who asks for it is told', async () => {
    const world = await makeSyncWorld()
    await world.commit({ 'own.txt': 'own\n' })
    await world.base({ 'a.txt': change(9, 'theirs') })
    await world.sync({ method: 'merge' })
    await world.base({ 'a.txt': change(8, 'theirs') })
    const { result, error } = await world.sync({ method: 'rebase' })
    expect([result.error?.code, error?.choices.map(({ flag }) => flag)]).toEqual(['REBASE_HAS_MERGES', ['--method merge']])
  })

  test('as end.sync of the config says', async () => {
    const world = await makeSyncWorld({ config: { end: { ...defaultConfig.end, sync: 'merge' } } })
    await world.commit({ 'own.txt': 'own\n' })
    await world.base({ 'a.txt': change(9, 'theirs') })
    expect((await world.sync()).result.method).toBe('merge')
  })
})

describe('what is left alone', () => {
  const cases: [string, (world: SyncWorld) => Promise<unknown>, string, number][] = [
    [
      'a session in the middle of a rebase',
      async (world) => {
        await world.commit({ 'a.txt': change(1, 'mine') })
        await world.git('rebase', 'main').catch(() => {})
      },
      'OPERATION_IN_PROGRESS',
      3,
    ],
    ['a session on no branch', (world) => world.git('checkout', '--quiet', '--detach'), 'DETACHED_HEAD', 3],
    [
      'a session whose base is gone',
      (world) => world.engine.git(['branch', '--quiet', '--move', 'main', 'other']),
      'BASE_GONE',
      1,
    ],
    ['a session whose folder is gone', (world) => rm(world.path, { recursive: true }), 'SESSION_MISSING', 1],
    [
      'a session with files in conflict',
      async (world) => {
        await world.write('a.txt', change(1, 'mine'))
        await world.git('stash', '--quiet')
        await world.commit({ 'a.txt': change(1, 'other') })
        await world.git('stash', 'apply').catch(() => {})
      },
      'UNMERGED_PATHS',
      3,
    ],
    [
      'a session that has nothing in common with its base',
      async (world) => {
        await world.git('checkout', '--quiet', '--orphan', 'session/other')
        await world.git('commit', '--quiet', '--message', 'elsewhere')
      },
      'UNRELATED_HISTORIES',
      1,
    ],
    ['a session whose index somebody holds', (world) => hold(world), 'INDEX_LOCKED', 5],
  ]
  async function hold(world: SyncWorld): Promise<void> {
    await writeFile(await world.git('rev-parse', '--git-path', 'index.lock'), '')
  }
  test.each(cases)('%s', async (_name, prepare, code, status) => {
    const world = await makeSyncWorld()
    await world.base({ 'a.txt': change(1, 'theirs') })
    await prepare(world)
    const isThere = code !== 'SESSION_MISSING'
    const before = isThere ? await world.fingerprint() : undefined
    const { result, error } = await world.sync()
    expect([result.outcome, result.error?.code, error?.exitStatus]).toEqual(['failed', code, status])
    if (isThere) expect(await world.fingerprint()).toEqual(before)
    expect(await world.engine.git(['for-each-ref', 'refs/flightrules'])).toBe('')
  })

  test('a session that somebody else syncs or ends', async () => {
    const world = await makeSyncWorld()
    await world.base({ 'a.txt': change(1, 'theirs') })
    const { context } = await world.engine.open()
    const { session } = await world.engine.session('work')
    const facts = { id: 'work', uuid: session.uuid }
    const op = '01234567-89ab-4def-8123-456789abcdef'
    const other = await beginOperation(world.engine.commonDir, syncOperation(context), {
      op,
      steps: [],
      facts,
      work: undefined as never,
    })
    const { result, error } = await world.sync()
    expect([result.error?.code, error?.exitStatus]).toEqual(['SESSION_SYNCING', 5])
    await other.end()
    expect((await world.sync()).result.outcome).toBe('synced')
  })

  test('a shallow clone that does not go back far enough says how to get there', async () => {
    const world = await makeSyncWorld()
    const head = await world.commit({ 'own.txt': 'own\n' })
    const oid = await world.base({ 'a.txt': change(1, 'theirs') })
    await writeFile(join(world.engine.commonDir, 'shallow'), `${[head, oid].toSorted().join('\n')}\n`)
    const { error } = await world.sync()
    expect([error?.code, error?.hint]).toEqual(['UNRELATED_HISTORIES', 'git fetch --unshallow'])
  })
})

describe('what is noted', () => {
  test('when it was synced: in its record, the manifest, one line of its log, and the history', async () => {
    const world = await makeSyncWorld({ config: { sessionLog: defaultConfig.sessionLog } })
    const { session } = await world.engine.session('work')
    const log = join(world.path, session.sessionLog ?? '')
    const text = (await world.engine.read(log)).replace('## Plan\n', '## Plan\n\n- Last synced with main: never, says a person\n')
    await writeFile(log, text)
    await world.base({ 'a.txt': change(1, 'theirs') })
    const { result } = await world.sync()
    const { lastSyncedAt } = (await world.engine.session('work')).session
    expect(lastSyncedAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/)
    expect((await world.engine.manifest()).sessions).toMatchObject([{ id: 'work', lastSyncedAt }])
    const started = `- Last synced with main: ${session.startedAt}`
    expect(await world.engine.read(log)).toBe(text.replace(started, `- Last synced with main: ${lastSyncedAt}`))
    const last = (await loadHistory(world.engine.commonDir)).at(-1)
    expect(last).toMatchObject({ event: 'synced', id: 'work', base: 'main', method: 'rebase', from: result.from, to: result.to })
  })

  test('a log that is not there is not made', async () => {
    const world = await makeSyncWorld({ config: { sessionLog: defaultConfig.sessionLog } })
    const { session } = await world.engine.session('work')
    await rm(join(world.path, session.sessionLog ?? ''))
    await world.base({ 'a.txt': change(1, 'theirs') })
    expect((await world.sync()).findings).toEqual([])
    expect(await world.git('status', '--porcelain')).toBe('')
  })

  test('undo brings the session back to where it was', async () => {
    const world = await makeSyncWorld()
    const head = await world.commit({ 'own.txt': 'own\n' })
    await world.write('note.txt', 'note\n')
    await world.base({ 'a.txt': change(1, 'theirs') })
    await world.sync()
    const { context } = await world.engine.open()
    await undo(context, requirePastOperation(await loadHistory(world.engine.commonDir), undefined))
    expect(await world.git('rev-parse', 'HEAD')).toBe(head)
    expect(await world.git('status', '--porcelain')).toBe('?? note.txt')
  })

  test.each(['rebase', 'merge'] as const)(
    'undo of a %s takes changes back along that the sync has carried over',
    async (method) => {
      const world = await makeSyncWorld({ config: { sessionLog: defaultConfig.sessionLog } })
      const { session } = await world.engine.session('work')
      await world.commit({ 'own.txt': 'own\n' })
      await world.write('a.txt', change(1, 'staged'))
      await world.git('add', 'a.txt')
      await world.write('a.txt', change(1, 'staged').replace('line 10', 'changed'))
      await world.write('b.txt', change(9, 'mine'))
      await world.write('new.txt', 'new\n')
      await world.git('add', 'new.txt')
      await world.write('note.txt', 'note\n')
      // of the index the times of its files, of the branch its reflog
      const own = ['git index', 'git logs/HEAD', 'says reflog']
      const look = async () => {
        const [found] = (await world.fingerprint()) as [Record<string, string>]
        return Object.fromEntries(Object.entries(found).filter(([name]) => !own.includes(name)))
      }
      const before = await look()
      await world.base({ 'a.txt': change(5, 'theirs'), 'b.txt': change(2, 'theirs'), 'come.txt': '' })
      expect((await world.sync({ method })).result.outcome).toBe('synced')
      expect(await world.read('a.txt')).toContain('theirs')
      const { context } = await world.engine.open()
      const { plan } = await undo(context, requirePastOperation(await loadHistory(world.engine.commonDir), undefined))
      expect(plan.steps.map(({ kind }) => kind)).toContain('move-session')
      expect(await look()).toEqual(before)
      expect((await world.engine.session('work')).session.lastSyncedAt).toBeNull()
      expect(await world.read(session.sessionLog ?? '')).toContain(`- Last synced with main: ${session.startedAt}\n`)
      const history = await loadHistory(world.engine.commonDir)
      expect(history.at(-1)).toMatchObject({ event: 'undone', id: 'work', what: 'synced', of: history.at(-2)?.op })
      expect(() => requirePastOperation(history.slice(1), undefined)).toThrow('nothing to undo')
      expect((await world.sync({ method })).result.outcome).toBe('synced')
    },
  )

  test('undo is refused over changes that do not fit, which stay as they are', async () => {
    const world = await makeSyncWorld()
    const head = await world.commit({ 'own.txt': 'own\n' })
    await world.base({ 'a.txt': change(1, 'theirs'), 'come.ignored': 'theirs\n' })
    await world.sync()
    const { context } = await world.engine.open()
    const goBack = async () =>
      undo(context, requirePastOperation(await loadHistory(world.engine.commonDir), undefined)).catch((thrown: unknown) => thrown)
    await world.write('a.txt', change(1, 'mine'))
    const before = await world.fingerprint()
    expect(await goBack()).toMatchObject({ code: 'UNCOMMITTED_CONFLICTS', exitStatus: 4, details: { paths: ['a.txt'] } })
    expect(await world.fingerprint()).toEqual(before)
    await world.write('a.txt', change(1, 'theirs'))
    await goBack()
    expect([await world.git('rev-parse', 'HEAD'), await world.git('status', '--porcelain')]).toEqual([head, ''])
  })
})

describe('--leave-conflicts', () => {
  test.each(['rebase', 'merge'] as const)('leaves the %s in progress, says what to do, and status shows it', async (method) => {
    const world = await makeSyncWorld({ config: { sessionLog: defaultConfig.sessionLog } })
    const { session } = await world.engine.session('work')
    await world.commit({ 'a.txt': change(1, 'mine') })
    await world.write('note.txt', 'note\n')
    await world.base({ 'a.txt': change(1, 'theirs') })
    const { result, error } = await world.sync({ method, leaveConflicts: true })
    expect([result.outcome, result.paths, error?.code, error?.exitStatus]).toEqual(['conflict', ['a.txt'], 'CONFLICTS_LEFT', 4])
    expect(error?.hint).toContain(`git -C ${world.path} ${method} --continue`)
    expect(await states(world)).toEqual([method === 'rebase' ? 'rebasing' : 'merging'])
    await world.write('a.txt', change(1, 'both'))
    await world.git('add', 'a.txt')
    await world.git('-c', 'core.editor=true', method, '--continue')
    expect((await world.engine.session('work')).session.lastSyncedAt).toBeNull()

    // that it was finished is noted once
    const { context } = await world.engine.open()
    const later = (hours: number) => ({ ...context, now: () => new Date(Date.UTC(2099, 0, 1, hours)) })
    const look = async (hours: number) => {
      const found = await syncSession(later(hours), await world.engine.session('work'), usual)
      expect([found.result.outcome, found.findings]).toEqual(['up-to-date', []])
      return (await world.engine.session('work')).session.lastSyncedAt
    }
    expect(await look(1)).toBe('2099-01-01T01:00:00Z')
    expect(await look(2)).toBe('2099-01-01T01:00:00Z')
    expect(await world.read(session.sessionLog ?? '')).toContain('- Last synced with main: 2099-01-01T01:00:00Z\n')
    expect(await world.git('status', '--porcelain')).toBe(` M ${session.sessionLog}\n?? note.txt`)
  })

  test('--abort has everything as it was', async () => {
    const world = await makeSyncWorld()
    const head = await world.commit({ 'a.txt': change(1, 'mine') })
    await world.base({ 'a.txt': change(1, 'theirs') })
    await world.sync({ leaveConflicts: true })
    await world.git('rebase', '--abort')
    expect([await world.git('rev-parse', 'HEAD'), await world.git('status', '--porcelain')]).toEqual([head, ''])
  })

  test('is not begun over uncommitted changes, nor over an ignored file', async () => {
    const world = await makeSyncWorld()
    await world.commit({ 'a.txt': change(1, 'mine') })
    await world.engine.write('some.ignored', 'theirs\n')
    await world.engine.git(['add', '--force', 'some.ignored'])
    await world.base({ 'a.txt': change(1, 'theirs') })
    await world.write('some.ignored', 'mine\n')
    const before = await world.fingerprint()
    expect((await world.sync({ leaveConflicts: true })).error?.code).toBe('IN_THE_WAY')
    expect(await world.fingerprint()).toEqual(before)
    await world.write('b.txt', change(1, 'mine'))
    expect((await world.sync({ leaveConflicts: true })).error).toMatchObject({ code: 'UNCOMMITTED', exitStatus: 3 })
  })

  test('is not begun over an ignored file somebody writes at the last moment, be it empty', async () => {
    const world = await makeSyncWorld()
    await world.commit({ 'a.txt': change(1, 'mine') })
    await world.engine.write('some.ignored', 'theirs\n')
    await world.engine.git(['add', '--force', 'some.ignored'])
    await world.base({ 'a.txt': change(1, 'theirs') })
    const { context } = await world.engine.open()
    // everything has been looked at when the operation gets its id
    class Meddled extends Git {
      override with(env: Readonly<Record<string, string>>): Git {
        if (env['FLIGHTRULES_OP'] !== undefined) writeFileSync(join(world.path, 'some.ignored'), '')
        return super.with(env)
      }
    }
    const git = new Meddled(context.git.cwd, world.engine.env)
    const entry = await world.engine.session('work')
    const { error } = await syncSession({ ...context, git }, entry, { ...usual, leaveConflicts: true })
    expect(error?.code).toBe('IN_THE_WAY')
    expect([await world.read('some.ignored'), await world.git('status', '--porcelain')]).toEqual(['', ''])
  })

  test('what does not conflict is synced as ever', async () => {
    const world = await makeSyncWorld()
    await world.base({ 'a.txt': change(1, 'theirs') })
    expect((await world.sync({ leaveConflicts: true })).result.outcome).toBe('synced')
  })
})

describe('the project’s hooks', () => {
  async function hook(world: SyncWorld, name: string, text: string): Promise<void> {
    const { engine } = world
    await engine.write(join(engine.commonDir, 'hooks', name), `#!/bin/sh\n${text}\n`)
    await chmod(join(engine.commonDir, 'hooks', name), 0o755)
  }

  test('are asked before, as git asks them, and may refuse', async () => {
    const world = await makeSyncWorld()
    await world.commit({ 'own.txt': 'own\n' })
    await world.base({ 'a.txt': change(1, 'theirs') })
    await hook(world, 'pre-rebase', 'echo not on a Friday >&2; exit 1')
    await hook(world, 'commit-msg', 'grep -q "^ok" "$1" || { echo say ok >&2; exit 1; }')
    const before = await world.fingerprint()
    expect((await world.sync()).error).toMatchObject({
      code: 'HOOK_REFUSED',
      message: expect.stringContaining('not on a Friday'),
    })
    const merge = await world.sync({ method: 'merge' })
    expect(merge.error).toMatchObject({ code: 'HOOK_REFUSED', message: expect.stringContaining('say ok') })
    expect(await world.fingerprint()).toEqual(before)
  })

  test('are told after', async () => {
    const world = await makeSyncWorld()
    const head = await world.commit({ 'own.txt': 'own\n' })
    await world.base({ 'a.txt': change(1, 'theirs') })
    const said = join(world.engine.parent, 'said')
    for (const name of ['post-checkout', 'post-rewrite', 'post-merge'])
      await hook(world, name, `echo ${name} "$@" >>'${said}'; [ ${name} != post-rewrite ] || cat >>'${said}'`)
    const { result } = await world.sync()
    const { from, to } = result
    expect(await world.engine.read(said)).toBe(`post-checkout ${from} ${to} 1\npost-rewrite rebase\n${head} ${to}\n`)
    await world.base({ 'a.txt': change(2, 'theirs') })
    await world.sync({ method: 'merge' })
    expect(await world.engine.read(said)).toContain('post-merge 0\n')
  })
})

test('notes go with rebased commits where git is told to take them along', async () => {
  const world = await makeSyncWorld()
  const head = await world.commit({ 'own.txt': 'own\n' })
  await world.git('notes', 'add', '-m', 'by a model')
  await world.base({ 'a.txt': change(1, 'theirs') })
  await world.sync()
  expect(await world.git('notes', 'list')).toContain(head)
  await expect(world.git('notes', 'show')).rejects.toThrow('no note found')
  await world.engine.git(['notes', 'copy', head, 'session/work'])
  await world.engine.git(['config', 'notes.rewriteRef', 'refs/notes/*'])
  await world.base({ 'a.txt': change(2, 'theirs') })
  await world.sync()
  expect(await world.git('notes', 'show')).toBe('by a model')
})

test('--all goes on past sessions that fail, and sums up; data is there all the same', async () => {
  const world = await makeSyncWorld()
  const { engine } = world
  await world.commit({ 'a.txt': change(1, 'mine') })
  const fine = await engine.start('fine')
  const lost = await engine.start('lost')
  await engine.git(['checkout', '--quiet', '--detach'], lost.path)
  await engine.start('kept')
  const oid = await world.base({ 'a.txt': change(1, 'theirs') })
  const { data, failure, text } = await run(world, { all: true, fetch: false })
  const { results } = data as { results: { id: string; outcome: string }[] }
  expect(Object.fromEntries(results.map(({ id, outcome }) => [id, outcome]))).toEqual({
    work: 'conflict',
    fine: 'synced',
    lost: 'failed',
    kept: 'synced',
  })
  expect(failure).toMatchObject({ code: 'SYNC_CONFLICTS', exitStatus: 4, details: { conflicts: ['work'], failed: ['lost'] } })
  expect(text).toContain('a.txt')
  expect(await engine.git(['rev-parse', 'HEAD'], fine.path)).toBe(oid)
  await world.git('reset', '--quiet', '--hard', 'main')
  expect((await run(world, { all: true, fetch: false })).failure).toMatchObject({ code: 'SYNC_FAILED', exitStatus: 1 })
})

test('a session in the main worktree, on the base itself, is nobody’s to rebase', async () => {
  const world = await makeSyncWorld()
  const { context } = await world.engine.open()
  await startStandardSession(context, { name: 'here', goals: [], issue: null })
  expect((await run(world, { all: true, fetch: false })).data).toMatchObject({ results: [{ id: 'work' }] })
  expect((await run(world, { fetch: false }, 'here')).failure).toMatchObject({ code: 'SESSION_ON_BASE', exitStatus: 3 })
})

test('a file whose name is no UTF-8 is not given another one', async () => {
  const world = await makeSyncWorld()
  await world.commit({ 'own.txt': 'own\n' })
  const { engine } = world
  const oid = await engine.git(['rev-parse', 'HEAD:a.txt'])
  const add = String.raw`!f() { printf '100644 %s\t"caf\\351.txt"\n' "$1" | git update-index --index-info; }; f`
  await engine.git(['-c', `alias.add-odd=${add}`, 'add-odd', oid])
  await engine.git(['commit', '--quiet', '--message', 'odd'])
  const before = await world.fingerprint()
  const { result } = await world.sync()
  expect([result.outcome, result.error?.code]).toEqual(['failed', 'NAMES_UNREADABLE'])
  expect(await world.fingerprint()).toEqual(before)
})
