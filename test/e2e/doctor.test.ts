import { createHash } from 'node:crypto'
import { readdir, readFile, rename, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { packedPackage } from '../support/packed-package.ts'
import { runCli, runProgram } from '../support/run-cli.ts'
import { stabilize } from '../support/snapshot-run.ts'
import { makeTemporaryDirectory } from '../support/temporary-directory.ts'

interface Check {
  readonly id: string
  readonly status: 'ok' | 'warn' | 'fail'
  readonly message: string
  readonly fix: string | null
  readonly repairable: boolean
}

interface Answer {
  readonly checks: readonly Check[]
  readonly mended: readonly { readonly id: string; readonly message: string; readonly undo: string | null }[]
}

async function examine(project: TestProject, args: readonly string[] = [], cwd = project.path) {
  const { status, json } = await project.json(['doctor', ...args], cwd)
  return { status, json, ...(json.data as unknown as Answer) }
}

/** What a person sees, the same on every machine. */
async function show(project: TestProject, args: readonly string[]): Promise<string> {
  const { stdout, stderr, status } = await project.cli(['doctor', ...args])
  const text = stabilize(`${stdout}${stderr === '' ? '' : `-- stderr\n${stderr}`}-- exit ${status}`, {
    [project.path]: '<main>',
    [`${project.path}-sessions`]: '<sessions>',
    [packedPackage()]: '<package>',
  })
  return (
    text
      .replaceAll(/\b(git|node) \d+\.\d+\.\d+/g, '$1 <version>')
      .replaceAll(/\b[\d.]+ [KMGT]B free/g, '<size> free')
      .replaceAll(/\.corrupt-\S+/g, '.corrupt-<time>')
      .replaceAll(/Unterminated string in JSON at position 19(?: \(line \d+ column \d+\))?/g, '<what node says>')
      // what the file system and the system tell differs
      .replaceAll(/names that differ .*(?:files|knows)/g, '<how names are compared>')
      .replaceAll(/(is 1 h old)[,;].*/g, '$1 …')
      .replaceAll(/once .*: (rm )/g, '$1')
  )
}

/** Names, sizes, times and bytes of everything in a folder. */
async function fingerprint(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true })
  const lines = entries.map(async (entry) => {
    const path = join(entry.parentPath, entry.name)
    if (!entry.isFile()) return path
    return `${path} ${(await stat(path)).mtimeMs} ${createHash('sha256')
      .update(await readFile(path))
      .digest('hex')}`
  })
  return (await Promise.all(lines)).toSorted()
}

/** Faults that hooks of others, agents and hands bring about. */
async function makeSick(project: TestProject): Promise<void> {
  const common = join(project.path, '.git')
  await project.git(['worktree', 'unlock', project.session('a')])
  await rm(join(project.session('b'), '.husky/_'), { recursive: true })
  await rename(project.session('c'), project.session('moved'))
  await writeFile(join(`${project.path}-sessions`, '.manifest.json'), '{"version": 1, "ses')
  await writeFile(join(common, 'index.lock'), '')
  const hourAgo = new Date(Date.now() - 3_600_000)
  await utimes(join(common, 'index.lock'), hourAgo, hourAgo)
  await project.git(['config', 'core.hooksPath', '/nowhere/hooks'])
  await project.git(['config', 'core.bare', 'true'])
}

async function makeHealthy(): Promise<TestProject> {
  const project = await makeProject({ hooks: 'husky' })
  for (const id of ['a', 'b', 'c']) await project.start(id)
  return project
}

