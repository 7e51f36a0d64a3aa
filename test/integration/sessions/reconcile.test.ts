import { spawnSync } from 'node:child_process'
import { readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readSessions } from '../../../src/sessions/read-status.ts'
import { recordFile } from '../../../src/sessions/record.ts'
import { registerWorktree } from '../../../src/sessions/register-worktree.ts'
import { defaultConfig } from '../../../src/config/defaults.ts'
import { runProgram } from '../../support/run-cli.ts'
import { makeEngine } from './engine.ts'

describe.concurrent('reconciling', () => {
  it('changes nothing when nothing changed, and takes no lock', async () => {
    const engine = await makeEngine()
    await engine.start('a')
    const manifest = join(engine.sessionsDir, '.manifest.json')
    const before = (await stat(manifest, { bigint: true })).mtimeNs
    await rm(join(engine.commonDir, 'flightrules', 'lock'), { recursive: true })
    for (let round = 0; round < 2; round += 1) expect((await engine.reconcile()).findings).toEqual([])
    expect((await stat(manifest, { bigint: true })).mtimeNs).toBe(before)
    await expect(stat(join(engine.commonDir, 'flightrules', 'lock'))).rejects.toThrow('ENOENT')
  })

  it('registers worktrees made behind its back, once, wherever they are', async () => {
    const engine = await makeEngine({ config: { ports: { PORT: 41_000 } } })
    await engine.git(['worktree', 'add', '--quiet', '-b', 'topic', join(engine.parent, 'Else Where')])
    await engine.git(['worktree', 'add', '--quiet', '--detach', join(engine.parent, 'head')])
    const { findings, set } = await engine.reconcile()
    expect(findings.map(({ code }) => code)).toEqual(['WORKTREE_REGISTERED', 'WORKTREE_REGISTERED'])
    expect(set.registered.map(({ session }) => [session.id, session.branch, session.createdBy, session.ownsBranch])).toEqual([
      ['else-where', 'topic', 'hook', true],
      ['head', null, 'hook', false],
    ])
    expect(new Set(set.registered.map(({ session }) => session.ports['PORT'])).size).toBe(2)
    expect((await engine.reconcile()).findings).toEqual([])
  })

  it('takes away what was being remembered when its process died', async () => {
    const engine = await makeEngine()
    await engine.start('a')
    await engine.commit('base')
    const { context, set } = await engine.open()
    await readSessions(context, set)
    const cache = join(engine.commonDir, 'flightrules', 'cache')
    const kept = await readdir(cache)
    const { pid } = spawnSync(process.execPath, ['--version'])
    const asideOf = (owner: number): string => `.divergence.json.${owner}.0123456789ab.tmp`
    for (const owner of [pid, process.pid]) await writeFile(join(cache, asideOf(owner)), '{"torn')
    expect((await engine.reconcile()).findings).toEqual([])
    expect((await readdir(cache)).toSorted()).toEqual([...kept, asideOf(process.pid)].toSorted())
    expect(kept).toContain('divergence.json')
  })

  it('leaves alone what it was told to leave', async () => {
    const engine = await makeEngine({
      config: { hooks: { ...defaultConfig.hooks, postCheckout: { register: 'sessions', setup: true } } },
    })
    await engine.git(['worktree', 'add', '--quiet', '-b', 'out', join(engine.parent, 'out')])
    await engine.git(['worktree', 'add', '--quiet', '-b', 'in', join(engine.sessionsDir, 'in')])
    expect((await engine.reconcile()).set.registered.map(({ session }) => session.id)).toEqual(['in'])
  })

  it('follows a branch switch; a rebase is none', async () => {
    const engine = await makeEngine({ files: { a: '1\n' } })
    const { path } = await engine.start('a')
    await engine.git(['switch', '--quiet', '-c', 'other'], path)
    await engine.reconcile()
    expect((await engine.session('a')).session).toMatchObject({ branch: 'other', ownsBranch: false })
    await engine.commit('theirs', { a: '2\n' })
    await engine.commit('mine', { a: '3\n' }, path)
    expect((await runProgram('git', ['rebase', 'main'], { cwd: path, env: engine.env })).status).toBe(1)
    await engine.reconcile()
    expect((await engine.session('a')).session.branch).toBe('other')
    await engine.git(['rebase', '--abort'], path)
    await engine.git(['switch', '--quiet', '--detach'], path)
    await engine.reconcile()
    expect((await engine.session('a')).session.branch).toBeNull()
  })

  it('marks a session whose folder is gone, and forgets that when it is back', async () => {
    const engine = await makeEngine()
    const { path } = await engine.start('a')
    await rename(path, `${path}-away`)
    await engine.reconcile()
    expect((await engine.manifest()).sessions).toMatchObject([{ id: 'a', orphaned: true }])
    await rename(`${path}-away`, path)
    await engine.reconcile()
    expect((await engine.manifest()).sessions[0]).not.toHaveProperty('orphaned')
  })

  it('finds a session again that was moved with git', async () => {
    const engine = await makeEngine()
    const { path } = await engine.start('a')
    await engine.git(['worktree', 'unlock', path])
    await engine.git(['worktree', 'move', path, join(engine.parent, 'moved')])
    await engine.reconcile()
    expect((await engine.manifest()).sessions).toMatchObject([{ id: 'a', worktree: '../moved' }])
  })

  it('neither registers anew nor removes a worktree whose record cannot be read', async () => {
    const engine = await makeEngine()
    const { path } = await engine.start('a')
    const { gitDir } = await engine.session('a')
    await writeFile(recordFile(gitDir), '{')
    const { findings, set } = await engine.reconcile()
    expect(findings).toMatchObject([{ code: 'RECORD_UNREADABLE', details: { path } }])
    expect(set.registered).toEqual([])
    expect(await readFile(recordFile(gitDir), 'utf8')).toBe('{')
  })

  it('writes a manifest that is missing', async () => {
    const engine = await makeEngine()
    await engine.start('a')
    await rm(join(engine.sessionsDir, '.manifest.json'))
    await engine.reconcile()
    expect((await engine.manifest()).sessions).toMatchObject([{ id: 'a' }])
  })
})

