import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measure, run } from '../measure.mjs'
import { flightrules, makeRepository } from '../workspace.mjs'

const folders = 400
const filesEach = 100

/** Letting go of a worktree with 40,000 ignored files: into the trash with ours, deleted by git. */
export async function abandon(workspace, rounds) {
  const plain = makeRepository(workspace, 'abandon-plain', 200)
  const ours = makeRepository(workspace, 'abandon-ours', 200)
  for (const { path, git } of [plain, ours]) {
    writeFileSync(join(path, '.gitignore'), 'cache/\n')
    git(['add', '--all'])
    git(['commit', '--quiet', '--message', 'ignore'])
  }
  flightrules(workspace, ours.path, 'init', '--hooks', 'native')
  ours.git(['add', '--all'])
  ours.git(['commit', '--quiet', '--message', 'flightrules'])
  const { env } = workspace
  const worktree = join(plain.sessions, 'a')
  const times = await measure(
    {
      remove: {
        before: () => {
          plain.git(['worktree', 'add', '--quiet', '-B', 'session/a', worktree])
          fill(join(worktree, 'cache'))
        },
        run: () => run('git', ['worktree', 'remove', '--force', worktree], { cwd: plain.path, env }),
      },
      abandon: {
        before: () => {
          flightrules(workspace, ours.path, 'start', 'a')
          fill(join(ours.sessions, 'a', 'cache'))
        },
        run: () => run(process.execPath, [workspace.cli, 'end', 'a', '--strategy', 'abandon', '--json'], { cwd: ours.path, env }),
        after: () => rmSync(join(ours.sessions, '.trash'), { recursive: true, force: true }),
      },
    },
    rounds,
  )
  return [
    { what: 'git worktree remove --force, 40,000 ignored files', time: times.remove },
    {
      what: 'flightrules end --strategy abandon, the same',
      time: times.abandon,
      against: 'a tenth of it',
      base: times.remove / 10,
      extra: 0,
    },
  ]
}

function fill(directory) {
  for (let folder = 0; folder < folders; folder += 1) {
    const path = join(directory, `folder-${folder}`)
    mkdirSync(path, { recursive: true })
    for (let file = 0; file < filesEach; file += 1)
      writeFileSync(join(path, `${file}.js`), `export const value = ${file}\n`.repeat(80))
  }
}
