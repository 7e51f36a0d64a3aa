import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { endSession } from '../../../src/sessions/end/end-session.ts'
import { requireMergeable } from '../../../src/sessions/end/integrate-step.ts'
import { abandoning, type Ended, type EndInput } from '../../../src/sessions/end/end-input.ts'
import { findMergedSessions } from '../../../src/sessions/find-merged.ts'
import { type Engine, makeEngine } from './engine.ts'

/** A branch with a commit main has not. */
async function makeBranch(engine: Engine, name: string): Promise<string> {
  await engine.git(['switch', '--quiet', '-c', name])
  const oid = await engine.commit(`on ${name}`, { [name]: `${name}\n` })
  await engine.git(['switch', '--quiet', 'main'])
  return oid
}

const merge = (engine: Engine, branch: string): Promise<string> =>
  engine.git(['merge', '--quiet', '--no-ff', '--no-edit', branch])

async function mergedIds(engine: Engine): Promise<string[]> {
  const { context, set } = await engine.reconcile()
  return (await findMergedSessions(context, set)).map(({ entry }) => entry.session.id)
}

const input: EndInput = { ...abandoning, strategy: 'merge' }

async function endMerged(engine: Engine, id: string): Promise<Ended> {
  const { context } = await engine.open()
  const entry = await engine.session(id)
  await requireMergeable(context, entry, input, entry.worktree.head ?? '')
  return endSession(context, entry, input)
}

describe.concurrent('a worktree of a branch that was there before', () => {
  it('checked out just to look, merged long ago, is never taken for finished work', async () => {
    const engine = await makeEngine()
    await makeBranch(engine, 'release')
    await merge(engine, 'release')
    await engine.git(['worktree', 'add', '--quiet', join(engine.parent, 'rel'), 'release'])
    expect(await mergedIds(engine)).toEqual([])
    await engine.commit('later', { later: '' })
    expect(await mergedIds(engine)).toEqual([])
    expect((await engine.session('rel')).session.ownsBranch).toBe(false)
  })

  it('whose own commits are merged before anything is done in the session stays, also when it was started on purpose', async () => {
    const engine = await makeEngine()
    await makeBranch(engine, 'topic')
    await makeBranch(engine, 'session/again')
    await engine.git(['worktree', 'add', '--quiet', join(engine.parent, 'topic'), 'topic'])
    await engine.start('again', { reuseBranch: true })
    await engine.reconcile()
    for (const branch of ['topic', 'session/again']) await merge(engine, branch)
    expect(await mergedIds(engine)).toEqual([])
    await engine.commit('more', { more: '' }, join(engine.parent, 'topic'))
    expect(await mergedIds(engine)).toEqual([])
    await merge(engine, 'topic')
    expect(await mergedIds(engine)).toEqual(['topic'])
  })

  it('whose reflog expired to one line is not ours to delete', async () => {
    const engine = await makeEngine()
    const tip = await makeBranch(engine, 'old')
    const reflog = join(engine.commonDir, 'logs/refs/heads/old')
    const [, last = ''] = (await engine.read(reflog)).trimEnd().split('\n')
    expect(last).toContain(tip)
    await writeFile(reflog, `${last}\n`)
    await engine.git(['worktree', 'add', '--quiet', join(engine.parent, 'old'), 'old'])
    await engine.reconcile()
    expect((await engine.session('old')).session.ownsBranch).toBe(false)
  })

  it('that git made from the branch of the same name on a remote is not ours to delete', async () => {
    const engine = await makeEngine({ remote: true })
    await makeBranch(engine, 'develop')
    await engine.git(['push', '--quiet', 'origin', 'develop'])
    await engine.git(['branch', '--quiet', '-D', 'develop'])
    await engine.git(['worktree', 'add', '--quiet', join(engine.parent, 'dev'), 'develop'])
    await engine.git(['worktree', 'add', '--quiet', '-b', 'mine', join(engine.parent, 'mine'), 'main'])
    await engine.reconcile()
    expect((await engine.session('dev')).session.ownsBranch).toBe(false)
    expect((await engine.session('mine')).session.ownsBranch).toBe(true)
  })

  it.each(['now', 'before', 'by fast-forward', 'by squash'])(
    'is ended by merging what it held before: merged %s',
    async (when) => {
      const engine = await makeEngine()
      const tip = await makeBranch(engine, 'topic')
      const path = join(engine.parent, 'wt')
      await engine.git(['worktree', 'add', '--quiet', path, 'topic'])
      await engine.reconcile()
      if (when === 'before') await merge(engine, 'topic')
      if (when === 'by fast-forward') await engine.git(['merge', '--quiet', '--ff-only', 'topic'])
      if (when === 'by squash') {
        await engine.git(['merge', '--quiet', '--squash', 'topic'])
        await engine.commit('squashed')
      }
      const before = await engine.git(['rev-parse', 'main'])
      expect((await endMerged(engine, 'wt')).result).toMatchObject({ worktreeRemoved: true, branchDeleted: false })
      expect(await engine.git(['show', 'main:topic'])).toBe('topic')
      expect(await engine.git(['rev-parse', 'topic'])).toBe(tip)
      if (when !== 'now') expect(await engine.git(['rev-parse', 'main'])).toBe(before)
    },
  )

  it('that has nothing of its own cannot be merged', async () => {
    const engine = await makeEngine()
    await engine.git(['branch', 'same'])
    await engine.git(['worktree', 'add', '--quiet', join(engine.parent, 'wt'), 'same'])
    await engine.reconcile()
    await expect(endMerged(engine, 'wt')).rejects.toMatchObject({ code: 'NOTHING_TO_MERGE' })
  })
})
