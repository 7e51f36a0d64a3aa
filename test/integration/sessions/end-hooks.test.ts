import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeEach, describe, expect, it } from 'vitest'
import { abandoning } from '../../../src/sessions/end/end-input.ts'
import { endSession } from '../../../src/sessions/end/end-session.ts'
import { startSession } from '../../../src/sessions/start.ts'
import { type Engine, makeEngine, startInput } from './engine.ts'
import { endByMerge, installHook, startWithCommit } from './end-merging.ts'

let engine: Engine
let session: string
let said: string

/** What a hook says of where it runs: its arguments, the branch, what is staged, what the files are, and what else there is. */
const tell = (name: string): string[] => [
  `exec >> ${JSON.stringify(said)}`,
  `echo "${name} $#:\${2-} on $(git symbolic-ref --short HEAD)"`,
  'echo "staged: $(git diff --cached --name-only HEAD | tr "\\n" " ")"',
  'echo "files: $(ls | tr "\\n" " ")"',
  'echo "changed: $(git diff --name-only | tr "\\n" " ")editor=$GIT_EDITOR merging=$(env | grep -c ^GITHEAD_)$(git rev-parse --quiet --verify MERGE_HEAD >/dev/null && echo " with a head") op=${FLIGHTRULES_OP:+ours}"',
]

beforeEach(async () => {
  engine = await makeEngine()
  said = join(engine.parent, 'said')
  session = await startWithCommit(engine, 'auth')
  await engine.commit('meanwhile', { 'main.txt': 'main\n' })
})

async function heard(): Promise<string[]> {
  return (await readFile(said, 'utf8').catch(() => '')).split('\n').filter((line) => line !== '')
}

/** Everything a refused merge must leave alone, scratch folders included. */
async function state(): Promise<string[]> {
  const own = (await readdir(join(engine.commonDir, 'flightrules'))).filter((name) => name.startsWith('merge-'))
  const status = ['status', '--porcelain=v2', '--branch', '--untracked-files=all']
  return [await engine.git(['for-each-ref']), await engine.git(status), await engine.git(status, session), ...own]
}

describe('hooks see the merge as git would show it', () => {
  it('merge: pre-merge-commit in a checkout of it, those of the message where the base is checked out', async () => {
    for (const name of ['pre-commit', 'pre-merge-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit', 'pre-rebase'])
      await installHook(engine, name, tell(name))
    await endByMerge(engine, 'auth')
    expect(await heard()).toEqual([
      'pre-merge-commit 0: on main',
      'staged: auth.txt ',
      'files: README.md auth.txt main.txt ',
      'changed: editor=: merging=1 op=ours',
      'prepare-commit-msg 2:merge on main',
      'staged: auth.txt ',
      'files: README.md main.txt ',
      'changed: auth.txt editor=: merging=1 with a head op=ours',
      'commit-msg 1: on main',
      'staged: auth.txt ',
      'files: README.md main.txt ',
      'changed: auth.txt editor=: merging=1 with a head op=ours',
    ])
    expect(await engine.git(['status', '--porcelain'])).toBe('')
  })

  it('squash: those of a commit', async () => {
    for (const name of ['pre-commit', 'pre-merge-commit', 'prepare-commit-msg', 'commit-msg', 'post-commit'])
      await installHook(engine, name, [`echo "${name} \${2-}" >> ${JSON.stringify(said)}`])
    await endByMerge(engine, 'auth', { merge: 'squash' })
    expect(await heard()).toEqual(['pre-commit ', 'prepare-commit-msg squash', 'commit-msg ', 'post-commit '])
  })

  it('rebase: the one that may refuse it, in the session; ff-only: none', async () => {
    for (const name of ['pre-commit', 'pre-merge-commit', 'commit-msg', 'pre-rebase'])
      await installHook(engine, name, [`echo "${name} $* in $PWD" >> ${JSON.stringify(said)}`])
    await endByMerge(engine, 'auth', { merge: 'rebase' })
    expect(await heard()).toEqual([`pre-rebase main in ${session}`])
    await engine.git(['config', 'core.hooksPath', '/dev/null'])
    await startWithCommit(engine, 'more')
    await engine.git(['config', '--unset', 'core.hooksPath'])
    await endByMerge(engine, 'more', { merge: 'ff-only' })
    expect(await heard()).toHaveLength(1)
  })
})

