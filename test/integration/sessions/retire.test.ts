import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { chmod, readdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { findMergedSessions } from '../../../src/sessions/find-merged.ts'
import { type Retired, type Retirement, retireSession } from '../../../src/sessions/retire-session.ts'
import { listSpareContent } from '../../../src/sessions/spare-content.ts'
import { type Engine, makeEngine } from './engine.ts'

async function retire(engine: Engine, id: string, retirement: Partial<Retirement> = {}): Promise<Retired> {
  const { context } = await engine.open()
  const entry = await engine.session(id)
  return retireSession(context, entry, {
    reason: 'merged into main',
    event: 'ended',
    tip: entry.worktree.head,
    content: 'clean',
    deleteBranch: true,
    ...retirement,
  })
}

const branches = (engine: Engine): Promise<string> =>
  engine.git(['for-each-ref', '--format=%(refname:short)', 'refs/heads/session'])
const exists = (path: string): Promise<boolean> =>
  readdir(path).then(
    () => true,
    () => false,
  )

describe.concurrent('retiring a session', () => {
  it('that is clean takes worktree, branch, manifest entry and the empty sessions directory', async () => {
    const engine = await makeEngine()
    await engine.start('a')
    expect(await retire(engine, 'a')).toMatchObject({ purged: true, branchDeleted: true, findings: [] })
    expect(await exists(engine.sessionsDir)).toBe(false)
    expect(await branches(engine)).toBe('')
    expect(await engine.git(['worktree', 'list', '--porcelain'])).not.toContain('sessions')
    const history = (await engine.read('.git/flightrules/history.jsonl')).trim().split('\n')
    expect(JSON.parse(history.at(-1) ?? '')).toMatchObject({
      event: 'ended',
      id: 'a',
      reason: 'merged into main',
      branch: 'session/a',
    })
  })

  it.each([
    [
      'a repository without a commit',
      async (engine: Engine, path: string) => void (await engine.git(['init', '--quiet', join(path, 'inner')])),
    ],
    [
      'files for a filter that is not installed',
      async (engine: Engine, path: string) => {
        await engine.git(['config', 'filter.absent.clean', 'no-such-program'])
        await engine.git(['config', 'filter.absent.required', 'true'])
        await writeFile(join(path, '.gitattributes'), '*.bin filter=absent\n')
      },
    ],
  ])('that git cannot add is put away all the same, whole: %s', async (_, spoil) => {
    const engine = await makeEngine()
    const { path } = await engine.start('a')
    const head = await engine.commit('work', { 'work.txt': 'work\n' }, path)
    await writeFile(join(path, 'late.bin'), 'late\n')
    await spoil(engine, path)
    const { item, purged } = await retire(engine, 'a', { tip: head, content: 'any' })
    expect(purged).toBe(false)
    expect(await engine.read(join(item.path, 'late.bin'))).toBe('late\n')
    expect(await engine.git(['merge-base', '--is-ancestor', head, item.ref])).toBe('')
    expect(await exists(path)).toBe(false)
  })

  it('that is clean keeps the commits only its own git directory names', async () => {
    const engine = await makeEngine()
    const { path } = await engine.start('a')
    await engine.git(['checkout', '--quiet', '--detach'], path)
    const aside = await engine.commit('aside', { 'aside.txt': 'aside\n' }, path)
    await engine.git(['checkout', '--quiet', 'session/a'], path)
    const own = await engine.git(['commit-tree', 'HEAD^{tree}', '-m', 'own'], path)
    await engine.git(['update-ref', 'refs/worktree/own', own], path)
    const { item, purged } = await retire(engine, 'a')
    expect(purged).toBe(true)
    for (const oid of [aside, own]) await engine.git(['merge-base', '--is-ancestor', oid, item.ref])
    expect(await engine.git(['rev-parse', `${item.ref}^1`])).toBe(item.head)
  })

  it('whose log grows right after it was stored stays in the trash', async () => {
    const engine = await makeEngine({ config: { sessionLog: { dir: 'docs/logs' } } })
    const { path } = await engine.start('a')
    const log = (await engine.session('a')).session.sessionLog ?? ''
    const hook = join(engine.commonDir, 'hooks', 'reference-transaction')
    const grow = `case "$1:$(cat)" in committed:*refs/flightrules/trash/*) echo late >> '${join(path, log)}';; esac`
    await writeFile(hook, `#!/bin/sh\n[ -d '${path}' ] || exit 0\n${grow}\n`, { mode: 0o755 })
    const { item, purged } = await retire(engine, 'a')
    expect(purged).toBe(false)
    expect(await engine.read(join(item.path, log))).toContain('late\n')
  })

  it.skipIf(!existsSync('/proc/self/fd'))('in which somebody outside has a file open stays in the trash', async () => {
    const engine = await makeEngine()
    const { path } = await engine.start('a')
    const writer = spawn('/bin/sh', ['-c', `exec 3>>README.md; cd /; echo ready; read -r line; echo "$line" >&3`], {
      cwd: path,
      detached: true,
    })
    await once(writer.stdout, 'data')
    const { item, purged } = await retire(engine, 'a')
    writer.stdin.end('late\n')
    await once(writer, 'close')
    expect(purged).toBe(false)
    expect(await engine.read(join(item.path, 'README.md'))).toContain('late\n')
  })

  it('that holds uncommitted work, or moved on, is refused whole', async () => {
    const engine = await makeEngine()
    const { path } = await engine.start('a')
    const { tip } = { tip: await engine.git(['rev-parse', 'HEAD']) }
    await engine.write(join(path, 'new'), 'x\n')
    await expect(retire(engine, 'a')).rejects.toMatchObject({ code: 'SESSION_CHANGED', message: expect.stringContaining('new') })
    await engine.commit('late', {}, path)
    await expect(retire(engine, 'a', { tip, content: 'any' })).rejects.toMatchObject({
      code: 'SESSION_CHANGED',
      message: expect.stringContaining('HEAD'),
    })
    expect(await exists(path)).toBe(true)
    expect(await branches(engine)).toBe('session/a')
    expect((await engine.manifest()).sessions).toHaveLength(1)
  })

  it('with content keeps all of it in the trash', async () => {
    const engine = await makeEngine({ files: { '.gitignore': 'ignored\n' } })
    const { path } = await engine.start('a')
    await engine.write(join(path, 'ignored'), 'x\n')
    const { purged, item } = await retire(engine, 'a')
    expect(purged).toBe(false)
    expect(await engine.read(join(item.path, 'ignored'))).toBe('x\n')
    expect((await engine.reconcile()).set.registered).toEqual([])
  })

  it('keeps a branch that others need, and says when it could not be deleted', async () => {
    const engine = await makeEngine()
    await engine.start('a')
    await engine.start('on-a', { base: 'session/a' })
    expect(await retire(engine, 'a')).toMatchObject({ branchDeleted: false })
    await engine.write(
      '.git/hooks/reference-transaction',
      '#!/bin/sh\n[ "$1" != prepared ] || ! grep -q refs/heads/session/on-a\n',
    )
    await chmod(join(engine.commonDir, 'hooks/reference-transaction'), 0o755)
    const { branchDeleted, findings } = await retire(engine, 'on-a')
    expect(branchDeleted).toBe(false)
    expect(findings).toMatchObject([{ code: 'BRANCH_KEPT' }])
    expect(await branches(engine)).toBe('session/a\nsession/on-a')
    expect(await exists(engine.sessionsDir)).toBe(false)
  })

  it('that ended meanwhile says so', async () => {
    const engine = await makeEngine()
    await engine.start('a')
    const results = await Promise.allSettled([retire(engine, 'a'), retire(engine, 'a')])
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected'])
  })

  it('never takes the main worktree', async () => {
    const engine = await makeEngine()
    const { set, context } = await engine.open()
    const { path } = await engine.start('a')
    const entry = await engine.session('a')
    await rm(path, { recursive: true })
    await expect(
      retireSession(
        context,
        { ...entry, ...set.main },
        { reason: 'x', event: 'ended', tip: entry.worktree.head, content: 'any', deleteBranch: true },
      ),
    ).rejects.toThrow()
    expect(await engine.git(['status', '--porcelain'])).toBe('')
  })
})

describe.concurrent('what would be lost with a clean worktree', () => {
  const spare = async (engine: Engine, id: string): Promise<string[]> =>
    listSpareContent((await engine.open()).context, await engine.session(id))

  it('is nothing of what setup would make again', async () => {
    const files = { '.gitignore': '.env*\nnode_modules\ndeps\n.husky/_\n' }
    const dependencies = { paths: ['deps', 'packages/*/deps', '**/target'], strategy: 'none' as const }
    const engine = await makeEngine({ files, config: { dependencies, ports: { PORT: 44_000 }, envFiles: ['.env'] } })
    await engine.write('.env', 'SECRET=1\n')
    const { path } = await engine.start('a')
    for (const file of ['deps/x', 'packages/p/deps/x', 'a/node_modules/x', '.husky/_/h']) await engine.write(join(path, file), '')
    expect(await spare(engine, 'a')).toEqual([])
    await engine.write(join(path, '.env'), 'SECRET=2\n')
    await engine.write(join(path, '.env.local'), `${await engine.read(join(path, '.env.local'))}MINE=1\n`)
    await engine.write(join(path, 'other/deps/x'), '')
    expect((await spare(engine, 'a')).toSorted()).toEqual(['.env', '.env.local', 'other/deps/'])
  })

  it('is a tracked file git was told not to look at', async () => {
    const engine = await makeEngine({ files: { a: '1\n', b: '1\n' } })
    const { path } = await engine.start('a')
    await engine.git(['update-index', '--assume-unchanged', 'a'], path)
    await engine.git(['update-index', '--skip-worktree', 'b'], path)
    expect(await spare(engine, 'a')).toEqual(['a', 'b'])
  })
})

describe('merged sessions', () => {
  it('are those with work of their own in the base; each obstacle is named', async () => {
    const engine = await makeEngine({ files: { a: '1\n' } })
    const ids = ['free', 'dirty', 'kept', 'busy', 'rebasing']
    for (const id of ids) await engine.commit(id, { [id]: `${id}\n` }, (await engine.start(id)).path)
    await engine.start('fresh')
    const open = await engine.start('open')
    await engine.commit('open', { open: '' }, open.path)
    for (const id of ids) await engine.git(['merge', '--quiet', '--no-edit', `session/${id}`])
    await engine.write(join(engine.sessionsDir, 'dirty/more'), '')
    const { session, gitDir } = await engine.session('kept')
    await writeFile(join(gitDir, 'flightrules.json'), JSON.stringify({ version: 1, ...session, status: 'kept' }))
    await writeFile(join((await engine.session('rebasing')).gitDir, 'BISECT_LOG'), '')
    const sleeper = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { cwd: join(engine.sessionsDir, 'busy') })
    try {
      await once(sleeper, 'spawn')
      const { context, set } = await engine.open()
      const found = await findMergedSessions(context, set)
      expect(
        Object.fromEntries(found.map(({ entry, into, obstacle }) => [entry.session.id, [into, obstacle?.why ?? null]])),
      ).toEqual({
        free: ['main', null],
        dirty: ['main', 'it has uncommitted changes: more'],
        kept: ['main', expect.stringContaining('keep')],
        busy: ['main', expect.stringContaining(`process ${sleeper.pid}`)],
        rebasing: ['main', 'a bisect is in progress there'],
      })
    } finally {
      sleeper.kill('SIGKILL')
    }
  })
})
