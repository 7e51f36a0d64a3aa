import { spawn } from 'node:child_process'
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { makeProject } from '../support/flightrules-project.ts'
import { packedPackage } from '../support/packed-package.ts'
import { stabilize } from '../support/snapshot-run.ts'

test.concurrent('--json tells each session as the contract says, from anywhere in the repository', async () => {
  const project = await makeProject({ config: { ports: { PORT: 51000 } } })
  const { session } = await project.start('auth', '--goal', 'Refactor auth')
  const path = project.session('auth')
  await project.commit('one', { 'a.txt': 'a\nb\n' }, path)
  await project.commit('two', { 'b.txt': 'b\n' }, path)
  await project.commit('in main', { 'm.txt': 'm\n' })
  await project.write(join(path, 'a.txt'), 'a\nb\nc\n')
  await project.write(join(path, 'staged.txt'), 's\n')
  await project.git(['add', 'staged.txt'], path)
  await project.write(join(path, 'new.txt'), 'n\n')
  await mkdir(join(path, 'sub/dir'), { recursive: true })

  const report = await project.status()
  expect(report).toEqual({
    sessionsDir: project.session('.'),
    main: { path: project.path, branch: 'main', clean: true },
    sessions: [
      {
        ...session,
        path,
        states: ['active'],
        changes: { staged: 1, modified: 1, untracked: 1, insertions: 2, deletions: 0 },
        ahead: 2,
        behind: 1,
        touch: [],
        overlaps: [],
        conflicts: [],
        lastActivityAt: expect.stringMatching(/^\d{4}-.*Z$/),
        live: [{ source: 'files', detail: expect.stringMatching(/ changed at \d{4}-.*Z$/) }],
      },
    ],
  })
  expect(await project.status(join(path, 'sub/dir'))).toEqual(report)
  expect(await project.status(join(project.path, '.git'))).toEqual(report)
})

test.concurrent('what a session may be in: orphaned, detached, merged, kept, setup failed, stale', async () => {
  const project = await makeProject({ config: { postCreateHook: '[ "$FLIGHTRULES_SESSION" != broken ]', stale: { behind: 2 } } })
  for (const id of ['gone', 'loose', 'done', 'kept', 'old']) await project.start(id)
  await project.git(['worktree', 'add', '-q', '--detach', join(project.parent, 'nameless')])
  await project.cli(['start', 'broken'])
  await rm(project.session('gone'), { recursive: true })
  await project.git(['checkout', '-q', '--detach'], project.session('loose'))
  await project.commit('kept', { 'k.txt': 'k\n' }, project.session('kept'))
  const kept = await project.cli(['end', 'kept', '--strategy', 'keep', '--keep-worktree'])
  expect(kept.status).toBe(0)
  await project.commit('work', { 'd.txt': 'd\n' }, project.session('done'))
  await project.git(['-c', 'core.hooksPath=/dev/null', 'merge', '-q', '--no-ff', '-m', 'merge', 'session/done'])

  const { sessions } = await project.status()
  const states = Object.fromEntries(sessions.map((session) => [session.id, session.states]))
  expect(states).toEqual({
    gone: ['orphaned'],
    loose: ['detached', 'stale'],
    nameless: ['detached', 'stale'],
    done: ['merged'],
    kept: expect.arrayContaining(['kept']),
    old: ['stale'],
    broken: ['setup failed', 'stale'],
  })
  const { stderr } = await project.cli(['status'])
  expect(stderr).toContain('old (2 commits behind main)')
  expect(stderr).not.toMatch(/stale: .*done/)
})

test.concurrent('conflicts with the base and with each other are told, work that is not committed included', async () => {
  const project = await makeProject({ files: { 'shared.txt': 'one\n', 'other.txt': 'one\n' } })
  await project.start('a')
  await project.start('b')
  await project.commit('a', { 'shared.txt': 'a\n', 'other.txt': 'a\n' }, project.session('a'))
  await project.write(join(project.session('b'), 'other.txt'), 'b\n')
  await project.commit('main', { 'shared.txt': 'main\n' })
  const [a, b] = (await project.status()).sessions
  const withB = { with: 'b', paths: ['other.txt'] }
  const withMain = { with: 'base:main', paths: ['shared.txt'] }
  expect([a?.conflicts, a?.overlaps]).toEqual([
    [withB, withMain],
    [withB, withMain],
  ])
  expect([b?.conflicts, b?.overlaps]).toEqual([[{ with: 'a', paths: ['other.txt'] }], [{ with: 'a', paths: ['other.txt'] }]])
  // the same lines in both: still two who work on one file, and nothing to settle
  await project.write(join(project.session('b'), 'other.txt'), 'a\n')
  const [, after] = (await project.status()).sessions
  expect([after?.conflicts, after?.overlaps]).toEqual([[], [{ with: 'a', paths: ['other.txt'] }]])
  expect((await project.cli(['status'])).stdout).toContain('main: shared.txt, ~b: other.txt')
})

test.concurrent('the table has a row for each session, the main directory, and how to go from one to another', async ({
  expect,
}) => {
  const project = await makeProject({ config: { ports: { PORT: { from: 51500, to: 51599 } } } })
  await project.start('auth', '--goal', 'Refactor authentication')
  await project.start('docs')
  await project.write(join(project.session('docs'), 'new.txt'), 'n\n')
  await project.commit('work', { 'a.txt': 'a\n' }, project.session('auth'))
  const { stdout, stderr, status } = await project.cli(['status'])
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(
    stabilize(stdout, { [project.path]: '<main>' })
      .replaceAll(/\b515\d\d\b/g, '<port>')
      .replaceAll(/(?<=\S) {2,}/g, '  '),
  ).toMatchInlineSnapshot(`
    "Session  Branch  Started  Changes  Base  Ports  State  Goals
    auth  session/auth  <ago>  clean  main +1  <port>  active  Refactor authentication
    docs  session/docs  <ago>  1 new  main  <port>  active (files)

    Main directory: <main> (main, clean)

    Switch:
      cd "$(flightrules path auth)"
    "
  `)
})

test.concurrent('without sessions it says how to start one', async ({ expect }) => {
  const project = await makeProject()
  const { stdout } = await project.cli(['status'])
  expect(stdout.replaceAll(project.path, '<main>')).toMatchInlineSnapshot(`
    "No sessions.

    Main directory: <main> (main, clean)

    Start one:
      flightrules start <name> --goal "<what it is for>"
    "
  `)
})

test.concurrent('--watch without a terminal prints one table after the other until it is stopped', async () => {
  const project = await makeProject()
  await project.start('a')
  const args = [join(packedPackage(), 'dist/cli.cjs'), 'status', '--watch', '--interval', '1']
  const child = spawn(process.execPath, args, { cwd: project.path, env: project.env, stdio: ['ignore', 'pipe', 'pipe'] })
  let stdout = ''
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text: string) => void (stderr += text))
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    stdout += text
    if (stdout.split('Main directory').length === 3) child.kill('SIGINT')
  })
  const status = await new Promise((resolve) => child.on('close', resolve))
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' })
  expect(stdout).not.toContain('\u001b')
})

test.concurrent('--watch with --json answers once', async () => {
  const project = await makeProject()
  await project.start('a')
  const { status, json } = await project.json(['status', '--watch'])
  expect({ status, command: json.command }).toEqual({ status: 0, command: 'status' })
  expect(json.data).toMatchObject({ sessions: [{ id: 'a' }] })
})