describe.each(['merge', 'squash', 'rebase'] as const)('a hook that fails stops %s', (merge) => {
  const hooks = {
    merge: ['pre-merge-commit', 'prepare-commit-msg', 'commit-msg'],
    squash: ['pre-commit', 'prepare-commit-msg', 'commit-msg'],
    rebase: ['pre-rebase'],
  }
  it.each(hooks[merge])('%s, with its words, and everything is as it was', async (name) => {
    await installHook(engine, name, ['touch made-by-hook; git add made-by-hook; echo "not on a sunday" >&2; exit 3'])
    // a rebase has its hook look at the session itself
    if (merge === 'rebase') await installHook(engine, name, ['echo "not on a sunday"; exit 3'])
    if (name.endsWith('commit-msg')) await installHook(engine, name, ['echo rewritten > "$1"; echo "not on a sunday"; exit 3'])
    const before = await state()
    const ending = endByMerge(engine, 'auth', { merge })
    await expect(ending).rejects.toMatchObject({
      kind: 'failed',
      code: 'HOOK_REFUSED',
      message: `the hook ${name} refused to let session auth into main, which is as it was: not on a sunday`,
      details: { hook: join(engine.commonDir, 'hooks', name), status: 3, output: 'not on a sunday' },
    })
    expect(await state()).toEqual(before)
    expect(existsSync(join(engine.path, 'made-by-hook'))).toBe(false)
  })
})

it('a hook may write the message and stage more, and git does with both what it does', async () => {
  await installHook(engine, 'pre-merge-commit', ['printf generated > made.txt; git add made.txt'])
  await installHook(engine, 'prepare-commit-msg', ['printf "\\n\\nTicket: 7\\n\\n\\n" >> "$1"'])
  await installHook(engine, 'commit-msg', ['printf "# not a comment\\n\\tcaf\\351\\n" >> "$1"'])
  await endByMerge(engine, 'auth', { message: 'Merge it' })
  expect(await engine.git(['show', 'main:made.txt'])).toBe('generated')
  expect(await engine.read('made.txt')).toBe('generated')
  expect(await engine.git(['status', '--porcelain'])).toBe('')
  // git takes bytes that are no UTF-8 for Latin-1
  expect(await engine.git(['log', '-1', '--format=%B'])).toBe('Merge it\n\nTicket: 7\n\n# not a comment\n\tcaf\u00e9\n')
})

it.each([
  ['another branch', ['-c', 'other']],
  ['no branch', ['--detach']],
])('the main worktree has %s checked out: hooks are on the base all the same', async (_, how) => {
  await engine.git(['switch', '--quiet', ...how, 'HEAD~1'])
  for (const name of ['pre-merge-commit', 'commit-msg']) await installHook(engine, name, tell(name))
  await endByMerge(engine, 'auth')
  expect((await heard()).filter((line) => !line.startsWith('changed'))).toEqual([
    'pre-merge-commit 0: on main',
    'staged: auth.txt ',
    'files: README.md auth.txt main.txt ',
    'commit-msg 1: on main',
    'staged: auth.txt ',
    'files: README.md ',
  ])
  expect(await engine.git(['status', '--porcelain'])).toBe('')
})

it('there is no main worktree: hooks of the message run in the session, on the base', async () => {
  const bare = join(engine.parent, 'bare.git')
  await engine.git(['clone', '--quiet', '--bare', engine.path, bare])
  const opened = await engine.open(bare)
  const { path } = await startSession(opened.context, { ...startInput, name: 'work', base: 'main' })
  await engine.commit('work', { 'work.txt': 'work\n' }, path)
  for (const name of ['pre-merge-commit', 'commit-msg'])
    await installHook({ commonDir: bare, write: engine.write }, name, tell(name))
  const { context, set } = await engine.open(bare)
  const entry = set.registered.find((one) => one.session.id === 'work')
  if (entry === undefined) throw new Error('it was not started')
  await endSession(context, entry, { ...abandoning, strategy: 'merge' })
  expect((await heard()).filter((line) => !line.startsWith('changed'))).toEqual([
    'pre-merge-commit 0: on main',
    'staged: work.txt ',
    'files: README.md main.txt work.txt ',
    'commit-msg 1: on main',
    'staged: work.txt ',
    'files: README.md main.txt work.txt ',
  ])
  expect(await engine.git(['show', 'main:work.txt'], bare)).toBe('work')
})

it('a message that a hook empties is no message', async () => {
  await installHook(engine, 'commit-msg', ['printf "  \\n\\n" > "$1"'])
  await expect(endByMerge(engine, 'auth')).rejects.toMatchObject({ code: 'HOOK_REFUSED' })
})

