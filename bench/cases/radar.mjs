import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { measure, run } from '../measure.mjs'
import { flightrules, makeRepository } from '../workspace.mjs'

const statusArguments = ['status', '--porcelain=v2', '-z', '--branch', '--untracked-files=all', '--ignore-submodules=none']

/**
 * The radar over so many sessions, all with work of which a part is committed, beside the git commands it cannot do without. In a small repository
 * starting processes is all it costs, so that there the snapshot is only reported.
 */
export async function radar(workspace, rounds, sessions, files) {
  const isLarge = files >= 10_000
  const engine = await loadEngine(workspace)
  const repository = makeRepository(workspace, `radar-${sessions}`, files)
  const env = { ...workspace.env, GIT_OPTIONAL_LOCKS: '0' }
  const git = new engine.Git(repository.path, env)
  const repositoryObjects = join(repository.path, '.git/objects')
  let scratch
  const open = async () => (scratch = await openScratch(engine, git, repositoryObjects))
  const close = () => scratch.close()
  addTopics(repository)
  const first = addSession(repository, 0)
  settle(repository, [first])
  const one = await measure(
    {
      status: { run: () => run('git', statusArguments, { cwd: first.path, env }) },
      snapshot: { before: open, run: () => engine.snapshot(git, first, scratch.objects), after: close },
    },
    rounds * 4,
  )
  const worktrees = [first, ...Array.from({ length: sessions - 1 }, (_, index) => addSession(repository, index + 1))]
  repository.git(['commit', '--quiet', '--allow-empty', '--message', 'the base went on'])
  flightrules(workspace, repository.path, 'status')
  settle(repository, worktrees)
  const ours = () => run(process.execPath, [workspace.cli, 'radar', '--json'], { cwd: repository.path, env })
  const forget = () => rmSync(join(repository.path, '.git/flightrules/cache/radar.json'), { force: true })
  const { data } = JSON.parse(flightrules(workspace, repository.path, 'radar', '--json'))
  const places = new Map(worktrees.map(({ id }, index) => [id, index]))
  const busy = data.pairs.filter(({ a, b }) => places.has(a) && places.has(b)).map(({ a, b }) => [places.get(a), places.get(b)])
  const of = `of ${sessions} sessions, ${files} files each`
  const count = (sessions * (sessions - 1)) / 2
  return engine.withScratchObjects(git, async (objects) => {
    const commits = await engine.storeAll(git, worktrees, objects)
    const pairs = busy.map(([a, b]) => ({ ours: commits[a], theirs: commits[b] }))
    const all = commits.flatMap((one, index) => commits.slice(index + 1).map((other) => [one, other]))
    // each into scratch objects of its own: they are not to grow from run to run
    const snapshot = (worktree) => engine.withScratchObjects(git, (own) => engine.snapshot(git, worktree, own), repositoryObjects)
    const several = await measure(
      {
        needed: {
          // what one run of it writes is not there for the next
          before: async () => {
            await open()
            await engine.storeAll(git, worktrees, scratch.objects)
          },
          async run() {
            for (const worktree of worktrees) await snapshot(worktree)
            await engine.mergeTrees(git, pairs, { objects: scratch.objects })
          },
          after: close,
        },
        cold: { before: forget, run: ours },
        warm: { run: ours },
      },
      rounds,
    )
    const times = { ...one, ...several }
    const loop = await measure(
      {
        loop: {
          run: () =>
            all.forEach((pair) =>
              run('git', ['merge-tree', '--write-tree', ...pair], {
                cwd: repository.path,
                env: { ...env, ...objects.env },
                accept: [0, 1],
              }),
            ),
        },
      },
      1,
    )
    return [
      { what: `git status of one session, ${files} files`, time: times.status },
      {
        what: 'snapshot of it, status and all',
        time: times.snapshot,
        ...(isLarge ? { against: 'twice git status', base: times.status * 2, extra: 0 } : {}),
      },
      { what: `snapshots one by one, one merge-tree of ${pairs.length} pairs, ${of}`, time: times.needed },
      {
        what: `flightrules radar --json, cold, ${count} pairs`,
        time: times.cold,
        against: 'one and a half of it',
        base: times.needed * 1.5,
        extra: 0,
      },
      { what: 'the same once more, warm', time: times.warm, against: 'half of cold', base: times.cold / 2, extra: 0 },
      { what: `git merge-tree once for each of ${all.length} pairs, without the snapshots`, time: loop.loop },
    ]
  })
}

/** Scratch objects for as long as they are wanted: a radar makes them once for all its snapshots. */
async function openScratch(engine, git, repositoryObjects) {
  let close
  const closing = new Promise((resolve) => (close = resolve))
  let closed
  const objects = await new Promise((resolve, reject) => {
    const use = (own) => (resolve(own), closing)
    closed = engine.withScratchObjects(git, use, repositoryObjects).catch(reject)
  })
  return { objects, close: () => (close(), closed) }
}

async function loadEngine(workspace) {
  const file = join(workspace.path, 'radar-engine.mjs')
  run(process.execPath, [fileURLToPath(new URL('../bundle-engine.mjs', import.meta.url)), file], {})
  return import(pathToFileURL(file).href)
}

const topics = [0, 1, 2].map((topic) => `folder-${topic}/topic.txt`)

/** Has three files sessions meet in, of so many lines that they need not conflict. */
function addTopics(repository) {
  const text = Array.from({ length: 60 }, (_, line) => `line ${line}\n`)
  for (const topic of topics) writeFileSync(join(repository.path, topic), text.join(''))
  repository.git(['add', '--all'])
  repository.git(['commit', '--quiet', '--message', 'topics'])
}

/** Every session has one commit, ten files changed and five new; a third of all pairs meets in one of three files, some on the same lines. */
function addSession(repository, index) {
  const id = `s${index}`
  const path = join(repository.sessions, id)
  repository.git(['worktree', 'add', '--quiet', '-b', `session/${id}`, path])
  const edit = (file, line) => {
    const lines = readFileSync(join(path, file), 'utf8').split('\n')
    lines[line] = `${id} was here`
    writeFileSync(join(path, file), lines.join('\n'))
  }
  const topic = topics[index % 3]
  edit(topic, (index % 7) * 8)
  writeFileSync(join(path, `committed-${id}.txt`), 'new\n')
  repository.git(['add', '--all'], path)
  repository.git(['commit', '--quiet', '--message', `work ${id}`], path)
  if (index % 2 === 0) edit(topic, (index % 5) * 8 + 4)
  for (let file = 0; file < 10; file += 1) {
    const number = (index * 10 + file) * 2
    edit(`folder-${number % 20}/file-${number}.txt`, 3)
  }
  for (let file = 0; file < 5; file += 1) writeFileSync(join(path, `new-${id}-${file}.txt`), 'new\n')
  return { id, path, gitDir: repository.git(['rev-parse', '--absolute-git-dir'], path) }
}

/** An index as old as its files makes git read each of them again, and a disk busy with files just made everybody wait: nobody does twice. */
function settle(repository, worktrees) {
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1_100)
  for (const { path } of worktrees) repository.git(['status', '--short'], path)
  if (process.platform !== 'win32') run('sync', [], {})
}
