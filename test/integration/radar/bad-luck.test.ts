import { execFile } from 'node:child_process'
import { chmod, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'
import { readStatus } from '../../../src/git/status.ts'
import { readOrder } from '../../../src/sessions/radar/read-order.ts'
import { readRadar } from '../../../src/sessions/radar/read-radar.ts'
import { selectOpen } from '../../../src/sessions/radar/select-open.ts'
import { type Engine, makeEngine } from '../sessions/engine.ts'

const lines = Array.from({ length: 20 }, (_line, index) => `line ${index}\n`).join('')

async function write(engine: Engine, id: string, path: string, content: string): Promise<string> {
  const file = join(engine.sessionsDir, id, path)
  await mkdir(dirname(file), { recursive: true })
  await writeFile(file, content)
  return file
}

async function look(engine: Engine) {
  const { context, set } = await engine.open()
  const { pairs, findings } = await readRadar(context, { sessions: set.registered })
  const told = findings
    .map(({ code, message }) =>
      `${code} ${message}`.replaceAll(engine.parent, '<place>').replaceAll(/\b[0-9a-f]{40}\b/g, '<oid>'),
    )
    .toSorted()
  return { pairs, told, busy: pairs.filter(({ overlap, conflict }) => overlap.length + conflict.length > 0) }
}

/** Takes an object away, as a disk does. */
async function lose(engine: Engine, name: string): Promise<void> {
  const oid = await engine.git(['rev-parse', name])
  await rm(join(engine.commonDir, 'objects', oid.slice(0, 2), oid.slice(2)))
}

it('many-misfortunes-at-once: each is named, and the rest is compared all the same', async () => {
  const engine = await makeEngine({ files: { 'shared.txt': lines, 'other.txt': lines } })
  const at = (id: string): string => join(engine.sessionsDir, id)
  const git = (id: string, ...args: string[]): Promise<string> => engine.git(args, at(id))
  await engine.git(['branch', 'gone'])
  for (const id of ['fine', 'detached', 'torn-index', 'lost-commit', 'lost-tree', 'unborn', 'moved-away', 'unrelated', 'locked'])
    await engine.start(id)
  await engine.start('baseless', { base: 'gone' })
  for (const id of ['lost-commit', 'lost-tree', 'moved-away']) {
    await write(engine, id, 'shared.txt', `${id} 1\n`)
    await git(id, 'commit', '--quiet', '--all', '--message', '1')
    await write(engine, id, 'shared.txt', `${id} 2\n`)
    await git(id, 'commit', '--quiet', '--all', '--message', '2')
  }
  await write(engine, 'fine', 'shared.txt', lines.replace('line 3', 'fine'))
  await git('detached', 'checkout', '--quiet', '--detach')
  await write(engine, 'detached', 'shared.txt', lines.replace('line 3', 'detached'))
  await write(engine, 'baseless', 'shared.txt', lines.replace('line 3', 'fine'))
  await engine.git(['branch', '--quiet', '--delete', '--force', 'gone'])
  await lose(engine, 'session/lost-commit~1')
  await lose(engine, 'session/lost-tree^{tree}')
  await git('unborn', 'switch', '--quiet', '--orphan', 'nothing')
  await git('unrelated', 'switch', '--quiet', '--orphan', 'island')
  await write(engine, 'unrelated', 'shared.txt', 'island\n')
  await git('unrelated', 'add', '--all')
  await git('unrelated', 'commit', '--quiet', '--message', 'island')
  const index = await git('torn-index', 'rev-parse', '--absolute-git-dir')
  await writeFile(join(index, 'index'), 'no index\n')
  for (const lock of [
    join(await git('locked', 'rev-parse', '--absolute-git-dir'), 'index.lock'),
    join(engine.commonDir, 'packed-refs.lock'),
  ])
    await writeFile(lock, '')
  await write(engine, 'locked', 'other.txt', 'locked\n')
  await rename(at('moved-away'), join(engine.parent, 'elsewhere'))

  const { told, busy } = await look(engine)

  expect(told).toMatchInlineSnapshot(`
    [
      "BASE_GONE gone, the base of baseless, is not there any more; that session was compared with the others only",
      "NOT_COMPARED lost-commit could not be compared with baseless, detached, fine, locked, lost-tree, moved-away, torn-index, unrelated, base main; git said: error: Could not read <oid>; fatal: Failed to traverse parents of commit <oid>",
      "NOT_COMPARED lost-tree could not be compared with baseless, detached, fine, locked, moved-away, torn-index, base main; git said: fatal: unable to read tree <oid>",
      "NO_COMMITS session unborn has no commit checked out, so it was compared with nothing",
      "SESSION_UNREACHABLE session lost-tree: git cannot tell what is in <place>/project-sessions/lost-tree; only its commits were compared",
      "SESSION_UNREACHABLE session moved-away: its worktree is not at <place>/project-sessions/moved-away; only its commits were compared",
      "SESSION_UNREACHABLE session torn-index: git cannot tell what is in <place>/project-sessions/torn-index; only its commits were compared",
      "UNRELATED_HISTORIES unrelated has no commit in common with baseless, detached, fine, locked, lost-tree, moved-away, torn-index, base main, so there is no telling what either changed",
    ]
  `)
  expect(busy.map(({ a, b, conflict }) => `${a} ${b}: ${conflict.map(({ path, kind }) => `${path} ${kind}`).join()}`))
    .toMatchInlineSnapshot(`
    [
      "baseless detached: shared.txt content",
      "baseless fine: ",
      "baseless moved-away: shared.txt content",
      "detached fine: shared.txt content",
      "detached moved-away: shared.txt content",
      "fine moved-away: shared.txt content",
    ]
  `)
})

it('shallow-without-merge-base: said so, and no longer once the history is there', async () => {
  const source = await makeEngine({ files: { 'shared.txt': lines } })
  await source.git(['branch', 'topic'])
  await source.commit('base', { 'shared.txt': lines.replace('line 3', 'base') })
  const engine = await makeEngine({ files: { 'README.md': 'x\n' } })
  await engine.git(['fetch', '--quiet', '--depth', '1', `file://${source.path}`, 'main:shallow-main', 'topic:shallow-topic'])
  await source.git(['checkout', '--quiet', 'topic'])
  await source.commit('topic', { 'shared.txt': lines.replace('line 3', 'topic') })
  await engine.git(['fetch', '--quiet', '--depth', '1', `file://${source.path}`, '+topic:shallow-topic'])
  await engine.start('one', { base: 'shallow-topic' })
  await engine.start('two', { base: 'shallow-main' })
  await write(engine, 'one', 'shared.txt', lines.replace('line 3', 'one'))
  await write(engine, 'two', 'shared.txt', lines.replace('line 3', 'two'))
  const before = await look(engine)
  expect(before.told.filter((line) => line.startsWith('UNRELATED_HISTORIES'))).toEqual([
    expect.stringContaining('; this clone is shallow, its history is cut off'),
  ])
  expect(before.busy).toEqual([])
  await engine.git(['fetch', '--quiet', '--unshallow', `file://${source.path}`, 'main', 'topic'])
  const after = await look(engine)
  expect(after.told).toEqual([])
  expect(after.busy).toEqual([
    { a: 'one', b: 'two', overlap: ['shared.txt'], conflict: [{ path: 'shared.txt', kind: 'content' }] },
  ])
})

it('base-force-pushed: compared with what it is now', async () => {
  const engine = await makeEngine({ files: { 'shared.txt': lines, 'other.txt': lines } })
  await engine.commit('taken back', { 'other.txt': lines.replace('line 3', 'taken back') })
  await engine.start('one')
  await write(engine, 'one', 'shared.txt', lines.replace('line 3', 'one'))
  await engine.git(['reset', '--quiet', '--hard', 'HEAD~1'])
  await engine.commit('instead', {
    'shared.txt': lines.replace('line 3', 'instead'),
    'other.txt': lines.replace('line 3', 'instead'),
  })
  expect((await look(engine)).busy).toEqual([
    {
      a: 'one',
      b: 'base:main',
      overlap: ['other.txt', 'shared.txt'],
      conflict: [
        { path: 'other.txt', kind: 'content' },
        { path: 'shared.txt', kind: 'content' },
      ],
    },
  ])
})

it('ahead, behind and at the same commit: nothing in common, and nothing to say', async () => {
  const engine = await makeEngine({ files: { 'shared.txt': lines } })
  for (const id of ['behind', 'ahead', 'level']) await engine.start(id)
  await write(engine, 'ahead', 'shared.txt', 'ahead\n')
  await engine.git(['commit', '--quiet', '--all', '--message', 'ahead'], join(engine.sessionsDir, 'ahead'))
  await engine.git(['merge', '--quiet', '--ff-only', 'session/ahead'])
  const { told, busy, pairs } = await look(engine)
  expect({ told, busy, count: pairs.length }).toEqual({ told: [], busy: [], count: 6 })
})

it('many-untracked: only those that others have are read, and said so', async () => {
  const engine = await makeEngine({ files: { 'shared.txt': lines } })
  await engine.start('many')
  await engine.start('two')
  await mkdir(join(engine.sessionsDir, 'many', 'out'))
  for (let index = 0; index < 2_100; index += 1) await writeFile(join(engine.sessionsDir, 'many', 'out', `${index}`), 'many\n')
  await write(engine, 'many', 'shared.txt', lines.replace('line 3', 'many'))
  await write(engine, 'two', 'out/7', 'two\n')
  await write(engine, 'two', 'out/8/inside', 'two\n')
  await write(engine, 'two', 'shared.txt', lines.replace('line 15', 'two'))
  const { told, busy } = await look(engine)
  expect(busy).toEqual([
    {
      a: 'many',
      b: 'two',
      overlap: ['out/7', 'out/8', 'shared.txt'],
      conflict: [
        { path: 'out/7', kind: 'add/add' },
        { path: 'out/8', kind: 'file/directory' },
      ],
    },
  ])
  const said = ['MANY_UNTRACKED session many has 2100 untracked files; only those whose paths others change were read']
  expect(told).toEqual(said)
  // also when everything is remembered
  expect((await look(engine)).told).toEqual(said)
})

it.skipIf(process.platform === 'win32')('pipe-in-place-of-a-file: not waited for, and named', async () => {
  const engine = await makeEngine({ files: { 'shared.txt': lines, pipe: lines } })
  await engine.start('one')
  await engine.start('two')
  const pipe = join(engine.sessionsDir, 'one', 'pipe')
  await rm(pipe)
  await promisify(execFile)('mkfifo', [pipe])
  for (const id of ['one', 'two']) await write(engine, id, 'shared.txt', lines.replace('line 3', id))
  const { told, busy } = await look(engine)
  expect(busy).toEqual([{ a: 'one', b: 'two', overlap: ['shared.txt'], conflict: [{ path: 'shared.txt', kind: 'content' }] }])
  expect(told).toEqual(['FILES_UNREADABLE session one has files nobody may read, compared as they were checked out: pipe'])
})

it('folder-nobody-may-open: said each time, and its session is neither merged nor empty', async () => {
  const engine = await makeEngine({ files: { 'shared.txt': lines, 'closed/a': lines } })
  await engine.start('one')
  await engine.start('two')
  const { context, set } = await engine.open()
  const statusOf = async (id: string) => readStatus(context.git, join(engine.sessionsDir, id))
  const statuses = new Map([
    ['one', { ...(await statusOf('one')), unread: ['closed/'] }],
    ['two', await statusOf('two')],
  ])
  const later = { ...context, now: () => new Date(Date.now() + 60_000) }
  const said = ['session one has files nobody may read, compared as they were checked out: closed/']
  for (let time = 0; time < 2; time += 1) {
    const report = await readRadar(later, { sessions: set.registered, statuses })
    expect(report.findings.map(({ message }) => message)).toEqual(said)
    const { orderReasons } = await readOrder(context, set.registered, report)
    expect(orderReasons.map(({ id, reason }) => `${id} ${reason}`)).toEqual(['one unreadable', 'two nothing'])
  }
})

const isAllowedAll = process.platform === 'win32' || process.getuid?.() === 0

it.skipIf(isAllowedAll)('folder-closed-by-its-rights: what git warns of is heard', async () => {
  const engine = await makeEngine({ files: { 'shared.txt': lines, 'closed/a': lines } })
  await engine.start('one')
  await engine.commit('merged', { 'shared.txt': 'one\n' }, join(engine.sessionsDir, 'one'))
  await engine.git(['merge', '--quiet', 'session/one'])
  const closed = join(engine.sessionsDir, 'one', 'closed')
  await chmod(closed, 0)
  const { context, set } = await engine.open()
  const { merged } = await selectOpen(context, set.registered, undefined)
  const { told } = await look(engine)
  await chmod(closed, 0o755)
  expect(merged).toEqual([])
  expect(told).toEqual(['FILES_UNREADABLE session one has files nobody may read, compared as they were checked out: closed/'])
})
