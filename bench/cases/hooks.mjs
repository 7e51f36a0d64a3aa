import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measure, run } from '../measure.mjs'
import { recordGit, replay } from '../record-git.mjs'
import { dropWorktree, flightrules, makeRepository } from '../workspace.mjs'

/** The hooks that have something to do, beside bare node and the git calls they make. */
export async function hooks(workspace, rounds) {
  const { env } = workspace
  const repository = makeRepository(workspace, 'hooks', 200)
  const sessions = Array.from({ length: 3 }, (_, index) => join(repository.sessions, `s${index}`))
  for (const [index, path] of sessions.entries()) repository.git(['worktree', 'add', '--quiet', '-b', `session/s${index}`, path])
  flightrules(workspace, repository.path, 'status')
  for (const path of sessions) {
    writeFileSync(join(path, 'new.txt'), path)
    repository.git(['add', '--all'], path)
    repository.git(['commit', '--quiet', '--message', 'work'], path)
  }
  const [first] = sessions
  const head = repository.git(['rev-parse', 'HEAD'], first)
  const pushed = `refs/heads/session/s0 ${head} refs/heads/session/s0 ${'0'.repeat(40)}\n`
  const added = join(repository.sessions, 'added')
  const add = {
    before: () => repository.git(['worktree', 'add', '--quiet', '-b', 'added', added]),
    after: () => dropWorktree(repository, added, 'added'),
  }
  const hook = (environment, cwd, args, input) =>
    run(process.execPath, [workspace.cli, 'hook', ...args], { cwd, env: environment, input })
  const cases = {
    'post-checkout of a new worktree': { work: (own) => hook(own, added, ['post-checkout', '0'.repeat(40), head, '1']), ...add },
    'post-checkout where no branch changed': { work: (own) => hook(own, first, ['post-checkout', head, head, '1']) },
    'pre-push of a clean session': {
      work: (own) => hook(own, first, ['pre-push', 'origin', 'https://example.invalid/'], pushed),
    },
    'post-merge with nothing to clean up': { work: (own) => hook(own, repository.path, ['post-merge', '0']) },
  }
  const variants = { node: { run: () => run(process.execPath, ['-e', '0'], { env }) } }
  for (const [name, { work, before, after }] of Object.entries(cases)) {
    before?.()
    // the second run is the usual one: nothing is computed for the first time
    if (before === undefined) work(env)
    const calls = recordGit(workspace, work)
    after?.()
    cases[name].calls = calls.length
    variants[name] = { run: () => work(env), before, after }
    variants[`${name}: git`] = { run: () => replay(workspace, calls), before, after }
  }
  const times = await measure(variants, rounds)
  return Object.entries(cases).map(([name, { calls }]) => ({
    what: `hook ${name}`,
    time: times[name],
    against: calls === 0 ? 'node -e 0' : `node -e 0 and its ${calls} git calls`,
    base: times.node + times[`${name}: git`],
    extra: 15,
  }))
}
