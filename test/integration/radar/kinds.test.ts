import { chmod, mkdir, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { expect, it } from 'vitest'
import { readRadar } from '../../../src/sessions/radar/read-radar.ts'
import { type Engine, makeEngine } from '../sessions/engine.ts'

const lines = (word: string): string => Array.from({ length: 20 }, (_line, index) => `${word} ${index}\n`).join('')

async function look(engine: Engine) {
  const { context, set } = await engine.open()
  const { pairs, findings } = await readRadar(context, { sessions: set.registered })
  const [pair] = pairs.filter(({ a, b }) => a === 'one' && b === 'two')
  return {
    conflict: (pair?.conflict ?? []).map(({ path, kind }) => `${path}: ${kind}`),
    overlap: pair?.overlap ?? [],
    told: findings.map(({ code }) => code),
  }
}

function openSession(engine: Engine, id: string) {
  const at = (path: string): string => join(engine.sessionsDir, id, path)
  return {
    at,
    git: (...args: string[]) => engine.git(args, join(engine.sessionsDir, id)),
    async write(path: string, content: string | Uint8Array): Promise<void> {
      await mkdir(dirname(at(path)), { recursive: true })
      await writeFile(at(path), content)
    },
    remove: (path: string) => rm(at(path), { recursive: true }),
    move: (from: string, to: string) => rename(at(from), at(to)),
  }
}

it('every kind of clash between two working trees has its name', async () => {
  const names = ['text', 'gone', 'swap', 'link', 'run', 'moved', 'both-moved', 'dir/a', 'dir/b', 'quiet', 'same', 'case', 'crlf']
  const engine = await makeEngine({ files: Object.fromEntries(names.map((name) => [name, lines(name)])) })
  await writeFile(join(engine.path, 'image'), Buffer.from([0, 1, 2, 3]))
  await engine.commit('image')
  await engine.start('one')
  await engine.start('two')
  const [one, two] = [openSession(engine, 'one'), openSession(engine, 'two')]
  for (const [side, word] of [
    [one, 'one'],
    [two, 'two'],
  ] as const) {
    await side.write('text', lines('text').replace('text 3', word))
    await side.write('image', Buffer.from([0, 1, 2, 3, word.length + word.charCodeAt(0)]))
    await side.write('new', word)
    await side.write('same', 'the same\n')
    await side.write('quiet', lines('quiet').replace(word === 'one' ? 'quiet 3' : 'quiet 16', word))
  }
  await one.remove('gone')
  await two.write('gone', `${lines('gone')}more\n`)
  await one.remove('swap')
  await one.write('swap/inside', 'a folder now\n')
  await two.write('swap', `${lines('swap')}more\n`)
  await one.remove('link')
  await symlink('text', one.at('link'))
  await two.write('link', `${lines('link')}more\n`)
  await one.write('run', lines('run').replace('run 3', 'one'))
  await chmod(two.at('run'), 0o755)
  await one.move('moved', 'elsewhere')
  await two.write('moved', lines('moved').replace('moved 3', 'two'))
  await one.move('both-moved', 'to-one')
  await two.move('both-moved', 'to-two')
  await one.move('dir', 'place')
  await two.write('dir/c', 'new\n')
  await one.git('mv', 'case', 'Case')
  await two.write('case', lines('case').replace('case 3', 'two'))
  await one.write('crlf', lines('crlf').replaceAll('\n', '\r\n'))
  await two.write('crlf', lines('crlf').replace('crlf 3', 'two'))
  await one.write('Readme', 'one\n')
  await two.write('README', 'two\n')

  const { conflict, overlap, told } = await look(engine)

  expect(conflict).toMatchInlineSnapshot(`
    [
      "both-moved: rename",
      "crlf: content",
      "gone: modify/delete",
      "image: binary",
      "link: mode",
      "new: add/add",
      "place/c: rename",
      "swap: file/directory",
      "text: content",
      "to-one: rename",
      "to-two: rename",
    ]
  `)
  expect(overlap).toMatchInlineSnapshot(`
    [
      "both-moved",
      "case",
      "crlf",
      "gone",
      "image",
      "link",
      "moved",
      "new",
      "quiet",
      "run",
      "same",
      "swap",
      "text",
    ]
  `)
  expect(told).toEqual(['CASE_CLASH'])
})

it('renamed-in-case-only: said once with both names to whoever edits it under the old one, committed or not', async () => {
  const engine = await makeEngine({ files: { readme: lines('readme') } })
  const ids = ['renames', 'edits', 'edits-too']
  for (const id of ids) await engine.start(id)
  const [renames, edits, editsToo] = ids.map((id) => openSession(engine, id))
  await renames?.git('mv', 'readme', 'README')
  for (const [index, side] of [edits, editsToo].entries())
    await side?.write('readme', lines('readme').replace(`readme ${index * 9}`, 'edited'))
  const told = async () => {
    const { context, set } = await engine.open()
    return (await readRadar(context, { sessions: set.registered })).findings
  }
  const said = await told()
  expect(said.map(({ message }) => message)).toEqual([
    'renames and edits, edits-too have files whose names only upper and lower case tell apart, which are one file on many disks: README, readme',
  ])
  await edits?.git('commit', '--quiet', '--all', '--message', 'edited')
  expect(await told()).toEqual(said)
  await renames?.git('commit', '--quiet', '--all', '--message', 'renamed')
  expect(await told()).toEqual(said)
})

it('submodules: two pointers clash, one moved again is seen, dirty content inside is nobody’s change', async () => {
  const engine = await makeEngine({ files: { 'shared.txt': lines('shared') } })
  const library = join(engine.parent, 'library')
  await mkdir(library)
  await engine.git(['init', '--quiet'], library)
  await engine.commit('first', { [join(library, 'lib')]: 'first' }, library)
  for (const name of ['b1', 'b2']) {
    await engine.git(['checkout', '--quiet', '-b', name, 'main'], library)
    await engine.commit(name, { [join(library, 'lib')]: name }, library)
  }
  await engine.git(['checkout', '--quiet', 'main'], library)
  await engine.git(['submodule', '--quiet', 'add', library, 'lib'])
  await engine.commit('a submodule')
  const sides = []
  for (const id of ['one', 'two']) {
    await engine.start(id)
    const side = openSession(engine, id)
    await side.git('submodule', '--quiet', 'update', '--init')
    sides.push({ ...side, turn: (to: string) => engine.git(['checkout', '--quiet', '--force', to], side.at('lib')) })
  }
  const [one, two] = sides
  await one?.write('lib/lib', 'edited inside\n')
  expect(await look(engine)).toMatchObject({ conflict: [], overlap: [] })
  await one?.turn('origin/b1')
  await two?.turn('origin/b2')
  expect(await look(engine)).toMatchObject({ conflict: ['lib: submodule'], overlap: ['lib'] })
  await two?.turn('origin/b1')
  expect(await look(engine)).toMatchObject({ conflict: [], overlap: ['lib'] })
})

it('settings and attributes decide, and a change of them is heeded at once: directories, drivers', async () => {
  const engine = await makeEngine({
    files: { moved: lines('moved'), 'dir/a': lines('a'), 'docs/log.md': 'log\n', '.gitattributes': '' },
  })
  await engine.start('one')
  await engine.start('two')
  const [one, two] = [openSession(engine, 'one'), openSession(engine, 'two')]
  await one.move('moved', 'elsewhere')
  await one.write('elsewhere', lines('moved').replace('moved 16', 'one'))
  await two.write('moved', lines('moved').replace('moved 3', 'two'))
  await one.move('dir', 'place')
  await two.write('dir/c', 'new\n')
  for (const [side, word] of [
    [one, 'one'],
    [two, 'two'],
  ] as const)
    await side.write('docs/log.md', `log\n${word}\n`)
  const conflicts = async (): Promise<string[]> => {
    // the times of the files above must be old enough to be believed
    const { context, set } = await engine.open()
    const later = { ...context, now: () => new Date(Date.now() + 60_000) }
    const { pairs } = await readRadar(later, { sessions: set.registered, only: 'one' })
    const { pairs: again } = await readRadar(later, { sessions: set.registered, only: 'one' })
    expect(again).toEqual(pairs)
    return pairs.flatMap(({ conflict }) => conflict.map(({ path, kind }) => `${path}: ${kind}`))
  }
  expect(await conflicts()).toEqual(['docs/log.md: content', 'place/c: rename'])
  await engine.git(['config', 'merge.directoryRenames', 'true'])
  expect(await conflicts()).toEqual(['docs/log.md: content'])
  // in a folder, a file nobody committed
  await engine.write('docs/.gitattributes', '*.md merge=union\n')
  expect(await conflicts()).toEqual([])
  await engine.write('docs/.gitattributes', '*.md merge=ours\n')
  expect(await conflicts()).toEqual(['docs/log.md: content'])
  await engine.git(['config', 'merge.ours.driver', 'true'])
  expect(await conflicts()).toEqual([])
})
