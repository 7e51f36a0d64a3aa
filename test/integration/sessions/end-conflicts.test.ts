import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, expect, it } from 'vitest'
import { type Fingerprint, fingerprint } from '../../support/fingerprint.ts'
import { type Engine, makeEngine } from './engine.ts'
import { endByMerge } from './end-merging.ts'

/** No two kinds have lines in common: git would take a file of one for a renamed one of the other. */
const text = (kind: string): string => Array.from({ length: 12 }, (_, index) => `${kind} ${index * kind.length}\n`).join('')
const oids = { one: '1'.repeat(40), two: '2'.repeat(40), three: '3'.repeat(40) }

type Change = (engine: Engine, directory: string) => Promise<unknown>

const write =
  (name: string, content: string | Uint8Array): Change =>
  async (_, directory) => {
    await rm(join(directory, name), { recursive: true, force: true })
    await mkdir(join(directory, name, '..'), { recursive: true })
    await writeFile(join(directory, name), content)
  }
const remove =
  (name: string): Change =>
  (engine, directory) =>
    engine.git(['rm', '--quiet', '-r', name], directory)
const move =
  (from: string, to: string): Change =>
  (engine, directory) =>
    engine.git(['mv', from, to], directory)
const link =
  (name: string, target: string): Change =>
  async (_, directory) => {
    await rm(join(directory, name), { recursive: true, force: true })
    await symlink(target, join(directory, name))
  }
const point =
  (name: string, oid: string): Change =>
  async (engine, directory) => {
    await mkdir(join(directory, name), { recursive: true })
    await engine.git(['update-index', '--add', '--cacheinfo', `160000,${oid},${name}`], directory)
  }

/** By kind: what the session does, what the base does, and what is said then. */
const kinds: Record<string, { session: Change[]; base: Change[]; said: Record<string, string> }> = {
  content: { session: [write('content/a', 'session\n')], base: [write('content/a', 'base\n')], said: { 'content/a': 'content' } },
  'deleted-here': {
    session: [remove('deleted-here/a')],
    base: [write('deleted-here/a', `${text('deleted-here')}base\n`)],
    said: { 'deleted-here/a': 'modify/delete' },
  },
  'deleted-there': {
    session: [write('deleted-there/a', `${text('deleted-there')}session\n`)],
    base: [remove('deleted-there/a')],
    said: { 'deleted-there/a': 'modify/delete' },
  },
  'rename-rename': {
    session: [move('rename-rename/a', 'rename-rename/b')],
    base: [move('rename-rename/a', 'rename-rename/c')],
    said: { 'rename-rename/a': 'rename', 'rename-rename/b': 'rename', 'rename-rename/c': 'rename' },
  },
  'rename-delete': {
    session: [move('rename-delete/a', 'rename-delete/b')],
    base: [remove('rename-delete/a')],
    said: { 'rename-delete/b': 'rename' },
  },
  'add-add': {
    session: [write('add-add/new', 'session\n')],
    base: [write('add-add/new', 'base\n')],
    said: { 'add-add/new': 'add/add' },
  },
  binary: {
    session: [write('binary/a', Uint8Array.of(0, 1))],
    base: [write('binary/a', Uint8Array.of(0, 2))],
    said: { 'binary/a': 'binary' },
  },
  mode: {
    session: [write('mode/new', 'the same\n'), (_, directory) => chmod(join(directory, 'mode/new'), 0o755)],
    base: [write('mode/new', 'the same\n')],
    said: { 'mode/new': 'add/add' },
  },
  submodule: {
    session: [point('submodule/a', oids.two)],
    base: [point('submodule/a', oids.three)],
    said: { 'submodule/a': 'submodule' },
  },
  'file-folder': {
    session: [write('file-folder/new', 'a file\n')],
    base: [write('file-folder/new/inner', 'in a folder\n')],
    said: { 'file-folder/new': 'file/directory' },
  },
  'link-file': {
    session: [link('link-file/a', 'elsewhere')],
    base: [write('link-file/a', 'base\n')],
    said: { 'link-file/a': 'mode' },
  },
}

let engine: Engine

/** All worktrees with their indexes, all refs and reflogs; not what git wrote besides that nobody sees. */
async function everything(id: string): Promise<Fingerprint> {
  const { worktree, gitDir } = await engine.session(id)
  const main = await fingerprint({ worktree: engine.path, gitDir: engine.commonDir, env: engine.env })
  const own = await fingerprint({ worktree: worktree.path, gitDir, env: engine.env })
  const seen = Object.entries(main).filter(([name]) => !/^git (?:objects|flightrules)\b/.test(name))
  return Object.fromEntries([...seen, ...Object.entries(own).map(([name, fact]) => [`${id} ${name}`, fact])])
}

beforeAll(async () => {
  engine = await makeEngine({ files: { 'README.md': '# project\n' } })
  for (const kind of Object.keys(kinds)) await engine.write(`${kind}/a`, kind === 'binary' ? '\0' : text(kind))
  await rm(join(engine.path, 'submodule/a'))
  await point('submodule/a', oids.one)(engine, engine.path)
  await engine.commit('everything')
  for (const [kind, { session }] of Object.entries(kinds)) {
    const { path } = await engine.start(kind)
    if (kind !== 'submodule') await mkdir(join(path, 'submodule/a'), { recursive: true })
    for (const change of session) await change(engine, path)
    await engine.commit(`work on ${kind}`, {}, path)
  }
  for (const { base } of Object.values(kinds)) for (const change of base) await change(engine, engine.path)
  await engine.commit('what the base did')
  await engine.write('README.md', 'dirty elsewhere\n')
  await engine.write('untracked.txt', 'mine\n')
}, 60_000)

it.each(Object.keys(kinds))(
  '%s: named by every method, and afterwards every tree, index, ref and reflog is as it was',
  async (kind) => {
    const before = await everything(kind)
    for (const merge of ['merge', 'squash', 'rebase'] as const) {
      const error = await endByMerge(engine, kind, { merge }).catch((thrown: unknown) => thrown as { code: string })
      expect(error).toMatchObject({ code: 'MERGE_CONFLICTS', kind: 'conflict' })
      const { conflicts } = (error as unknown as { details: { conflicts: { path: string; kind: string }[] } }).details
      expect(Object.fromEntries(conflicts.map((conflict) => [conflict.path, conflict.kind]))).toEqual(kinds[kind]?.said)
    }
    expect(await everything(kind)).toEqual(before)
  },
)
