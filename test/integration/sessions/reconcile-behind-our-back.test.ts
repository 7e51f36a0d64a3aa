import { execFile } from 'node:child_process'
import { lstat, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it } from 'vitest'
import { openContext } from '../../../src/sessions/open-context.ts'
import { reconcile } from '../../../src/sessions/reconcile.ts'
import { makeGitCounter } from '../../support/count-git.ts'
import { runProgram } from '../../support/run-cli.ts'
import { type Engine, loadConfigOf, makeEngine } from './engine.ts'

/** Every file Flight Rules keeps, with its bytes, and when each was written. */
async function recordedIn(engine: Engine): Promise<Record<string, string>> {
  const files: Record<string, string> = {}
  for (const root of [engine.sessionsDir, join(engine.commonDir, 'flightrules'), join(engine.commonDir, 'worktrees')]) {
    for (const entry of await readdir(root, { recursive: true, withFileTypes: true }).catch(() => [])) {
      const path = join(entry.parentPath, entry.name)
      if (!entry.isFile() || !/manifest|flightrules|history|logs/.test(path)) continue
      const { mtimeNs } = await lstat(path, { bigint: true })
      files[path] = `${mtimeNs} ${await readFile(path, 'latin1')}`
    }
  }
  return files
}

const entries = async (engine: Engine): Promise<unknown> =>
  (await engine.manifest()).sessions.map((entry) => {
    const { id, branch, worktree, orphaned } = entry as unknown as Record<string, unknown>
    return [id, branch, worktree, orphaned === true ? 'orphaned' : 'there']
  })

type Change = (engine: Engine, path: string) => Promise<unknown>

const unlocked = async (engine: Engine, path: string, ...args: string[]): Promise<unknown> => {
  await engine.git(['worktree', 'unlock', path])
  return engine.git(['worktree', ...args])
}

describe.concurrent('what somebody did behind our back is in the manifest with the next command, and the one after it changes nothing', () => {
  it.each<[string, Change, unknown[][]]>([
    [
      'added',
      (engine) => engine.git(['worktree', 'add', '--quiet', '-b', 'b', join(engine.parent, 'b')]),
      [
        ['a', 'session/a', '../project-sessions/a', 'there'],
        ['b', 'b', '../b', 'there'],
      ],
    ],
    [
      'moved by git',
      (engine, path) => unlocked(engine, path, 'move', path, join(engine.parent, 'x')),
      [['a', 'session/a', '../x', 'there']],
    ],
    ['moved by mv', (_engine, path) => rename(path, `${path}-x`), [['a', 'session/a', '../project-sessions/a', 'orphaned']]],
    [
      'moved by mv and repaired',
      async (engine, path) => {
        await rename(path, `${path}-x`)
        await engine.git(['worktree', 'repair', `${path}-x`])
      },
      [['a', 'session/a', '../project-sessions/a-x', 'there']],
    ],
    [
      'deleted by rm',
      (_engine, path) => rm(path, { recursive: true }),
      [['a', 'session/a', '../project-sessions/a', 'orphaned']],
    ],
    [
      'removed by force',
      (engine, path) => engine.git(['worktree', 'remove', '-f', '-f', path]),
      [['a', 'session/a', '../project-sessions/a', 'orphaned']],
    ],
    [
      'unlocked and removed',
      (engine, path) => unlocked(engine, path, 'remove', path),
      [['a', 'session/a', '../project-sessions/a', 'orphaned']],
    ],
    ['without its .git', (_engine, path) => rm(join(path, '.git')), [['a', 'session/a', '../project-sessions/a', 'orphaned']]],
    [
      'a file where it was',
      async (engine, path) => {
        await rename(path, `${path}-x`)
        await engine.write(path, 'x')
      },
      [['a', 'session/a', '../project-sessions/a', 'orphaned']],
    ],
    [
      'switched',
      (engine, path) => engine.git(['switch', '--quiet', '-c', 'other'], path),
      [['a', 'other', '../project-sessions/a', 'there']],
    ],
    [
      'renamed',
      (engine, path) => engine.git(['branch', '-m', 'session/a', 'better'], path),
      [['a', 'better', '../project-sessions/a', 'there']],
    ],
    [
      'detached',
      (engine, path) => engine.git(['switch', '--quiet', '--detach'], path),
      [['a', null, '../project-sessions/a', 'there']],
    ],
    [
      'orphan branch',
      (engine, path) => engine.git(['switch', '--quiet', '--orphan', 'fresh'], path),
      [['a', 'fresh', '../project-sessions/a', 'there']],
    ],
  ])('%s', async (_, change, expected) => {
    const engine = await makeEngine()
    const { path } = await engine.start('a')
    await engine.commit('work', { a: 'a\n' }, path)
    const tip = await engine.git(['rev-parse', 'session/a'])
    await change(engine, path)
    await engine.reconcile()
    expect(await entries(engine)).toEqual(expected)
    const before = await recordedIn(engine)
    expect((await engine.reconcile()).findings).toEqual([])
    expect(await recordedIn(engine)).toEqual(before)
    expect(await engine.git(['cat-file', '-t', tip])).toBe('commit')
    expect(await engine.git(['for-each-ref', '--format=%(objectname)', 'refs/heads'])).toContain(tip)
  })

  it('a plain remove and a prune are refused by the lock of git', async () => {
    const engine = await makeEngine()
    const { path } = await engine.start('a')
    for (const args of [
      ['worktree', 'remove', path],
      ['worktree', 'remove', '--force', path],
    ]) {
      const { status, stderr } = await runProgram('git', args, { cwd: engine.path, env: engine.env })
      expect([args, status, stderr.includes('flightrules end a')]).toEqual([args, 128, true])
    }
    await rm(path, { recursive: true })
    await engine.git(['worktree', 'prune', '--expire=now'])
    expect((await engine.session('a')).worktree).toMatchObject({ path, branch: 'refs/heads/session/a' })
  })
})

