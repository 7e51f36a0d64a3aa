import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { makeProject, type TestProject } from '../support/flightrules-project.ts'
import { runCli } from '../support/run-cli.ts'
import { runGit } from '../support/run-git.ts'
import { branchesOf, commitWork, startWithWork } from '../support/session-work.ts'

/** A process that is in a directory until the test is over. */
async function stayIn(directory: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, ['-e', "console.log('here'); setInterval(() => {}, 60_000)"], {
    cwd: directory,
    stdio: ['ignore', 'pipe', 'ignore'],
  })
  await once(child.stdout, 'data')
  return child
}

async function expectSpared(project: TestProject, id: string): Promise<void> {
  expect(existsSync(project.session(id))).toBe(true)
  expect(await branchesOf(project)).toContain(`session/${id}`)
  expect((await project.status()).sessions.map((entry) => entry.id)).toContain(id)
}

describe.concurrent('post-merge spares, without a word, a session', () => {
  test('without commits of its own', async () => {
    const project = await makeProject({ remote: true })
    await project.start('fresh')
    await project.git(['switch', '--quiet', '-c', 'side'])
    await commitWork(project, project.path, 'side', { 'side.txt': 'x' })
    await project.git(['switch', '--quiet', 'main'])
    for (const args of [
      ['merge', '--quiet', '--ff-only', 'side'],
      ['merge', '--quiet', '--no-ff', '-m', 'again', 'HEAD@{1}'],
    ]) {
      expect((await runGit(project, args)).stderr).toBe('')
    }
    await expectSpared(project, 'fresh')
  })

  test.for([
    ['merge --ff-only', ['merge', '--quiet', '--ff-only', 'main']],
    ['pull', ['pull', '--quiet', 'origin', 'main']],
    ['pull --rebase', ['pull', '--quiet', '--rebase', 'origin', 'main']],
    ['rebase', ['rebase', '--quiet', 'main']],
    ['reset', ['reset', '--quiet', '--hard', 'main']],
  ] as const)('that only came along with its base by %s', async ([, args]) => {
    const project = await makeProject({ remote: true })
    const { path } = await project.start('fresh')
    await commitWork(project, project.path, 'meanwhile', { 'other.txt': 'x' })
    await project.git(['push', '--quiet', 'origin', 'main'])
    expect((await runGit(project, args, path)).status).toBe(0)
    expect(await project.git(['rev-parse', 'HEAD'], path)).toBe(await project.git(['rev-parse', 'main']))
    await project.git(['switch', '--quiet', '-c', 'side'])
    await commitWork(project, project.path, 'side', { 'side.txt': 'x' })
    await project.git(['switch', '--quiet', 'main'])
    expect((await runGit(project, ['merge', '--quiet', 'side'])).stderr).toBe('')
    await expectSpared(project, 'fresh')
  })

  test('whose commits are not all in its base', async () => {
    const project = await makeProject()
    const session = await startWithWork(project, 'auth')
    await commitWork(project, session, 'second', { 'second.txt': 'x' })
    await project.git(['branch', 'half', 'session/auth~1'])
    expect((await runGit(project, ['merge', '--quiet', 'half'])).stderr).toBe('')
    await expectSpared(project, 'auth')
  })

  test('that is merged into something else than its base', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    const { path } = await project.start('other')
    expect((await runGit(project, ['merge', '--quiet', 'session/auth'], path)).stderr).toBe('')
    await expectSpared(project, 'auth')
    await expectSpared(project, 'other')
  })

  test('that works on its base itself', async () => {
    const project = await makeProject()
    await project.git(['switch', '--quiet', '-c', 'other'])
    const elsewhere = join(project.parent, 'elsewhere')
    await project.git(['worktree', 'add', '--quiet', elsewhere, 'main'])
    await commitWork(project, elsewhere, 'on main', { 'main.txt': 'x' })
    expect((await runGit(project, ['merge', '--quiet', '--no-edit', 'main'])).stderr).toBe('')
    expect(existsSync(elsewhere)).toBe(true)
    expect(await branchesOf(project)).toEqual(['main', 'other'])
  })

  test('whose squash is not committed yet', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    expect((await runGit(project, ['merge', '--quiet', '--squash', 'session/auth'])).stderr).toBe('')
    await expectSpared(project, 'auth')
  })
})

