import { appendFile, lstat, mkdir, readFile, rename, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, expect, it } from 'vitest'
import { placeAttributes, toUnionLine } from '../../../src/git/append-attributes.ts'
import { Git } from '../../../src/git/git.ts'
import { mergeTrees } from '../../../src/git/merge-tree.ts'
import { abandoning } from '../../../src/sessions/end/end-input.ts'
import { endSession } from '../../../src/sessions/end/end-session.ts'
import { readRadar } from '../../../src/sessions/radar/read-radar.ts'
import { settleAppendOnly } from '../../../src/sessions/settle-append-only.ts'
import { defaultConfig } from '../../../src/config/defaults.ts'
import { type Engine, makeEngine } from '../sessions/engine.ts'

const log = 'docs/progress.md'

let engine: Engine

beforeEach(async () => {
  engine = await makeEngine({ files: { [log]: 'begun\n', 'a.txt': 'a\n' }, config: { appendOnly: [log, 'notes/'] } })
  await engine.reconcile()
})

const inSession = (id: string, path: string): string => join(engine.sessionsDir, id, path)
const attributes = (): string => join(engine.commonDir, 'info', 'attributes')

async function startTwo(): Promise<void> {
  for (const id of ['one', 'two']) {
    await engine.start(id)
    await appendFile(inSession(id, log), `${id}\n`)
    await mkdir(inSession(id, 'notes'))
    await writeFile(inSession(id, 'notes/new.md'), `${id}\n`)
  }
}

it('two-append-to-one-file: no conflict while they work, and both lines once when both are merged', async () => {
  await startTwo()
  const { context, set } = await engine.open()
  const { pairs } = await readRadar(context, { sessions: set.registered })
  expect(pairs[0]).toEqual({ a: 'one', b: 'two', overlap: [log, 'notes/new.md'], conflict: [] })
  for (const id of ['one', 'two']) {
    const input = { ...abandoning, strategy: 'merge', commit: `work of ${id}` } as const
    const { findings } = await endSession((await engine.open()).context, await engine.session(id), input)
    expect(findings.map(({ code }) => code)).not.toContain('OTHERS_CONFLICT')
  }
  expect((await engine.read(log)).split('\n').toSorted()).toEqual(['', 'begun', 'one', 'two'])
  expect((await engine.read('notes/new.md')).split('\n').toSorted()).toEqual(['', 'one', 'two'])
})

it('by-hand: a rebase or merge typed in a session meets no conflict either', async () => {
  await startTwo()
  for (const id of ['one', 'two']) await engine.commit(id, {}, join(engine.sessionsDir, id))
  await engine.git(['rebase', '--quiet', 'session/one'], join(engine.sessionsDir, 'two'))
  expect((await readFile(inSession('two', log), 'utf8')).split('\n').toSorted()).toEqual(['', 'begun', 'one', 'two'])
})

it('in-a-bare-repository: what is merged without a worktree has both lines', async () => {
  await startTwo()
  for (const id of ['one', 'two']) await engine.commit(id, {}, join(engine.sessionsDir, id))
  const bare = join(engine.parent, 'bare.git')
  await engine.git(['clone', '--quiet', '--bare', engine.path, bare])
  const git = new Git(bare, engine.env)
  const tips = ['session/one', 'session/two'].map((branch) => engine.git(['rev-parse', branch]))
  const [ours = '', theirs = ''] = await Promise.all(tips)
  expect((await mergeTrees(git, [{ ours, theirs }]))[0]?.conflicts.map(({ path }) => path)).toEqual([log, 'notes/new.md'])
  await settleAppendOnly(bare, { config: { ...defaultConfig, appendOnly: [log, 'notes/'] }, trust: 'approved' })
  expect((await mergeTrees(git, [{ ours, theirs }]))[0]?.conflicts).toEqual([])
})

it('lines-of-a-person: stay, whatever becomes of ours, and ours go when the config names nothing any more', async () => {
  const own = '*.png binary\n# mine'
  await writeFile(attributes(), own)
  await engine.reconcile()
  expect(await readFile(attributes(), 'utf8')).toBe(
    `${own}\n# >>> flightrules >>>\n/docs/progress.md merge=union\n/notes/** merge=union\n# <<< flightrules <<<`,
  )
  const { mtimeMs } = await lstat(attributes())
  await engine.reconcile()
  expect((await lstat(attributes())).mtimeMs).toBe(mtimeMs)
  await settleAppendOnly(engine.commonDir, { config: defaultConfig, trust: 'none' })
  expect(await readFile(attributes(), 'utf8')).toBe(own)
})

it('a-linked-file: what it leads to is written, and the link stays', async () => {
  const aside = join(engine.parent, 'my-attributes')
  await rename(attributes(), aside)
  await writeFile(aside, '*.png binary\n')
  await symlink(aside, attributes())
  await engine.reconcile()
  expect(await readFile(aside, 'utf8')).toContain('*.png binary\n# >>> flightrules >>>\n/docs/progress.md merge=union\n')
  expect((await lstat(attributes())).isSymbolicLink()).toBe(true)
})

it('config-nobody-approved: changes nothing', async () => {
  const before = await readFile(attributes(), 'utf8')
  const config = { ...defaultConfig, appendOnly: ['other.md'] }
  expect(await settleAppendOnly(engine.commonDir, { config, trust: 'unapproved' })).toEqual([])
  expect(await readFile(attributes(), 'utf8')).toBe(before)
})

it('names-of-all-kinds: git takes each line for exactly the files it means', async () => {
  const names = [
    'a b.md',
    '"quoted".md',
    '#hash',
    'ü/ñ.md',
    "it's",
    '[x].md',
    ' leading',
    'trailing ',
    '-dash',
    '$x`y`',
    'a=b',
    '[attr]x',
  ]
  await placeAttributes(
    engine.commonDir,
    names.map((name) => toUnionLine(name.replaceAll('[', '[[]'))),
  )
  const asked = [...names, ...names.map((name) => `sub/${name}`)]
  const git = new Git(engine.path, engine.env)
  const fields = (
    await git.read(['check-attr', '-z', '--stdin', 'merge'], { input: asked.map((path) => `${path}\0`).join('') })
  ).split('\0')
  const met = asked.filter((_path, index) => fields[index * 3 + 2] === 'union')
  expect(met).toEqual(names)
  await placeAttributes(engine.commonDir, ['**/CHANGES.md', 'notes/', 'logs/*.md'].map(toUnionLine))
  const paths = ['CHANGES.md', 'a/b/CHANGES.md', 'notes/a/b', 'notes', 'logs/a.md', 'logs/a/b.md']
  const answers = await Promise.all(paths.map((path) => engine.git(['check-attr', 'merge', '--', path])))
  expect(paths.filter((_path, index) => answers[index]?.endsWith(': union'))).toEqual([
    'CHANGES.md',
    'a/b/CHANGES.md',
    'notes/a/b',
    'logs/a.md',
  ])
})
