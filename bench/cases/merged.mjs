import { execFileSync } from 'node:child_process'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { measure, run } from '../measure.mjs'
import { flightrules, makeRepository } from '../workspace.mjs'

const files = 10_000
const commits = 500

/**
 * Which of so many sessions are merged, asked right after all of them and their base moved: as the hook of a pull does, with nothing
 * remembered and everything remembered, beside the same question put to git for each session by itself.
 */
export async function merged(workspace, rounds, sessions) {
  const { env } = workspace
  const repository = makeRepository(workspace, `merged-${sessions}`, files)
  writeFileSync(join(repository.path, 'flightrules.config.json'), '{ "hooks": { "postMerge": { "cleanup": "report" } } }\n')
  const base = repository.git(['rev-parse', 'HEAD'])
  const branches = Array.from({ length: sessions }, (_, index) => `session/s${index}`)
  for (const [index, branch] of branches.entries()) {
    const path = join(repository.sessions, `s${index}`)
    // the files themselves cost time and are not asked for
    repository.git(['worktree', 'add', '--quiet', '--no-checkout', '-b', branch, path])
    flightrules(workspace, path, 'hook', 'post-checkout', '0'.repeat(40), base, '1')
  }
  writeHistory(repository, env, base, branches)
  const hook = () => run(process.execPath, [workspace.cli, 'hook', 'post-merge', '0'], { cwd: repository.path, env })
  const each = () => {
    for (const branch of branches) askGit(repository, env, branch)
  }
  const times = await measure(
    {
      node: { run: () => run(process.execPath, ['-e', '0'], { env }) },
      each: { run: each },
      cold: {
        run: hook,
        before: () => rmSync(join(repository.path, '.git/flightrules/cache'), { recursive: true, force: true }),
      },
      warm: { run: hook },
    },
    rounds,
  )
  const of = `${sessions} sessions, ${commits} commits, ${files} files`
  return [
    { what: `is it merged? asked of git for each of ${of}`, time: times.each },
    {
      what: `hook post-merge, the same for all at once, nothing remembered`,
      time: times.cold,
      against: 'half of that, and node -e 0',
      base: times.each / 2 + times.node,
      extra: 50,
    },
    { what: `hook post-merge, all of it remembered`, time: times.warm },
  ]
}

/** Every session changes a file of its own, and every second also one that the base changes again and again; none of them is merged. */
function writeHistory(repository, env, base, branches) {
  const commit = (branch, from, path, text, mark) =>
    `commit refs/heads/${branch}\nmark :${mark}\ncommitter Bench <bench@example.invalid> ${1_700_000_000 + mark} +0000\ndata 4\nwork\nfrom ${from}\nM 100644 inline ${path}\ndata ${text.length}\n${text}\n`
  const lines = []
  for (let index = 1; index <= commits; index += 1) {
    const path = `folder-${index % 20}/file-${index % 3 === 0 ? 0 : index}.txt`
    lines.push(commit('main', index === 1 ? base : `:${index - 1}`, path, `base ${index}\n`, index))
  }
  for (const [index, branch] of branches.entries()) {
    const mark = commits + 1 + index * 2
    lines.push(commit(branch, base, `folder-1/own-${index}.txt`, `own ${index}\n`, mark))
    if (index % 2 === 0) lines.push(commit(branch, `:${mark}`, 'folder-0/file-0.txt', `session ${index}\n`, mark + 1))
  }
  execFileSync('git', ['fast-import', '--quiet', '--force'], { cwd: repository.path, env, input: lines.join('') })
}

/** The same by hand: ancestor, trial merge, and a trial merge into each commit of the base that touches the branch's files. */
function askGit({ path: cwd }, env, branch) {
  const git = (args, input, accept = [0]) => {
    try {
      return execFileSync('git', args, { cwd, env, encoding: 'utf8', input: input ?? '', stdio: ['pipe', 'pipe', 'ignore'] })
    } catch (error) {
      if (accept.includes(error.status)) return String(error.stdout)
      throw error
    }
  }
  git(['merge-base', '--is-ancestor', branch, 'main'], undefined, [0, 1])
  const fork = git(['merge-base', 'main', branch]).trim()
  const paths = git(['diff', '--name-only', fork, branch]).split('\n').filter(Boolean)
  git(['merge-tree', '--write-tree', 'main', branch], undefined, [0, 1])
  const touching = git(['rev-list', '--first-parent', `${fork}..main`, '--', ...paths])
    .split('\n')
    .filter(Boolean)
  if (touching.length > 0)
    git(['merge-tree', '--write-tree', '--stdin'], touching.map((commit) => `${commit} ${branch}\n`).join(''))
}
