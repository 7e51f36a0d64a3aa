import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { syncCommand } from '../../../src/commands/sync.ts'
import { syncSession } from '../../../src/sessions/sync/sync-session.ts'
import { invoke } from '../../support/invoke.ts'
import { change, makeSyncWorld, type SyncWorld, usual } from './sync-world.ts'

/** A session that stands on another one's branch, and a base that went on. */
async function stacked(): Promise<{ world: SyncWorld; child: string }> {
  const world = await makeSyncWorld()
  await world.commit({ 'own.txt': 'own\n' }, 'below')
  const { path: child } = await world.engine.start('child', { base: 'session/work' })
  await world.engine.write(join(child, 'child.txt'), 'child\n')
  await world.engine.commit('above', {}, child)
  await world.base({ 'a.txt': change(9, 'theirs') }, 'on main')
  return { world, child }
}

async function syncChild(world: SyncWorld) {
  const { context } = await world.engine.open()
  return syncSession(context, await world.engine.session('child'), usual)
}

describe('a session on another session’s branch', () => {
  test('comes after that one with --all, and its own commits alone are put onto it', async () => {
    const { world, child } = await stacked()
    const { path: cwd, env } = world.engine
    const { data, failure } = await invoke(syncCommand, { cwd, env, options: { all: true }, json: true })
    expect(failure).toBeUndefined()
    expect(data).toMatchObject({
      results: [
        { id: 'work', outcome: 'synced' },
        { id: 'child', outcome: 'synced' },
      ],
    })
    expect(await world.engine.git(['log', '--format=%s', '-3'], child)).toBe('above\nbelow\non main')
    expect(await world.engine.git(['merge-base', 'HEAD', 'session/work'], child)).toBe(await world.git('rev-parse', 'HEAD'))
  })

  test('is not asked about commits that are rewritten there and not gone', async () => {
    const { world, child } = await stacked()
    await world.sync()
    const { result, findings } = await syncChild(world)
    expect([result.outcome, findings]).toEqual(['synced', []])
    expect(await world.engine.git(['log', '--format=%s', 'main..HEAD'], child)).toBe('above\nbelow')
  })

  test('is asked where one of them is gone', async () => {
    const { world, child } = await stacked()
    await world.sync()
    await world.git('reset', '--quiet', '--hard', 'main')
    const before = await world.engine.git(['rev-parse', 'HEAD'], child)
    expect((await syncChild(world)).result).toMatchObject({ outcome: 'failed', error: { code: 'BASE_REWRITTEN' } })
    expect(await world.engine.git(['rev-parse', 'HEAD'], child)).toBe(before)
  })
})