it('a hook is asked anew when the base moved while it ran', async () => {
  await installHook(engine, 'pre-merge-commit', [
    `echo "asked: $(ls | tr '\\n' ' ')" >> ${JSON.stringify(said)}`,
    `test "$(wc -l < ${JSON.stringify(said)})" = 2 && exit 0`,
    `unset $(git rev-parse --local-env-vars); cd ${JSON.stringify(engine.path)}`,
    'echo late > late.txt; git add late.txt; git commit --quiet -m late',
  ])
  await endByMerge(engine, 'auth')
  expect(await heard()).toEqual(['asked: README.md auth.txt main.txt ', 'asked: README.md auth.txt late.txt main.txt '])
  expect(await engine.git(['log', '--format=%s', '--first-parent', '-2'])).toMatch(/^Merge session auth .*\nlate$/)
})

it('a base that moves each time is given up, with nothing merged', async () => {
  await installHook(engine, 'pre-merge-commit', [
    `echo asked >> ${JSON.stringify(said)}`,
    `unset $(git rev-parse --local-env-vars); cd ${JSON.stringify(engine.path)}`,
    'git commit --quiet --allow-empty -m late',
  ])
  await expect(endByMerge(engine, 'auth')).rejects.toMatchObject({
    kind: 'busy',
    code: 'BASE_MOVED',
    message: 'main moved 5 times while session auth was being merged into it; the merge was not made',
  })
  expect(await heard()).toHaveLength(5)
  expect(await engine.git(['log', '--format=%s', '-6'])).toBe('late\nlate\nlate\nlate\nlate\nmeanwhile')
  expect((await engine.session('auth')).worktree.path).toBe(session)
})

it("the hooks are those of the worktree that has the base, found as git finds them: husky's folder is relative", async () => {
  await engine.git(['config', 'core.hooksPath', '.hooks/_'])
  await engine.git(['switch', '--quiet', '-c', 'other'])
  const elsewhere = join(engine.parent, 'elsewhere')
  await engine.git(['worktree', 'add', '--quiet', elsewhere, 'main'])
  for (const [where, word] of [
    [engine.path, 'wrong'],
    [elsewhere, 'right'],
  ] as const) {
    await engine.write(join(where, '.hooks/_/pre-merge-commit'), `#!/bin/sh\necho ${word} >> ${JSON.stringify(said)}\n`)
    await engine.git(['update-index', '--add', '--chmod=+x', '.hooks/_/pre-merge-commit'], where)
    await engine.git(['checkout-index', '--force', '.hooks/_/pre-merge-commit'], where)
    await engine.git(['rm', '--quiet', '--cached', '.hooks/_/pre-merge-commit'], where)
  }
  await endByMerge(engine, 'auth')
  expect(await heard()).toEqual(['right'])
})

it('a hook that wants messages in a way of its own: the log is committed with the words that were given, and without them it is said how', async () => {
  const logged = await makeEngine({ config: { sessionLog: { dir: 'log' } } })
  const { path } = await logged.start('auth')
  await logged.write(join(path, 'auth.txt'), 'auth\n')
  await installHook(logged, 'commit-msg', ['grep -q "^\\[T-" "$1" || { echo "no ticket" >&2; exit 1; }'])
  const input = { commit: '[T-1] auth', message: '[T-2] merge' } as const
  await logged.git(['add', 'auth.txt'], path)
  await logged.git(['commit', '--quiet', '--message', '[T-1] auth'], path)
  await expect(endByMerge(logged, 'auth', { message: input.message })).rejects.toMatchObject({
    code: 'COMMIT_FAILED',
    hint: 'to commit the log with words of yours: flightrules end auth --commit "<message>"',
  })
  await endByMerge(logged, 'auth', input)
  expect(await logged.git(['log', '--format=%s', '--no-merges', '-2', '--', 'log'])).toBe('[T-1] auth')
  expect(await logged.git(['log', '--format=%s', '-1'])).toBe('[T-2] merge')
})

it('a hook that puts a ticket and a trailer to every message: completing the log is still nobody’s work in a squash', async () => {
  const logged = await makeEngine({ config: { sessionLog: { dir: 'log' } } })
  await installHook(logged, 'commit-msg', [
    '{ printf "[T-1] "; cat "$1"; printf "\\nReviewed: no\\n"; } > "$1.new"; mv "$1.new" "$1"',
  ])
  const { path } = await logged.start('auth', { goals: ['Add the login'] })
  await logged.write(join(path, 'auth.txt'), 'auth\n')
  await logged.git(['add', 'auth.txt'], path)
  await logged.git(['commit', '--quiet', '--message', 'auth', '--author', 'Ann <ann@example.invalid>'], path)
  await endByMerge(logged, 'auth', { merge: 'squash' })
  const [author, ...message] = (await logged.git(['log', '-1', '--format=%an%n%B'])).split('\n')
  expect(author).toBe('Ann')
  expect(message.join('\n')).not.toContain('session log of')
  expect(message.join('\n')).not.toContain('Co-authored-by')
})