test.concurrent('a healthy repository', async ({ expect }) => {
  expect(await show(await makeHealthy(), [])).toMatchInlineSnapshot(`
    "Tools
      ok    git <version>
      ok    node <version>
      ok    no remote, so no requests to open
    Repository
      ok    <main>, 3 linked worktrees
      ok    refs in files, objects by sha1
      ok    <main> is a repository with files, and its config says so
      ok    git's settings fit
      ok    nothing found that uses the stash all worktrees share
      ok    none of git's lock files was left behind
      ok    no worktree was left half made
      ok    <how names are compared>
    Git hooks
      ok    nothing in the environment switches hooks off
      ok    core.hooksPath is .husky/_ (local config)
      ok    post-checkout, pre-push, post-merge are in place (<main>/.husky/_)
      ok    post-checkout, pre-push and post-merge fire in 4 worktrees
      ok    the hooks start <package>/dist/cli.cjs
    Configuration
      ok    <main>/flightrules.config.json is valid
      ok    the config is approved in this copy of the repository
      ok    no files are said to be append-only
    Sessions
      ok    every worktree is where git says
      ok    every record can be read (3)
      ok    sessions are locked against git worktree remove and prune
      ok    <sessions>
      ok    the manifest says what git says (3 sessions)
      ok    no session has ports
    Operations
      ok    nobody holds the lock of this repository
      ok    no operation was left unfinished
      ok    the trash is empty
    Disk and clock
      ok    <size> free for the repository; <size> free for the sessions
      ok    the clock agrees with the disk and with what was written before

    Everything is well (30 checks).
    -- exit 0"
  `)
})

test.concurrent('a sick one: each fault with its evidence and what to type, and --fix mends what is safe', async ({ expect }) => {
  const project = await makeHealthy()
  await makeSick(project)
  expect(await show(project, [])).toMatchInlineSnapshot(`
    "Tools
      ok    git <version>
      ok    node <version>
      ok    no remote, so no requests to open
    Repository
      ok    <main>, 2 linked worktrees
      ok    refs in files, objects by sha1
      FAIL  core.bare is true (local config), yet <main> is a worktree with an index: git refuses to work there. A hook that ran git init with a leaked GIT_DIR does this
            git config --file <main>/.git/config core.bare false
      ok    git's settings fit
      ok    nothing found that uses the stash all worktrees share
      warn  <main>/.git/index.lock is 1 h old …
            rm <main>/.git/index.lock
      ok    no worktree was left half made
      ok    <how names are compared>
    Git hooks
      ok    nothing in the environment switches hooks off
      FAIL  core.hooksPath is /nowhere/hooks (local config), where no hook of Flight Rules is: another tool set it; ours are in .husky/_
            git config --file <main>/.git/config core.hooksPath .husky/_
      warn  our hooks are in place, but not where git looks for hooks
            flightrules doctor --fix
      FAIL  git takes its hooks for 3 worktrees from /nowhere/hooks, which has none of ours
            flightrules doctor --fix
      ok    no hook of Flight Rules that would start anything
    Configuration
      ok    <main>/flightrules.config.json is valid
      ok    the config is approved in this copy of the repository
      ok    no files are said to be append-only
    Sessions
      FAIL  session c was moved from <sessions>/c to <sessions>/moved, and git does not know
            git worktree repair <sessions>/moved
      ok    every record can be read (3)
      warn  session a is not locked: a forced git worktree remove would take it with everything in it
            git worktree lock --reason 'flightrules session a; end it with: flightrules end a' <sessions>/a
      ok    <sessions>
      FAIL  <sessions>/.manifest.json cannot be read: <what node says>
            flightrules status
      ok    no session has ports
    Operations
      ok    nobody holds the lock of this repository
      ok    no operation was left unfinished
      ok    the trash is empty
    Disk and clock
      ok    <size> free for the repository; <size> free for the sessions
      ok    the clock agrees with the disk and with what was written before

    5 failed, 3 warnings, 22 ok.  flightrules doctor --fix mends 5 of them.
    -- exit 1"
  `)
  expect(await show(project, ['--fix', '--dry-run'])).toMatchInlineSnapshot(`
    "What would be done, in this order; nothing was changed:
      1. set-config  file <main>/.git/config, key core.bare, from true, to false
           undo: git config --file <main>/.git/config core.bare true
      2. set-config  file <main>/.git/config, key core.hooksPath, from /nowhere/hooks, to .husky/_
           undo: git config --file <main>/.git/config core.hooksPath /nowhere/hooks
      3. repair-worktree  from <sessions>/c, to <sessions>/moved
           undo: echo <sessions>/c/.git > <main>/.git/worktrees/c/gitdir
      4. lock-worktree  path <sessions>/a
           undo: git worktree unlock <sessions>/a
      5. reconcile  file <sessions>/.manifest.json
           undo: none needed: it is made from git and the records; one that could not be read is kept beside it
    -- exit 0"
  `)
  expect(await show(project, ['--fix'])).toMatchInlineSnapshot(`
    "mended  core.bare in <main>/.git/config was true, is false
            back: git config --file <main>/.git/config core.bare true
    mended  core.hooksPath in <main>/.git/config was /nowhere/hooks, is .husky/_
            back: git config --file <main>/.git/config core.hooksPath /nowhere/hooks
    mended  <sessions>/b/.husky/_ was missing; it was copied from <main>
            back: mv <sessions>/b/.husky/_ <sessions>/b/.husky/_.away
    mended  git looked for the worktree in <sessions>/c, knows now that it is <sessions>/moved
            back: echo <sessions>/c/.git > <main>/.git/worktrees/c/gitdir
    mended  <sessions>/a was not locked, is
            back: git worktree unlock <sessions>/a
    mended  <sessions>/.manifest.json was brought in line; the manifest could not be read (<what node says>); it was rebuilt from the worktrees, the old file is <sessions>/.manifest.json.corrupt-<time>
            back: none needed: it is made from git and the records; one that could not be read is kept beside it

    Tools
      ok    git <version>
      ok    node <version>
      ok    no remote, so no requests to open
    Repository
      ok    <main>, 3 linked worktrees
      ok    refs in files, objects by sha1
      ok    <main> is a repository with files, and its config says so
      ok    git's settings fit
      ok    nothing found that uses the stash all worktrees share
      warn  <main>/.git/index.lock is 1 h old …
            rm <main>/.git/index.lock
      ok    no worktree was left half made
      ok    <how names are compared>
    Git hooks
      ok    nothing in the environment switches hooks off
      ok    core.hooksPath is .husky/_ (local config)
      ok    post-checkout, pre-push, post-merge are in place (<main>/.husky/_)
      ok    post-checkout, pre-push and post-merge fire in 4 worktrees
      ok    the hooks start <package>/dist/cli.cjs
    Configuration
      ok    <main>/flightrules.config.json is valid
      ok    the config is approved in this copy of the repository
      ok    no files are said to be append-only
    Sessions
      ok    every worktree is where git says
      ok    every record can be read (3)
      ok    sessions are locked against git worktree remove and prune
      ok    <sessions>
      ok    the manifest says what git says (3 sessions)
      ok    no session has ports
    Operations
      ok    nobody holds the lock of this repository
      ok    no operation was left unfinished
      ok    the trash is empty
    Disk and clock
      ok    <size> free for the repository; <size> free for the sessions
      ok    the clock agrees with the disk and with what was written before

    1 warning, 29 ok.
    -- exit 0"
  `)
})

