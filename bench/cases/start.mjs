import { join } from 'node:path'
import { measure, run } from '../measure.mjs'
import { dropWorktree, flightrules, makeRepository } from '../workspace.mjs'

/** A new session, without commands of the project, beside a plain `git worktree add`. */
export async function start(workspace, rounds) {
  const plain = makeRepository(workspace, 'start-plain', 200)
  const ours = makeRepository(workspace, 'start-ours', 200)
  flightrules(workspace, ours.path, 'init', '--hooks', 'native')
  ours.git(['add', '--all'])
  ours.git(['commit', '--quiet', '--message', 'flightrules'])
  const { env } = workspace
  const worktree = join(plain.sessions, 'a')
  const times = await measure(
    {
      node: { run: () => run(process.execPath, ['-e', '0'], { env }) },
      worktree: {
        run: () => run('git', ['worktree', 'add', '--quiet', '-b', 'session/a', worktree], { cwd: plain.path, env }),
        after: () => dropWorktree(plain, worktree, 'session/a'),
      },
      start: {
        run: () => run(process.execPath, [workspace.cli, 'start', 'a', '--json'], { cwd: ours.path, env }),
        after: () => dropWorktree(ours, join(ours.sessions, 'a'), 'session/a'),
      },
    },
    rounds,
  )
  return [
    { what: 'node -e 0', time: times.node },
    { what: 'git worktree add (200 files)', time: times.worktree },
    {
      what: 'flightrules start',
      time: times.start,
      against: 'git worktree add and node -e 0',
      base: times.worktree + times.node,
      extra: 150,
    },
  ]
}