describe.concurrent('registering a worktree', () => {
  it('happens once, also when two ask at the same time', async () => {
    const engine = await makeEngine()
    const path = join(engine.parent, 'topic')
    await engine.git(['worktree', 'add', '--quiet', '-b', 'topic', path])
    const { context } = await engine.open()
    const works = await Promise.all([1, 2, 3].map(() => registerWorktree(context, path, { createdBy: 'hook', setup: 'run' })))
    expect(works.filter((work) => work !== undefined)).toHaveLength(1)
    expect((await engine.manifest()).sessions.map(({ id }) => id)).toEqual(['topic'])
    const history = (await engine.read('.git/flightrules/history.jsonl')).trim().split('\n')
    expect(history.map((line) => (JSON.parse(line) as { event: string }).event)).toEqual(['registered'])
  })

  it('gives a name nobody has', async () => {
    const engine = await makeEngine()
    await engine.start('topic')
    const path = join(engine.parent, 'Topic')
    await engine.git(['worktree', 'add', '--quiet', '-b', 'x', path])
    const { context } = await engine.open()
    expect((await registerWorktree(context, path, { createdBy: 'agent', setup: 'skip' }))?.session).toMatchObject({
      id: 'topic-2',
      createdBy: 'agent',
    })
  })

  it('owns only a branch that was made for it, and starts with what is checked out', async () => {
    const engine = await makeEngine()
    await engine.git(['switch', '--quiet', '-c', 'old'])
    const tip = await engine.commit('on old')
    await engine.git(['switch', '--quiet', 'main'])
    await engine.commit('on main')
    const path = join(engine.parent, 'wt')
    await engine.git(['worktree', 'add', '--quiet', path, 'old'])
    const { context } = await engine.open()
    const work = await registerWorktree(context, path, { createdBy: 'hook', setup: 'skip' })
    expect(work?.session).toMatchObject({ branch: 'old', ownsBranch: false, base: 'main', baseCommit: tip })
  })

  it('of one that is gone does nothing', async () => {
    const engine = await makeEngine()
    const { context } = await engine.open()
    expect(await registerWorktree(context, join(engine.parent, 'none'), { createdBy: 'hook', setup: 'run' })).toBeUndefined()
  })
})
