import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measure, run, runSideBySide } from '../measure.mjs'
import { flightrules, makeRepository } from '../workspace.mjs'

const statusArguments = ['-c', 'core.fsmonitor=false', 'status', '--porcelain=v2', '-z', '--branch', '--untracked-files=all']

/** `status --json` beside the git commands that know the same. */
export async function status(workspace, rounds, sessions) {
  const { env } = workspace
  const repository = makeRepository(workspace, `status-${sessions}`, 200)
  const worktrees = fillWithSessions(workspace, repository, sessions)
  const all = [repository.path, ...worktrees]
  const calls = all.map((cwd) => ({ file: 'git', args: statusArguments, cwd, env: { ...env, GIT_OPTIONAL_LOCKS: '0' } }))
  const list = () => run('git', ['worktree', 'list', '--porcelain', '-z'], { cwd: repository.path, env })
  const refs = {
    file: 'git',
    args: ['for-each-ref', '--format=%(refname)%00%(objectname)', 'refs/heads'],
    cwd: repository.path,
    env,
  }
  const ours = () => run(process.execPath, [workspace.cli, 'status', '--json'], { cwd: repository.path, env })
  const times = await measure(
    {
      node: { run: () => run(process.execPath, ['-e', '0'], { env }) },
      list: { run: list },
      inTurn: { run: () => calls.forEach(({ file, args, cwd }) => run(file, args, { cwd, env })) },
      sideBySide: {
        async run() {
          list()
          await runSideBySide([refs, ...calls], 8)
        },
      },
      status: { run: ours },
      cold: {
        run: ours,
        before: () => rmSync(join(repository.path, '.git/flightrules/cache'), { recursive: true, force: true }),
      },
    },
    rounds,
  )
  const of = `of ${sessions} ${sessions === 1 ? 'session' : 'sessions'}`
  return [
    { what: `git worktree list ${of}`, time: times.list },
    { what: `git status in each ${of}, in turn`, time: times.inTurn },
    { what: `the git commands status needs ${of}, side by side`, time: times.sideBySide },
    {
      what: `flightrules status --json ${of}`,
      time: times.status,
      against: 'those git commands and node -e 0',
      base: times.sideBySide + times.node,
      extra: 40,
    },
    { what: `the same, every branch new to it`, time: times.cold },
  ]
}

/** Sessions as they are in a busy week: every second has commits, the base went on, one in five holds uncommitted work. */
function fillWithSessions(workspace, repository, count) {
  const worktrees = Array.from({ length: count }, (_, index) => join(repository.sessions, `s${index}`))
  for (const [index, path] of worktrees.entries()) {
    repository.git(['worktree', 'add', '--quiet', '-b', `session/s${index}`, path])
    if (index % 2 === 0) {
      writeFileSync(join(path, `new-${index}.txt`), 'new\n')
      repository.git(['add', '--all'], path)
      repository.git(['commit', '--quiet', '--message', `work ${index}`], path)
    }
  }
  repository.git(['commit', '--quiet', '--allow-empty', '--message', 'the base went on'])
  flightrules(workspace, repository.path, 'status')
  for (const path of worktrees) {
    repository.git(['add', '--all'], path)
    repository.git(['commit', '--quiet', '--allow-empty', '--message', 'log'], path)
  }
  for (const path of worktrees.filter((_path, index) => index % 5 === 0))
    writeFileSync(join(path, 'folder-0/untracked.txt'), 'x\n')
  return worktrees
}