describe.concurrent('a sessions directory that is away', () => {
  it('is not made anew, and everything is there when it is back', async () => {
    const engine = await makeEngine()
    for (const id of ['a', 'b']) await engine.start(id)
    const before = await readFile(join(engine.sessionsDir, '.manifest.json'), 'utf8')
    await rename(engine.sessionsDir, `${engine.sessionsDir}-away`)
    for (let round = 0; round < 2; round += 1) {
      const { set, findings } = await engine.reconcile()
      expect([set.registered.length, set.registered.every(({ worktree }) => worktree.prunable !== null), findings]).toEqual([
        2,
        true,
        [],
      ])
    }
    await expect(lstat(engine.sessionsDir)).rejects.toThrow('ENOENT')
    await rename(`${engine.sessionsDir}-away`, engine.sessionsDir)
    expect((await engine.reconcile()).findings).toEqual([])
    expect(await readFile(join(engine.sessionsDir, '.manifest.json'), 'utf8')).toBe(before)
  })

  it('with a session elsewhere still in reach, is not made anew either', async () => {
    const engine = await makeEngine()
    await engine.start('a')
    await engine.git(['worktree', 'add', '--quiet', '-b', 'b', join(engine.parent, 'b')])
    await engine.reconcile()
    await rename(engine.sessionsDir, `${engine.sessionsDir}-away`)
    const { set } = await engine.reconcile()
    expect(set.registered.map(({ session, worktree }) => [session.id, worktree.prunable === null])).toEqual([
      ['b', true],
      ['a', false],
    ])
    await expect(lstat(engine.sessionsDir)).rejects.toThrow('ENOENT')
  })
})

describe.concurrent('a session whose branch', () => {
  it('somebody deleted has it back where it stands, with its commits', async () => {
    const engine = await makeEngine()
    const { path } = await engine.start('a')
    const tip = await engine.commit('work', { a: 'a\n' }, path)
    await engine.git(['update-ref', '-d', 'refs/heads/session/a'])
    expect((await engine.reconcile()).findings).toMatchObject([{ code: 'BRANCH_RECREATED', details: { oid: tip } }])
    expect(await engine.git(['rev-parse', 'session/a', 'HEAD'], path)).toBe(`${tip}\n${tip}`)
    expect(await engine.git(['status', '--porcelain'], path)).toBe('')
    expect((await engine.reconcile()).findings).toEqual([])
  })

  it('was deleted from inside, to begin anew, is left as it is', async () => {
    const engine = await makeEngine()
    const { path } = await engine.start('a')
    await engine.commit('work', { a: 'a\n' }, path)
    await engine.git(['update-ref', '-d', 'HEAD'], path)
    expect((await engine.reconcile()).findings).toEqual([])
    expect(await engine.git(['for-each-ref', 'refs/heads/session'])).toBe('')
  })
})

describe('reconciling where nothing changed', () => {
  it('costs one list of worktrees and no other git process', async () => {
    const engine = await makeEngine()
    for (const id of ['a', 'b', 'c']) await engine.start(id)
    const counter = await makeGitCounter(engine.env)
    for (let round = 0; round < 3; round += 1) {
      const { context, worktrees } = await openContext({ cwd: engine.path, env: counter.env, loadConfig: loadConfigOf() })
      await reconcile(context, worktrees)
      const calls = await counter.take()
      // the version is asked for once
      if (round > 0) expect(calls).toEqual(['worktree'])
    }
  })

  it('also from a session, through a symbolic link', async () => {
    const engine = await makeEngine()
    const { path } = await engine.start('a')
    await symlink(engine.parent, `${engine.parent}-link`)
    const link = path.replace(engine.parent, `${engine.parent}-link`)
    const { context, worktrees } = await openContext({ cwd: link, env: engine.env, loadConfig: loadConfigOf() })
    const before = await recordedIn(engine)
    expect((await reconcile(context, worktrees)).findings).toEqual([])
    expect(await recordedIn(engine)).toEqual(before)
    await promisify(execFile)('rm', [`${engine.parent}-link`])
  })
})
