import { spawn } from 'node:child_process'
import { mkdir, readFile, utimes, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { caseFolding } from '../../../src/doctor/checks/case-folding.ts'
import { coreBare } from '../../../src/doctor/checks/core-bare.ts'
import { gitLocks } from '../../../src/doctor/checks/git-locks.ts'
import { gitSettings } from '../../../src/doctor/checks/git-settings.ts'
import { halfMadeWorktrees } from '../../../src/doctor/checks/half-made-worktrees.ts'
import { repository } from '../../../src/doctor/checks/repository.ts'
import { repositoryFormat } from '../../../src/doctor/checks/repository-format.ts'
import { sharedStash } from '../../../src/doctor/checks/shared-stash.ts'
import { makeRepository } from '../../support/repository.ts'
import { examine, repair, say } from './examine.ts'

const long = (minutes: number): Date => new Date(Date.now() - minutes * 60_000)

test('core.bare flipped in a repository with files fails, is set back, and nothing else of the config changes', async () => {
  const repo = await makeRepository()
  await repo.git(['worktree', 'add', '-q', '../one'])
  const before = await readFile(join(repo.path, '.git/config'), 'utf8')
  expect(await say(repo, coreBare)).toEqual(['ok: <dir>/project is a repository with files, and its config says so'])
  await repo.git(['config', 'core.bare', 'true'])
  const cwd = join(repo.parent, 'one')
  for (const options of [{}, { cwd }]) {
    const [verdict] = await examine(repo, coreBare, options)
    expect(verdict).toMatchObject({ status: 'fail', remedy: `git config --file ${repo.path}/.git/config core.bare false` })
    expect(verdict?.message).toContain('git init with a leaked GIT_DIR')
  }
  expect(await repair(repo, coreBare, { cwd })).toEqual(['core.bare in <dir>/project/.git/config was true, is false'])
  expect(await readFile(join(repo.path, '.git/config'), 'utf8')).toBe(before)
  expect(await say(repo, coreBare)).toEqual([expect.stringMatching(/^ok/)])
})

test('a repository that is bare is not taken for a flipped one', async () => {
  const repo = await makeRepository({ remote: true })
  const cwd = repo.remotePath ?? ''
  expect(await say(repo, coreBare, { cwd })).toEqual(['ok: a bare repository'])
  await repo.git(['clone', '-q', '--bare', cwd, join(repo.parent, 'layout/.git')], repo.parent)
  expect(await say(repo, coreBare, { cwd: join(repo.parent, 'layout/.git') })).toEqual(['ok: a bare repository'])
})

test('core.bare that was set back by somebody else meanwhile is left alone', async () => {
  const repo = await makeRepository()
  await repo.git(['config', 'core.bare', 'true'])
  const [verdict] = await examine(repo, coreBare)
  await repo.git(['config', 'core.bare', 'false'])
  expect(await verdict?.repair?.apply()).toBe('core.bare was not true any more')
})

test('core.worktree that leads elsewhere is told', async () => {
  const repo = await makeRepository()
  await mkdir(join(repo.parent, 'elsewhere'))
  await repo.git(['config', 'core.worktree', join(repo.parent, 'elsewhere')])
  expect(await say(repo, coreBare)).toEqual([expect.stringMatching(/^warn: core\.worktree is <dir>\/elsewhere/)])
})

test("a config git cannot read fails with git's own words, and names the file", async () => {
  const repo = await makeRepository()
  expect(await say(repo, repository)).toEqual(['ok: <dir>/project, 0 linked worktrees'])
  await writeFile(join(repo.path, '.git/config'), '[core\n', { flag: 'a' })
  const [verdict] = await examine(repo, repository)
  expect(verdict).toMatchObject({ status: 'fail' })
  expect(verdict?.message).toContain('bad config line')
  expect(verdict?.remedy).toContain(join(repo.path, '.git/config'))
})

test('what cannot be found out is a warning and never ok', async () => {
  const repo = await makeRepository()
  await writeFile(join(repo.path, '.git/config'), '[core\n', { flag: 'a' })
  expect(await say(repo, coreBare)).toEqual([expect.stringMatching(/^warn: could not be checked: /)])
})

test('names compared in another way than the config says are a warning', async () => {
  const repo = await makeRepository()
  expect(await say(repo, caseFolding)).toEqual([expect.stringMatching(/^ok: names that differ/)])
  const said = (await repo.git(['config', '--default', 'false', '--get', 'core.ignoreCase'])) === 'true'
  await repo.git(['config', 'core.ignoreCase', String(!said)])
  expect(await examine(repo, caseFolding)).toMatchObject([
    { status: 'warn', remedy: expect.stringContaining(`core.ignoreCase ${said}`) },
  ])
})

test('a repository this git does not understand: nothing that needs git is called ok', async () => {
  const repo = await makeRepository()
  await repo.git(['config', 'extensions.mystery', 'true'])
  await repo.git(['config', 'core.repositoryFormatVersion', '1'])
  expect(await say(repo, repository)).toEqual([expect.stringMatching(/^fail: git does not work in .*mystery$/)])
  for (const check of [repositoryFormat, coreBare, gitSettings, sharedStash]) {
    expect(await say(repo, check)).toEqual([expect.stringMatching(/^warn: could not be checked/)])
  }
})

test('a shallow clone, refs that are not files and unknown extensions are told', async () => {
  const repo = await makeRepository()
  expect(await say(repo, repositoryFormat)).toEqual(['ok: refs in files, objects by sha1'])
  await repo.git(['config', 'extensions.worktreeConfig', 'true'])
  expect(await say(repo, repositoryFormat)).toEqual(['ok: refs in files, objects by sha1, settings for each worktree are on'])
  await repo.git(['config', 'extensions.mystery', 'true'])
  await repo.git(['config', 'extensions.refStorage', 'reftable'])
  await writeFile(join(repo.path, '.git/shallow'), `${await repo.git(['rev-parse', 'HEAD'])}\n`)
  expect(await say(repo, repositoryFormat)).toEqual([
    expect.stringMatching(/^fail: refs are stored as reftable/),
    expect.stringMatching(/^warn: .*extensions\.mystery/),
    expect.stringMatching(/^warn: the clone is shallow/),
  ])
})

test.each([
  ['core.logAllRefUpdates', 'false', 'true'],
  ['gc.worktreePruneExpire', 'now', '3.months.ago'],
  ['gc.worktreePruneExpire', '2.days', '14.days.ago'],
  ['gc.worktreePruneExpire', '30 minutes ago', 'never'],
  ['worktree.guessRemote', 'true', 'false'],
])('%s=%s is a warning, %s is none', async (key, bad, good) => {
  const repo = await makeRepository()
  await repo.git(['config', key, good])
  expect(await say(repo, gitSettings)).toEqual(["ok: git's settings fit"])
  await repo.git(['config', key, bad])
  const [verdict, ...others] = await examine(repo, gitSettings)
  expect(others).toEqual([])
  expect(verdict).toMatchObject({ status: 'warn', remedy: `git config --local --unset ${key}` })
})

test('settings that our own calls set aside are named and no fault', async () => {
  const repo = await makeRepository()
  for (const [key, value] of Object.entries({
    'core.fsmonitor': 'true',
    'status.showUntrackedFiles': 'no',
    'core.fileMode': 'false',
  })) {
    await repo.git(['config', key, value])
  }
  expect(await say(repo, gitSettings)).toEqual([
    "ok: git's settings fit; reckoned with: core.fsmonitor=true, status.showuntrackedfiles=no, core.filemode=false",
  ])
})

test('settings and tools that use the stash all worktrees share are told', async () => {
  const repo = await makeRepository()
  await repo.write('package.json', JSON.stringify({ devDependencies: { eslint: '9' }, scripts: { test: 'x' } }))
  expect(await say(repo, sharedStash)).toEqual(['ok: nothing found that uses the stash all worktrees share'])
  await repo.git(['config', 'rebase.autoStash', 'true'])
  await repo.git(['config', 'merge.autoStash', 'yes'])
  await repo.write('package.json', JSON.stringify({ devDependencies: { 'lint-staged': '15' } }))
  await repo.write('.husky/pre-commit', 'npx lint-staged\n')
  await repo.write('lefthook.yml', 'pre-commit:\n  jobs: []\n')
  expect((await examine(repo, sharedStash)).map(({ status, message }) => [status, message.split(/[ :]/)[0]])).toEqual([
    ['warn', 'rebase.autoStash'],
    ['warn', 'merge.autoStash'],
    ['warn', 'lint-staged'],
    ['warn', 'lefthook'],
  ])
})

test('lint-staged that was told not to stash is no fault', async () => {
  const repo = await makeRepository()
  await repo.write('package.json', JSON.stringify({ devDependencies: { 'lint-staged': '15' } }))
  await repo.write('.husky/pre-commit', 'npx lint-staged --no-stash\n')
  expect(await say(repo, sharedStash)).toEqual([expect.stringMatching(/^ok/)])
})

test.each([
  'index.lock',
  'HEAD.lock',
  'packed-refs.lock',
  'config.lock',
  'shallow.lock',
  'refs/heads/a/b.lock',
  'worktrees/one/index.lock',
])('%s that a killed git left is told with path and age, and left where it is', async (name) => {
  const repo = await makeRepository()
  await repo.git(['worktree', 'add', '-q', '../one'])
  const file = join(repo.path, '.git', name)
  await mkdir(join(file, '..'), { recursive: true })
  await writeFile(file, '')
  // git may be at work on one as young as this
  expect(await say(repo, gitLocks)).toEqual(["ok: none of git's lock files was left behind"])
  await utimes(file, long(7), long(7))
  const [verdict, ...others] = await examine(repo, gitLocks)
  expect(others).toEqual([])
  expect(verdict).toMatchObject({ status: 'warn' })
  expect(verdict?.message).toContain(`${file} is 7 min old`)
  expect(verdict?.remedy).toContain(`rm ${file}`)
  expect(verdict?.repair).toBeUndefined()
  await expect(readFile(file, 'utf8')).resolves.toBe('')
})

test('a lock file that a living git may hold is not offered for removal without a condition', async () => {
  const repo = await makeRepository()
  const file = join(repo.path, '.git/index.lock')
  await writeFile(file, '')
  await utimes(file, long(7), long(7))
  const git = spawn('git', ['hash-object', '--stdin'], { cwd: repo.path, env: repo.env })
  await new Promise((resolve) => git.once('spawn', resolve))
  const [verdict] = await examine(repo, gitLocks)
  expect(verdict).toMatchObject({ status: 'warn', remedy: `once no git works here: rm ${file}` })
  git.stdin.end()
  await new Promise((resolve) => git.once('close', resolve))
})

test('a worktree git was killed over while it made it is told, one it is making is not', async () => {
  const repo = await makeRepository()
  await repo.git(['worktree', 'add', '-q', '../one'])
  const admin = join(repo.path, '.git/worktrees/one')
  expect(await say(repo, halfMadeWorktrees)).toEqual(['ok: no worktree was left half made'])
  await writeFile(join(admin, 'locked'), 'initializing')
  expect(await say(repo, halfMadeWorktrees)).toEqual([expect.stringMatching(/^ok/)])
  await utimes(admin, long(5), long(5))
  expect(await say(repo, halfMadeWorktrees)).toEqual([expect.stringMatching(/^warn: .*still marked as being made/)])
  const empty = join(repo.path, '.git/worktrees/two')
  await mkdir(empty)
  await writeFile(join(empty, 'gitdir'), '/nowhere/.git\n')
  await utimes(empty, long(5), long(5))
  expect(await say(repo, halfMadeWorktrees)).toEqual([
    expect.stringMatching(/^warn: .*one/),
    expect.stringMatching(/^fail: .*two is 5 min old and has no HEAD, no commondir/),
  ])
})