test.concurrent('--json: the checks as the contract says, exit 1 only when something failed', async () => {
  const project = await makeHealthy()
  const well = await examine(project)
  expect([well.status, well.json.ok, well.mended]).toEqual([0, true, []])
  expect(well.checks.length).toBeGreaterThan(25)
  for (const check of well.checks) {
    expect(check).toEqual({
      id: expect.any(String),
      group: expect.any(String),
      status: 'ok',
      message: expect.any(String),
      fix: null,
      repairable: false,
    })
  }
  await project.git(['config', 'core.logAllRefUpdates', 'false'])
  const odd = await examine(project)
  expect([odd.status, odd.json.ok]).toEqual([0, true])
  expect(odd.checks.find(({ id }) => id === 'git-settings')).toMatchObject({
    status: 'warn',
    fix: 'git config --local --unset core.logAllRefUpdates',
  })
  await project.git(['config', 'core.bare', 'true'])
  const sick = await examine(project, [], project.session('a'))
  expect([sick.status, sick.json.ok, sick.json.error.code]).toEqual([1, false, 'CHECKS_FAILED'])
  expect(sick.checks.find(({ id }) => id === 'core-bare')).toMatchObject({ status: 'fail', repairable: true })
  // whoever does not think of doctor is told as well
  const { json } = await project.json(['status'])
  expect(json.findings).toMatchObject([{ code: 'CORE_BARE', hint: 'flightrules doctor --fix' }])
})

