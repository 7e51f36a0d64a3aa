import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { copyFile, lstat, open, rename, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findLocks } from '../../../src/sessions/cleanup/find-locks.ts'
import { findLockHolder } from '../../../src/sessions/cleanup/lock-holder.ts'
import { readLockFile } from '../../../src/git/lock-files.ts'
import type { CleanupTask } from '../../../src/sessions/cleanup/cleanup-task.ts'
import { type Engine, makeEngine } from './engine.ts'

const hourAgo = (): Date => new Date(Date.now() - 3_600_000)

async function leaveLock(engine: Engine, name: string, when = hourAgo()): Promise<string> {
  const path = join(engine.commonDir, name)
  await engine.write(path, '')
  await utimes(path, when, when)
  return path
}

async function look(engine: Engine): Promise<readonly CleanupTask[]> {
  const { context, set, findings } = await engine.reconcile()
  return findLocks({ context, set, findings, staleAfter: null, network: 'none', note: () => {} })
}

const isThere = (path: string): Promise<boolean> =>
  lstat(path).then(
    () => true,
    () => false,
  )

/** A program called git that sits somewhere and does nothing. */
async function pretendGit(engine: Engine, cwd: string, env: Record<string, string> = {}): Promise<() => Promise<unknown>> {
  const fake = join(engine.parent, 'git')
  await copyFile('/bin/sleep', fake)
  const child = spawn(fake, ['60'], { cwd, env: { ...engine.env, ...env }, stdio: 'ignore' })
  await once(child, 'spawn')
  return async () => {
    child.kill('SIGKILL')
    await once(child, 'close')
  }
}

describe.skipIf(process.platform !== 'linux')('a lock file of git', () => {
  it('that a killed git left goes, wherever it is, and git writes again', async () => {
    const engine = await makeEngine()
    await engine.start('a')
    const names = ['packed-refs.lock', 'config.lock', 'refs/heads/main.lock', 'worktrees/a/index.lock', 'worktrees/a/HEAD.lock']
    const paths = await Promise.all(names.map((name) => leaveLock(engine, name)))
    const tasks = await look(engine)
    expect(tasks.map(({ id, verdict }) => [id, verdict])).toEqual(paths.toSorted().map((path) => [path, 'safe']))
    for (const task of tasks) await task.carryOut('run')
    expect(await Promise.all(paths.map(isThere))).toEqual(names.map(() => false))
    await engine.commit('after', { b: 'b\n' })
    expect(await look(engine)).toEqual([])
  })

  it('that is young is not spoken of', async () => {
    const engine = await makeEngine()
    await leaveLock(engine, 'index.lock', new Date())
    expect(await look(engine)).toEqual([])
  })

  it('that a process has open stays, whatever the process is called', async () => {
    const engine = await makeEngine()
    const path = await leaveLock(engine, 'index.lock')
    const handle = await open(path)
    const child = spawn('sleep', ['60'], { cwd: '/', stdio: [handle.fd, 'ignore', 'ignore'] })
    await handle.close()
    try {
      const [task] = await look(engine)
      expect(task).toMatchObject({ verdict: 'leave', evidence: expect.stringContaining('has it open') as string })
    } finally {
      child.kill('SIGKILL')
    }
    expect(await isThere(path)).toBe(true)
  })

  it('stays while a git is at work in the repository, or may be from elsewhere; another repository does not matter', async () => {
    const engine = await makeEngine()
    const { path: session } = await engine.start('a')
    const path = await leaveLock(engine, 'index.lock')
    const cases: [string, Record<string, string>, string][] = [
      [session, {}, 'leave'],
      [join(engine.path, '.git'), {}, 'leave'],
      ['/', { GIT_DIR: join(engine.path, '.git') }, 'leave'],
      [engine.parent, {}, 'safe'],
    ]
    for (const [cwd, env, verdict] of cases) {
      const stop = await pretendGit(engine, cwd, env)
      try {
        expect([cwd, (await look(engine))[0]?.verdict]).toEqual([cwd, verdict])
      } finally {
        await stop()
      }
    }
    expect(await isThere(path)).toBe(true)
  })

  it('that somebody takes between the look and the deletion stays', async () => {
    const engine = await makeEngine()
    const path = await leaveLock(engine, 'index.lock')
    const [task] = await look(engine)
    const stop = await pretendGit(engine, engine.path)
    await expect(task?.carryOut('run')).rejects.toMatchObject({ code: 'LOCK_IN_USE', message: expect.stringContaining('git') })
    await stop()
    await writeFile(`${path}.new`, 'another one')
    await rename(`${path}.new`, path)
    await expect(task?.carryOut('run')).rejects.toMatchObject({
      code: 'LOCK_IN_USE',
      message: expect.stringContaining('another'),
    })
    expect(await engine.read(path)).toBe('another one')
  })

  it('of another user is nobody’s to judge', async () => {
    const engine = await makeEngine()
    const lock = await readLockFile(await leaveLock(engine, 'index.lock'))
    if (lock === undefined) throw new Error('it is there')
    expect(await findLockHolder({ ...lock, uid: lock.uid + 1 }, [engine.path])).toContain('another user')
  })
})
