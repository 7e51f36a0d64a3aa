import { existsSync } from 'node:fs'
import { readdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { describe, expect, it } from 'vitest'
import type { Context } from '../../../src/sessions/context.ts'
import { loadRecord } from '../../../src/sessions/record.ts'
import { retireSession } from '../../../src/sessions/retire-session.ts'
import { saveSession } from '../../../src/sessions/save-session.ts'
import { type StartResult, startSession } from '../../../src/sessions/start.ts'
import { type Engine, makeEngine, startInput } from './engine.ts'

/** A start whose setup command waits until the file `go` is there. */
async function startSlowly(): Promise<{ engine: Engine; starting: Promise<StartResult>; finish: () => Promise<void> }> {
  const engine = await makeEngine()
  const [running, go] = [join(engine.parent, 'running'), join(engine.parent, 'go')]
  const { context } = await engine.open()
  const wait = `: >'${running}'; n=0; while [ ! -e '${go}' ] && [ $n -lt 300 ]; do sleep 0.1; n=$((n+1)); done`
  const slow: Context = {
    ...context,
    loaded: { ...context.loaded, trust: 'approved' as const, config: { ...context.loaded.config, postCreateHook: [wait] } },
  }
  const starting = startSession(slow, { ...startInput, name: 'a' })
  starting.catch(() => {})
  while (!existsSync(running)) await Promise.race([sleep(10), starting])
  return { engine, starting, finish: () => engine.write(go, '') }
}

async function end(engine: Engine): Promise<void> {
  const entry = await engine.session('a')
  await retireSession((await engine.open()).context, entry, {
    reason: 'abandoned',
    event: 'ended',
    tip: entry.worktree.head,
    content: 'any',
    deleteBranch: true,
  })
}

describe.skipIf(process.platform === 'win32').concurrent('a setup that outlives its session', () => {
  it('writes nothing about another one of the same name, and says so', async () => {
    const { engine, starting, finish } = await startSlowly()
    const { gitDir } = await engine.session('a')
    await end(engine)
    const readRecord = (): Promise<unknown> => loadRecord(gitDir)
    const before = await readRecord()
    await engine.start('a')
    const now = (await engine.session('a')).session
    await finish()
    await expect(starting).rejects.toMatchObject({
      kind: 'failed',
      code: 'SESSION_CHANGED',
      message: expect.stringContaining('session a was ended'),
    })
    expect((await engine.session('a')).session).toEqual(now)
    expect(await readRecord()).toEqual(before)
  })

  it('leaves what was decided about it meanwhile', async () => {
    const { engine, starting, finish } = await startSlowly()
    const { session, gitDir } = await engine.session('a')
    await saveSession((await engine.open()).context, gitDir, { ...session, status: 'kept' })
    await finish()
    await starting
    expect((await engine.session('a')).session).toMatchObject({ status: 'kept', setup: { status: 'ok' } })
  })
})

it('what git forgot is not made again by storing a session', async () => {
  const engine = await makeEngine()
  await engine.start('a')
  const { gitDir, session, worktree } = await engine.session('a')
  const { context } = await engine.open()
  await engine.git(['worktree', 'remove', '--force', '--force', worktree.path])
  await expect(saveSession(context, gitDir, session)).rejects.toMatchObject({ code: 'SESSION_CHANGED' })
  expect(await readdir(join(engine.commonDir, 'worktrees')).catch(() => [])).toEqual([])
})
