import { describe, expect, it } from 'vitest'
import { findBranches } from '../../../src/sessions/cleanup/find-branches.ts'
import type { CleanupTask } from '../../../src/sessions/cleanup/cleanup-task.ts'
import { type Engine, makeEngine } from './engine.ts'

const nothing = '0'.repeat(40)

/** What a start that was killed with its journal leaves. */
async function leaveBranch(engine: Engine, branch: string, at = 'HEAD'): Promise<string> {
  const oid = await engine.git(['rev-parse', at])
  await engine.git(['update-ref', '-m', `flightrules: start ${branch}`, `refs/heads/session/${branch}`, oid, nothing])
  return oid
}

async function look(engine: Engine): Promise<readonly CleanupTask[]> {
  const { context, set, findings } = await engine.reconcile()
  return findBranches({ context, set, findings, staleAfter: null, network: 'none', note: () => {} })
}

const branches = (engine: Engine): Promise<string> => engine.git(['for-each-ref', '--format=%(refname:short)', 'refs/heads'])

describe.concurrent('a branch', () => {
  it('a start left where it began goes', async () => {
    const engine = await makeEngine()
    await leaveBranch(engine, 'left')
    await engine.commit('main goes on')
    const tasks = await look(engine)
    expect(tasks.map(({ id, verdict }) => [id, verdict])).toEqual([['session/left', 'safe']])
    await tasks[0]?.carryOut('run')
    expect(await branches(engine)).toBe('main')
  })

  it('of a session, of a person, with commits, moved, or checked out is not left over', async () => {
    const engine = await makeEngine()
    await engine.start('a')
    await engine.git(['branch', 'session/person'])
    const { path } = await engine.start('b')
    await engine.commit('work', {}, path)
    await engine.git(['switch', '--quiet', '--detach'], path)
    await leaveBranch(engine, 'moved')
    await engine.git(['update-ref', 'refs/heads/session/moved', await engine.commit('more')])
    await leaveBranch(engine, 'used')
    await engine.git(['worktree', 'add', '--quiet', `${engine.parent}/used`, 'session/used'])
    const { path: lost } = await engine.start('lost')
    await engine.git(['worktree', 'remove', '-f', '-f', lost])
    await engine.git(['switch', '--quiet', '-c', 'old-base'])
    await leaveBranch(engine, 'base')
    await engine.start('on-base', { base: 'session/base' })
    expect((await look(engine)).map(({ id }) => id)).toEqual([])
  })

  it('that alone holds its commit waits for a decision, and its commit is kept then', async () => {
    const engine = await makeEngine()
    const tip = await engine.commit('soon nobody’s')
    for (const name of ['one', 'two']) await leaveBranch(engine, name)
    await engine.git(['reset', '--quiet', '--keep', 'HEAD~1'])
    const tasks = await look(engine)
    expect(tasks.map(({ id, verdict }) => [id, verdict])).toEqual([
      ['session/one', 'ask'],
      ['session/two', 'ask'],
    ])
    for (const task of tasks) await task.carryOut('run')
    await engine.git(['reflog', 'expire', '--expire=now', '--all'])
    await engine.git(['gc', '--quiet', '--prune=now'])
    expect(await branches(engine)).toBe('main')
    expect(await engine.git(['for-each-ref', '--format=%(objectname)', 'refs/flightrules/trash'])).toContain(tip)
  })

  it('that moves between the look and the deletion stays', async () => {
    const engine = await makeEngine()
    await leaveBranch(engine, 'left')
    const [task] = await look(engine)
    await engine.git(['update-ref', 'refs/heads/session/left', await engine.commit('work')])
    await expect(task?.carryOut('run')).rejects.toMatchObject({ code: 'BRANCH_CHANGED' })
    expect(await branches(engine)).toContain('session/left')
  })
})