describe.concurrent('post-merge names, with the reason, a merged session', () => {
  const said = (id: string, why: string): string =>
    `flightrules: ${id} is in main now and was left: ${why}. When it is done with: flightrules end ${id} --strategy merge\n`

  test.for([
    ['modified', 'auth.txt'],
    ['untracked', 'draft.txt'],
  ] as const)('with uncommitted work: %s', async ([, name]) => {
    const project = await makeProject()
    const session = await startWithWork(project, 'auth')
    await project.write(join(session, name), 'more')
    expect((await runGit(project, ['merge', '--quiet', 'session/auth'])).stderr).toBe(
      said('auth', `it has uncommitted changes: ${name}`),
    )
    await expectSpared(project, 'auth')
  })

  test('in the middle of a rebase', async () => {
    const project = await makeProject()
    const session = await startWithWork(project, 'auth')
    await runGit(project, ['merge', '--quiet', '--no-ff', '-m', 'merged', 'session/auth'], project.path, {
      FLIGHTRULES_SKIP: 'post-merge',
    })
    expect((await runGit(project, ['rebase', '--exec', 'false', 'HEAD~1'], session)).status).toBe(1)
    await project.git(['switch', '--quiet', '-c', 'side'])
    await commitWork(project, project.path, 'side', { 'side.txt': 'x' })
    await project.git(['switch', '--quiet', 'main'])
    expect((await runGit(project, ['merge', '--quiet', 'side'])).stderr).toBe(said('auth', 'a rebase is in progress there'))
    await expectSpared(project, 'auth')
  })

  test.skipIf(!existsSync('/proc/self'))('that a process is in', async () => {
    const project = await makeProject()
    const session = await startWithWork(project, 'auth')
    await mkdir(join(session, 'node_modules'))
    const child = await stayIn(join(session, 'node_modules'))
    onTestFinished(() => void child.kill())
    const { stderr } = await runGit(project, ['merge', '--quiet', 'session/auth'])
    expect(stderr).toMatch(/^flightrules: auth is in main now and was left: .+ \(process \d+\) is in it\. When it is done with: /)
    expect(stderr).toContain(`(process ${String(child.pid)})`)
    await expectSpared(project, 'auth')
  })

  test.for([
    [
      'another tool holds a lock on',
      async (project: TestProject, path: string) => {
        await project.git(['worktree', 'unlock', path])
        await project.git(['worktree', 'lock', '--reason', 'claude agent 77 (pid 4711)', path])
      },
      'somebody else has locked it: claude agent 77 (pid 4711)',
    ],
    [
      'an agent was heard from in',
      async (project: TestProject, path: string) => {
        const input = JSON.stringify({ session_id: 's', cwd: path, hook_event_name: 'SubagentStop' })
        await runCli(['agent', 'subagent-stop'], { cwd: path, env: project.env, input })
      },
      expect.stringMatching(/^an agent is at work in it, last heard of at \d{4}-/),
    ],
  ] as const)('that %s, and so does cleanup', async ([, enliven, why]) => {
    const project = await makeProject()
    const session = await startWithWork(project, 'auth')
    await enliven(project, session)
    const { stderr } = await runGit(project, ['merge', '--quiet', 'session/auth'])
    expect(/was left: (.*)\. When it is done with/.exec(stderr)?.[1]).toEqual(why)
    for (const [flags, ends] of [
      [[], 0],
      [['--id', 'auth'], 3],
    ] as const) {
      const { status, json } = await project.json(['cleanup', ...flags])
      expect([status, json.data['items']]).toMatchObject([ends, [{ id: 'auth', kind: 'merged', done: false, decides: null }]])
    }
    await expectSpared(project, 'auth')
  })

  test('that the merge was typed in', async () => {
    const project = await makeProject()
    const session = await startWithWork(project, 'auth')
    await runGit(project, ['merge', '--quiet', '--no-ff', '-m', 'merged', 'session/auth'], project.path, {
      FLIGHTRULES_SKIP: 'post-merge',
    })
    const { status, stderr } = await runGit(project, ['merge', '--quiet', 'main'], session)
    expect([status, stderr]).toEqual([0, said('auth', 'this command runs in it')])
    expect(await project.git(['rev-parse', '--show-toplevel'], session)).toBe(session)
    await expectSpared(project, 'auth')
  })

  test('that was ended with the wish to keep it', async () => {
    const project = await makeProject()
    await startWithWork(project, 'auth')
    await project.cli(['end', 'auth', '--strategy', 'keep'])
    expect((await runGit(project, ['merge', '--quiet', 'session/auth'])).stderr).toBe(
      said('auth', 'it was ended with the wish to keep it'),
    )
    await expectSpared(project, 'auth')
  })
})

describe.concurrent('a merge inside a session', () => {
  test('of its base is noted as its last sync', async () => {
    const project = await makeProject()
    const session = await startWithWork(project, 'auth')
    await commitWork(project, project.path, 'meanwhile', { 'other.txt': 'x' })
    expect((await project.status()).sessions[0]?.lastSyncedAt).toBeNull()
    expect((await runGit(project, ['merge', '--quiet', '--no-edit', 'main'], session)).stderr).toBe('')
    expect((await project.status()).sessions[0]?.lastSyncedAt).toMatch(/^\d{4}-\d\d-\d\dT/)
  })

  test('of something else is not', async () => {
    const project = await makeProject()
    const session = await startWithWork(project, 'auth')
    await startWithWork(project, 'other')
    await commitWork(project, project.path, 'meanwhile', { 'x.txt': 'x' })
    await runGit(project, ['merge', '--quiet', '--no-edit', 'session/other'], session)
    expect((await project.status()).sessions.map(({ lastSyncedAt }) => lastSyncedAt)).toEqual([null, null])
  })
})