test.concurrent('looking changes nothing, neither in a healthy repository nor in a sick one', async () => {
  const project = await makeHealthy()
  await project.cli(['doctor'])
  for (const worsen of [async () => {}, () => makeSick(project)]) {
    await worsen()
    const before = await fingerprint(project.parent)
    await project.cli(['doctor'])
    await project.cli(['doctor', '--fix', '--dry-run'])
    expect(await fingerprint(project.parent)).toEqual(before)
  }
})

test.concurrent('every repair can be taken back with the command it names, and made again', async () => {
  const project = await makeHealthy()
  await makeSick(project)
  const first = await examine(project, ['--fix'])
  expect(first.mended.map(({ id }) => id)).toEqual([
    'core-bare',
    'hooks-path',
    'hooks-fire',
    'worktrees',
    'worktree-locks',
    'manifest',
  ])
  expect(first.checks.filter(({ status }) => status !== 'ok').map(({ id }) => id)).toEqual(['git-locks'])
  // the lock file of a git that may live is nobody's to remove
  await expect(stat(join(project.path, '.git/index.lock'))).resolves.toBeDefined()
  for (const { id, undo } of first.mended.filter(({ id }) => id !== 'manifest').toReversed()) {
    const { status, stderr } = await runProgram('sh', ['-c', undo ?? ''], { cwd: project.path, env: project.env })
    expect([id, status, stderr]).toEqual([id, 0, ''])
  }
  const again = await examine(project)
  expect(again.checks.filter(({ repairable }) => repairable).map(({ id }) => id)).toEqual(
    expect.arrayContaining(['core-bare', 'hooks-path', 'worktrees', 'worktree-locks']),
  )
  await rm(join(project.path, '.git/index.lock'))
  expect((await examine(project, ['--fix'])).status).toBe(0)
  const history = await project.read('.git/flightrules/history.jsonl')
  const noted = history.split('\n').filter((line) => line.includes('"mended"'))
  expect(noted.length).toBeGreaterThanOrEqual(first.mended.length)
  expect(noted.join('\n')).toContain('"from":"/nowhere/hooks"')
})

test.concurrent("with a config git cannot read it still answers, with git's own words", async () => {
  const project = await makeHealthy()
  await writeFile(join(project.path, '.git/config'), '[core\n', { flag: 'a' })
  const { status, checks } = await examine(project)
  expect(status).toBe(1)
  expect(checks.find(({ id }) => id === 'repository')).toMatchObject({
    status: 'fail',
    message: expect.stringContaining('bad config line'),
  })
  expect(
    checks.filter(({ status: one }) => one === 'warn').every(({ message }) => message.startsWith('could not be checked')),
  ).toBe(true)
  expect(checks.find(({ id }) => id === 'node-version')?.status).toBe('ok')
})

test.concurrent('without an approval, with a torn config and outside of a repository', async () => {
  const project = await makeProject({ hooks: 'none' })
  await project.write('flightrules.config.json', '{"sessionsDir": ')
  const torn = await examine(project)
  expect(torn.status).toBe(0)
  expect(torn.checks.find(({ id }) => id === 'trust')).toMatchObject({ status: 'warn', fix: 'flightrules trust' })
  const nowhere = await makeTemporaryDirectory('nowhere')
  const { status, stdout } = await runCli(['doctor', '--json'], { cwd: nowhere, env: project.env })
  expect([status, (JSON.parse(stdout) as { error: { code: string } }).error.code]).toEqual([2, 'NOT_A_REPOSITORY'])
})

test.concurrent('in a bare repository with linked worktrees', async () => {
  const project = await makeProject({ hooks: 'none', remote: true })
  const bare = join(project.parent, 'layout/.bare')
  await project.git(['clone', '-q', '--bare', project.path, bare], project.parent)
  await project.git(['worktree', 'add', '-q', '-b', 'one', '../one'], bare)
  for (const cwd of [bare, join(project.parent, 'layout/one')]) {
    const { status, checks } = await examine(project, [], cwd)
    expect([status, checks.filter((check) => check.status === 'fail')]).toEqual([0, []])
    expect(checks.filter(({ message }) => message.startsWith('could not be checked'))).toEqual([])
  }
})
